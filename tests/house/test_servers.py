"""The tests' own servers keep their word."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser

from tests.servers.chromium import PageOpener
from tests.servers.postgres import PostgresCluster
from tests.servers.program import Program, health
from tests.servers.waiting import wait_until


def write(url: str, statement: str) -> None:
    """Run one statement in a transaction of its own."""
    with psycopg.connect(url) as connection:
        connection.execute(statement.encode())


def count(url: str, table: str) -> int:
    """Count the rows of a table."""
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def test_each_database_is_new_and_empty(postgres: PostgresCluster, postgresql_url: str) -> None:
    write(postgresql_url, "CREATE TABLE item (serial text)")
    other = postgres.create_database()
    with pytest.raises(psycopg.errors.UndefinedTable):
        count(other, "item")
    postgres.drop_database(other)


def test_a_prepared_database_can_be_copied(postgres: PostgresCluster, postgresql_url: str) -> None:
    write(postgresql_url, "CREATE TABLE item (serial text)")
    name = postgresql_url.partition("?")[0].rpartition("/")[2]
    copy = postgres.create_database(template=name)
    assert count(copy, "item") == 0
    postgres.drop_database(copy)


def test_what_was_committed_outlives_a_stop_and_a_kill(own_postgres: PostgresCluster) -> None:
    url = own_postgres.create_database()
    write(url, "CREATE TABLE item (serial text)")
    write(url, "INSERT INTO item VALUES ('A')")
    own_postgres.kill()
    with pytest.raises(psycopg.OperationalError):
        count(url, "item")
    own_postgres.start()
    write(url, "INSERT INTO item VALUES ('B')")
    own_postgres.stop()
    own_postgres.start()
    assert count(url, "item") == 2


def test_a_cluster_dies_with_the_tests(tmp_path: Path) -> None:
    script = (
        "import time; from tests.servers.postgres import PostgresCluster; c = PostgresCluster(); c.start();"
        "print(c.folder, c._server.pid, flush=True); time.sleep(60)"
    )
    tests = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "TMPDIR": "/tmp"},  # noqa: S108 - a socket's path must be short
        stdout=subprocess.PIPE,
        text=True,
    )
    assert tests.stdout is not None
    with tests, tests.stdout as printed:
        folder, pid = printed.readline().split()
        tests.send_signal(signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{pid}").exists(), "the orphaned PostgreSQL ends")
    shutil.rmtree(folder)


@pytest.mark.browser
def test_a_page_speaks_the_language_it_was_opened_with(open_page: PageOpener) -> None:
    page = open_page(locale="id-ID", size=(1920, 1080), dark=True)
    page.set_content("<h1>Lunas</h1>")
    seen = page.evaluate("[navigator.language, innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]")
    assert seen == ["id-ID", 1920, True]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("<script>console.error('lamp lost')</script>", "console: lamp lost"),
        ("<script>throw new Error('no cart')</script>", "script: no cart"),
        ("<script>fetch('http://example.org/').catch(() => {})</script>", "left this machine: http://example.org/"),
        ("<img src='http://127.0.0.1:9/logo.png'>", "no answer: http://127.0.0.1:9/logo.png"),
    ],
)
def test_no_fault_of_a_page_goes_unseen(browser: Browser, content: str, fault: str) -> None:
    opener = PageOpener(browser)
    page = opener()
    page.set_content(content)
    wait_until(lambda: bool(page.evaluate("1")) and any(fault in seen for seen in opener.faults()), fault)
    opener.close()


@pytest.mark.browser
def test_a_tolerated_fault_is_no_fault(browser: Browser) -> None:
    opener = PageOpener(browser)
    opener(tolerated="lamp lost").set_content("<script>console.error('lamp lost')</script>")
    opener.close()
    assert opener.faults() == []


def test_a_program_is_lunas_itself_and_keeps_what_it_printed(start_program: Callable[..., Program]) -> None:
    program = start_program("--version")
    assert program.wait() == 0
    assert program.output == "lunas, version 0.1.0\n"


def test_nobody_answers_at_an_unused_port(free_port: Callable[[], int]) -> None:
    assert health(f"127.0.0.1:{free_port()}") == (0, {})
