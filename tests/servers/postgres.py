"""Throw-away PostgreSQL clusters: a folder, a Unix socket in it, no TCP."""

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers.waiting import wait_until

SUPERUSER = "postgres"
OLDEST_SUPPORTED = 15


class PostgresCluster:
    """A cluster that a test may stop, start and kill as it likes.

    Its processes die with the test process, however that ends. `durable` keeps fsync on, for tests that pull the plug.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._programs = newest_programs()
        self._account = None if os.geteuid() else unprivileged_account()
        self._durable = durable
        self._server: subprocess.Popen[bytes] | None = None
        self._databases = 0
        self.folder = Path(tempfile.mkdtemp(prefix="lunas-postgres-"))
        self._initialise()

    def start(self) -> None:
        """Start the server and wait until it answers; a running one is left alone."""
        if self._server is not None:
            return
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "100",
            "fsync": "on" if self._durable else "off",
            "logging_collector": "off",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                self._as_account([str(self._programs / "postgres"), "-D", str(self._data), *options]),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self._answers, f"PostgreSQL answers; its log: {self.folder}/log", seconds=30)

    def stop(self) -> None:
        """Shut down in order; open connections are cut."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Kill every process of the server at once, as if the machine's power went."""
        if self._server is None:
            return
        self._server.send_signal(signal.SIGSTOP)
        children = child_processes(self._server.pid)
        self._end(signal.SIGKILL)
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        # A new server refuses to start beside the last one's shared memory.
        wait_until(lambda: not any(map(is_alive, children)), "the killed PostgreSQL's processes are gone")

    @contextlib.contextmanager
    def hanging(self) -> Iterator[None]:
        """Let every process of the server stand still: connections stay, and nothing is answered."""
        assert self._server is not None
        pids = [self._server.pid, *child_processes(self._server.pid)]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def remove(self) -> None:
        """Stop the server and delete its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """Give the address of a database, for psycopg and SQLAlchemy alike."""
        return f"postgresql://{SUPERUSER}@/{database}?host={self.folder}"

    def create_database(self, template: str = "template0") -> str:
        """Create a database that nobody else uses, as a copy of `template`, and give its address."""
        self._databases += 1
        name = f"shop_{self._databases}"
        self._administer(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Drop a database that `create_database` made, whoever is still connected to it."""
        name = url.removeprefix(f"postgresql://{SUPERUSER}@/").partition("?")[0]
        self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _initialise(self) -> None:
        if self._account is not None:
            os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
        command = [str(self._programs / "initdb"), "--pgdata", str(self._data), "--username", SUPERUSER]
        command += ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
        made = subprocess.run(
            self._as_account(command), cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        if made.returncode:
            shutil.rmtree(self.folder, ignore_errors=True)
            message = f"initdb failed: {made.stderr.decode(errors='replace')}"
            raise RuntimeError(message)

    def _as_account(self, command: Sequence[str]) -> list[str]:
        """Wrap a command so that it dies with this process, and never runs as root, which PostgreSQL refuses."""
        wrapper = ["setpriv", "--pdeathsig", "QUIT"]
        if self._account is not None:
            wrapper += ["--reuid", str(self._account.pw_uid), "--regid", str(self._account.pw_gid), "--clear-groups"]
        return [*wrapper, "--", *command]

    def _answers(self) -> bool:
        if self._server is not None and self._server.poll() is not None:
            message = f"PostgreSQL ended at its start: {(self.folder / 'log').read_text(errors='replace')[-2000:]}"
            raise RuntimeError(message)
        try:
            psycopg.connect(self.url("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _end(self, how: signal.Signals) -> None:
        if self._server is None:
            return
        self._server.send_signal(how)
        self._server.wait(timeout=30)
        self._server = None

    def _administer(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


def newest_programs() -> Path:
    """Find the folder of the newest PostgreSQL server's programs, where Debian puts them."""
    found = {
        int(match[1]): initdb.parent
        for initdb in Path("/usr/lib/postgresql").glob("*/bin/initdb")
        if (match := re.fullmatch(r"(\d+)", initdb.parts[-3])) and int(match[1]) >= OLDEST_SUPPORTED
    }
    if not found:
        message = "no PostgreSQL 15 or newer under /usr/lib/postgresql: `make test` installs it"
        raise RuntimeError(message)
    return found[max(found)]


def unprivileged_account() -> pwd.struct_passwd:
    """Choose whom the server runs as when the tests run as root."""
    return pwd.getpwnam("nobody")


def child_processes(pid: int) -> list[int]:
    """List the processes that `pid` has started and that still live."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    """Tell whether a process still holds memory and files: one that only waits to be reaped does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
