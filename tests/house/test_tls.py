"""The recipe for TLS in docs/install.md, tried as it stands there: Caddy before what listens on loopback."""

import contextlib
import http.client
import os
import re
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from gate.http_source import HttpSource
from shared.roles import Role
from shared.table_reader import Address
from tests.browser.conftest import furnished, shop, start_till  # noqa: F401 - fixtures
from tests.browser.counter import PIN, Counter
from tests.browser.test_look import PHONE
from tests.gate.following import following, token_file
from tests.gate.screen.watched import Watched, alarmed, incident, status
from tests.servers.waiting import wait_until
from tests.shop import Shop

pytestmark = pytest.mark.browser

HOUSE = Path(__file__).parents[2]
CADDY = HOUSE / "build/caddy/usr/bin/caddy"
ANYBODY = ssl._create_unverified_context()  # noqa: S323 - the certificate is the test's own
# Not a part of the recipe: the test's own folder and port, and no certificate for the machine that runs the tests.
AROUND = "{{\n admin off\n skip_install_trust\n auto_https disable_redirects\n storage file_system {folder}\n}}\n"


def recipe(name: str) -> str:
    """The Caddyfile of the documentation for the machine of this name."""
    found = re.search(rf"```caddy\n({name} .*?)```", (HOUSE / "docs/install.md").read_text(), re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def counter(shop: Shop, start_till: Callable[..., Counter]) -> Counter:  # noqa: F811 - the fixtures
    return start_till(shop)


@contextlib.contextmanager
def caddy(folder: Path, text: str) -> Iterator[None]:
    """Run Caddy by this Caddyfile."""
    file = folder / "Caddyfile"
    file.write_text(AROUND.format(folder=folder / "caddy") + text)
    command = ["setpriv", "--pdeathsig", "KILL", "--", str(CADDY), "run"]
    command += ["--config", str(file), "--adapter", "caddyfile"]
    with (folder / "caddy.log").open("wb") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | {"HOME": str(folder)})
        try:
            yield
        finally:
            running.terminate()
            running.wait(10)


@pytest.fixture
def before(free_port: Callable[[], int], tmp_path: Path) -> Iterator[Callable[[str, str, str], str]]:
    """Start Caddy by a name's recipe, before this address in place of the recipe's; gives where it listens."""
    with contextlib.ExitStack() as stack:

        def started(name: str, written: str, address: str) -> str:
            port, text = free_port(), recipe(name)
            assert written in text
            text = text.replace(name, f"localhost:{port}").replace(written, address)
            stack.enter_context(caddy(tmp_path, text))
            wait_until(lambda: speaks_tls(port), f"Caddy has its certificate; its log: {tmp_path}/caddy.log", 20)
            return f"https://localhost:{port}"

        yield started


@pytest.fixture
def address(counter: Counter, before: Callable[[str, str, str], str]) -> str:
    """Start Caddy before the till, and give its address."""
    return before("till.lan", "127.0.0.1:8080", counter.address.removeprefix("http://"))


def speaks_tls(port: int) -> bool:
    """Whether a certificate is shown there; Caddy listens before it has one."""
    try:
        with contextlib.closing(http.client.HTTPSConnection("localhost", port, timeout=5, context=ANYBODY)) as line:
            line.connect()
    except OSError:
        return False
    return True


def test_the_till_is_used_over_tls_by_the_recipe(address: str, counter: Counter, browser: Browser) -> None:
    context = browser.new_context(ignore_https_errors=True, locale="en-GB")
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_role("radio", name="Sari").focus()
    page.keyboard.press("Space")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-ready]")
    (cookie,) = [one for one in context.cookies() if one["name"] == "lunas_till"]
    assert cookie["secure"]
    page.locator("#typed").fill("SHOE-0001")
    page.keyboard.press("Enter")
    expect(page.locator("#cart tr[data-line]")).to_have_count(1)
    context.close()


def test_without_tls_the_cookie_works_on_this_machine_only(counter: Counter) -> None:
    page = counter.sign_in("Sari")
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "lunas_till"]
    assert not cookie["secure"]


def test_a_gate_follows_the_till_over_tls_by_the_recipe(address: str, counter: Counter, tmp_path: Path) -> None:
    (certificate,) = (tmp_path / "caddy").rglob("root.crt")
    token_file(tmp_path, "gate-1", counter.shop.token(Role.GATE, "gate-1"))
    plain = following(Address("localhost", urlsplit(address).port or 0), tmp_path, "gate-1")
    with contextlib.closing(HttpSource(replace(plain, is_tls=True, ca_file=certificate), "gate-1")) as source:
        source.introduce(armed=False, policy={})
        with source.copy() as copy:
            assert len(list(copy.products)) == counter.shop.count("product")
            assert len(list(copy.items)) == counter.shop.count("item")
            assert list(copy.codes)
        _, heads = source.heads()
        assert heads == copy.heads


def test_the_guards_phone_has_the_gates_screen_over_tls_by_the_recipe(
    before: Callable[[str, str, str], str], free_port: Callable[[], int], browser: Browser
) -> None:
    with Watched(free_port()) as watched:
        context = browser.new_context(
            ignore_https_errors=True,
            locale="id-ID",
            viewport={"width": PHONE[0], "height": PHONE[1]},
            has_touch=True,
            is_mobile=True,
        )
        page = context.new_page()
        page.goto(before("gate.lan", "127.0.0.1:8081", watched.address))
        expect(page.locator("#word")).to_have_text("Memantau")
        watched.show(lambda: status(alarm=incident(alarmed())))
        page.get_by_role("button", name="Matikan sirene").tap()
        wait_until(lambda: watched.pressed == [{"do": "silence"}], "the daemon hears it once")
        context.close()
