"""Whatever answers in place of a till's server: the gate says plainly what is wrong, and takes it for no answer."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from gate.http_source import HttpSource
from shared.database import DatabaseError, DatabaseGoneError
from shared.gate_wire import content_digest
from shared.roles import Role
from shared.secret_file import read_token
from shared.settings import SettingsError
from shared.table_reader import Address
from tests.gate.following import following, token_file
from tests.servers.canned import answering
from tests.servers.certificate import own_certificate
from tests.servers.till_thread import serving
from tests.shop import Shop
from tests.shops import on_sqlite

TOKEN = "lunas_0123456789abcdef"
HEADS = json.dumps({"epoch": "e", "heads": []}).encode()
GOOD = {"Content-Type": "application/json", "Content-Digest": content_digest(HEADS)}


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Callable[[Address], HttpSource]]:
    """Give a function that makes the source of a gate which follows what is at an address."""
    token_file(tmp_path, "gate-1", TOKEN)
    made: list[HttpSource] = []

    def make(address: Address) -> HttpSource:
        made.append(HttpSource(following(address, tmp_path, "gate-1"), "gate-1"))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize(
    ("status", "headers", "body", "said"),
    [
        (200, {"Content-Type": "text/html"}, b"<h1>Welcome to the hotel</h1>", "as no till's server does"),
        (200, {"Content-Type": "application/json"}, HEADS, "as no till's server does"),
        (200, GOOD | {"Content-Digest": content_digest(b"[]")}, b"[]", "expected what a till's server tells"),
        (200, GOOD | {"Content-Digest": content_digest(b"{")}, b"{", "as no till's server does"),
        (200, GOOD, HEADS.replace(b"e", b"f"), "changed on its way"),
        (302, {"Location": "https://example.org/", "Content-Type": "text/html"}, b"", "sends the gate elsewhere"),
        (308, {"Location": "/login", "Content-Type": "application/json"}, b"{}", "answers 308"),
        (404, {"Content-Type": "text/html"}, b"", "as no till's server does"),
        (404, {"Content-Type": "application/problem+json"}, b"{}", "knows nothing of gates"),
        (502, {"Content-Type": "text/plain"}, b"Bad Gateway", "as no till's server does"),
        (500, {"Content-Type": "application/problem+json"}, b'{"detail":"a\\nb"}', "answers 500: ab"),
    ],
)
def test_what_is_no_till_s_server_is_said_to_be_none(
    source: Callable[[Address], HttpSource], status: int, headers: Mapping[str, str], body: bytes, said: str
) -> None:
    with answering(status, headers, body) as server:
        asker = source(server.address)
        with pytest.raises(DatabaseError) as fault:
            asker.heads()
        assert said in str(fault.value)
        assert TOKEN not in str(fault.value)
        assert server.asked == ["/api/v1/gates/gate-1/heads"]
        with pytest.raises(DatabaseError), asker.copy():
            pass


@on_sqlite
def test_a_token_that_nobody_holds_and_another_gate_s_are_told_apart(shop: Shop, tmp_path: Path) -> None:
    with serving(shop, tmp_path) as address:
        for token, said in (("lunas_x", "nobody holds this token"), (shop.token(Role.GATE, "gate-2"), "'gate-2'")):
            token_file(tmp_path, "gate-1", token)
            with closing(HttpSource(following(address, tmp_path, "gate-1"), "gate-1")) as source:
                with pytest.raises(DatabaseError, match="refuses the gate's token") as fault:
                    source.introduce(armed=False, policy={})
                assert said in str(fault.value)
                assert token not in str(fault.value)


@on_sqlite
def test_a_till_of_another_version_is_said_to_be_one(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token_file(tmp_path, "gate-1", shop.token(Role.GATE, "gate-1"))
    monkeypatch.setattr("gate.till_link.SCHEMA", "0000")
    with (
        serving(shop, tmp_path) as address,
        closing(HttpSource(following(address, tmp_path, "gate-1"), "gate-1")) as source,
        pytest.raises(DatabaseGoneError, match="Install the same version of Lunas on both"),
    ):
        source.heads()


def test_nobody_at_the_address_is_a_database_that_is_gone(source: Callable[[Address], HttpSource]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = Address("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(DatabaseGoneError, match="does not answer"):
        source(address).heads()


@pytest.mark.parametrize("noise", [b"", b"\x00" * 50, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", b"SSH-2.0\r\n"])
def test_noise_is_a_database_that_is_gone(source: Callable[[Address], HttpSource], noise: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        asker = source(Address("127.0.0.1", listener.getsockname()[1]))

        thread = threading.Thread(target=_say, args=(listener, noise))
        thread.start()
        with pytest.raises(DatabaseGoneError):
            asker.heads()
        thread.join()


def _say(listener: socket.socket, noise: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(noise)


@on_sqlite
def test_a_connection_that_the_till_closed_meanwhile_is_no_fault(shop: Shop, tmp_path: Path) -> None:
    token_file(tmp_path, "gate-1", shop.token(Role.GATE, "gate-1"))
    with serving(shop, tmp_path) as address:
        source = HttpSource(following(address, tmp_path, "gate-1"), "gate-1")
        first = source.heads()
        (kept,) = source._link._idle
        kept.sock.shutdown(socket.SHUT_RDWR)
        assert source.heads() == first
        source.close()


def test_a_certificate_of_the_shop_s_own_is_trusted_once_the_settings_name_it(tmp_path: Path) -> None:
    certificate, tls = own_certificate(tmp_path)
    token_file(tmp_path, "gate-1", TOKEN)
    with answering(200, GOOD, HEADS, tls) as server:
        plain = replace(following(server.address, tmp_path, "gate-1"), is_tls=True)
        with closing(HttpSource(plain, "gate-1")) as stranger, pytest.raises(DatabaseError, match="ca_file") as fault:
            stranger.heads()
        assert "self-signed certificate" in str(fault.value)
        with closing(HttpSource(replace(plain, ca_file=certificate), "gate-1")) as source:
            assert source.heads() == ("e", {})
        elsewhere = replace(plain, ca_file=certificate, address=Address("127.0.0.1", server.server_port))
        with closing(HttpSource(elsewhere, "gate-1")) as source, pytest.raises(DatabaseError, match="not trusted"):
            source.heads()


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_certificate_that_is_none_is_a_mistake_of_the_settings(tmp_path: Path, content: str | None) -> None:
    token_file(tmp_path, "gate-1", TOKEN)
    if content:
        (tmp_path / "ca.crt").write_text(content)
    chosen = replace(following(Address("localhost", 1), tmp_path, "gate-1"), is_tls=True, ca_file=tmp_path / "ca.crt")
    with pytest.raises(SettingsError, match=r"gate\.ca_file"):
        HttpSource(chosen, "gate-1")


def test_the_token_is_read_from_a_file_that_nobody_else_may_read(tmp_path: Path) -> None:
    file = token_file(tmp_path, "gate-1", TOKEN)
    assert read_token(file) == TOKEN
    file.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        read_token(file)


@pytest.mark.parametrize("content", ["", "\n", "two words", "x" * 300, "é", "a\nb"])
def test_a_file_without_a_token_is_a_mistake_of_the_settings(tmp_path: Path, content: str) -> None:
    with pytest.raises(SettingsError, match="lunas token add") as wrong:
        read_token(token_file(tmp_path, "gate-1", content))
    assert not content.strip() or content.strip() not in str(wrong.value).replace(str(tmp_path), "")


def test_a_token_s_file_that_is_missing_is_a_mistake_of_the_settings(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_token(tmp_path / "none")
