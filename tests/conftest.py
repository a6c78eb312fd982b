"""What many tests stand on: databases, a browser, the `lunas` command as a process."""

import os
import random
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, sync_playwright
from werkzeug.security import generate_password_hash

from shared import staff
from tests.servers.chromium import EXECUTABLE, FLAGS, PageOpener
from tests.servers.postgres import PostgresCluster
from tests.servers.program import ForkedProgram, Program

# How long an example takes says more about the machine than about the shop.
settings.register_profile("shop", deadline=None, print_blob=True)
settings.load_profile("shop")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each worker begin with its share of the long tests, lest one of them be what all wait for in the end.

    Each begins with a part of the list, in its order (pytest-xdist, `worksteal`).
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.get_closest_marker("long")]
    short = [item for item in items if not item.get_closest_marker("long")]
    part = -(-len(short) // workers)
    shares = [long[worker::workers] + short[worker * part : (worker + 1) * part] for worker in range(workers)]
    items[:] = [item for share in shares for item in share]


@pytest.fixture(scope="session", autouse=True)
def quick_pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compile each template once for all of this worker's applications, and hash its people's PINs quickly.

    A hash says how slow it is, so whoever signs in is checked as quickly. For real ones: tests/shared/test_staff.py.
    """
    compiled = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": compiled})
        patch.setattr(staff, "generate_password_hash", partial(generate_password_hash, method="scrypt:256:8:1"))
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresCluster]:
    """Run a cluster that this worker's tests share: create databases in it, and leave the server alone."""
    cluster = PostgresCluster()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture
def own_postgres() -> Iterator[PostgresCluster]:
    """Run a durable cluster for one test, which may stop, start and kill it."""
    cluster = PostgresCluster(durable=True)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Name a SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'shop.db'}"


@pytest.fixture
def postgresql_url(postgres: PostgresCluster) -> Iterator[str]:
    """Make an empty PostgreSQL database."""
    url = postgres.create_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Make an empty database; the test runs once on each engine."""
    url = request.getfixturevalue(f"{request.param}_url")
    assert isinstance(url, str)
    return url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run one Chromium for all of this worker's tests."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(
    browser: Browser, start_program: Callable[..., Program], start_fork: Callable[..., Program]
) -> Iterator[PageOpener]:
    """Open pages; the test fails for any console error, script error, lost file or request that leaves the machine.

    They are closed before the programs end that they ask.
    """
    opener = PageOpener(browser)
    yield opener
    opener.close()
    assert not opener.faults()


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Give a function that names a TCP port on loopback which nobody listens at."""
    return unused_port


@pytest.fixture
def start_program(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Give a function that starts `lunas` with the given arguments; whatever still runs at the end is killed."""
    with _starting(Program, tmp_path) as start:
        yield start


@pytest.fixture
def start_fork(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Do the same with a fork, for tests to which the start of a program of its own adds nothing but a second."""
    with _starting(ForkedProgram, tmp_path) as start:
        yield start


@contextmanager
def _starting(kind: type[Program], folder: Path) -> Iterator[Callable[..., Program]]:
    programs: list[Program] = []

    def start(*arguments: str, **more: Any) -> Program:
        programs.append(kind(*arguments, log=folder / f"{kind.__name__}-{len(programs) + 1}.log", **more))
        return programs[-1]

    yield start
    for program in programs:
        program.kill()
        print(f"--- {program}\n{program.output}")  # noqa: T201 - pytest shows it beside a failure


def unused_port() -> int:
    """Find a port below those that the system gives to outgoing connections, of which one might meet itself there."""
    while True:
        port = random.randrange(12_000, 32_000)
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
