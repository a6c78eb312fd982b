"""The two ends of the line between the gate's daemon and a program beside it: whole JSON messages on a socket pair.

The daemon never waits for the other: a message that does not fit is dropped, the next one says more anyway.
"""

import json
import logging
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hardware.children import start_child

log = logging.getLogger(__name__)

LONGEST_MESSAGE = 60_000
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0


class Companion:
    """The daemon's end: starts the program, tells it the status, hears what it says, starts it again."""

    def __init__(self, module: str, arguments: list[str], hear: Callable[[dict[str, Any]], None]) -> None:
        """`module` is told the line's descriptor and `arguments`. `hear` gets each message, in another thread."""
        self._module = module
        self._arguments = arguments
        self._hear = hear
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._next_start = 0.0
        self._pause = FIRST_PAUSE

    def show(self, status: dict[str, Any]) -> None:
        """Tell the newest status; never waits. For the program's main thread: it starts a dead program."""
        if self._process is None or self._process.poll() is not None:
            self._start_again()
        if self._line:
            with suppress(BlockingIOError, BrokenPipeError, ConnectionError):
                # Not a non-blocking socket: its other descriptor, which waits for what is said, would be one too.
                self._line.send(json.dumps(status).encode(), socket.MSG_DONTWAIT)

    def stop(self) -> None:
        """End the program."""
        if self._line:
            self._line.close()
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(2.0)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _start_again(self) -> None:
        now = time.monotonic()
        if now < self._next_start:
            return
        if self._process:
            log.warning("%s ended with status %s; starting it again", self._module, self._process.returncode)
        self._pause = FIRST_PAUSE if now - self._next_start > LONGEST_PAUSE else min(2 * self._pause, LONGEST_PAUSE)
        self._next_start = now + self._pause
        if self._line:
            self._line.close()
        try:
            self._line, self._process = self._start()
        except OSError as error:
            log.error("%s cannot be started: %s", self._module, error)  # noqa: TRY400 - its message says it all
            self._line = self._process = None

    def _start(self) -> tuple[socket.socket, subprocess.Popen[bytes]]:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", self._module, str(theirs.fileno()), *self._arguments]
            process = start_child(command, signal="KILL", pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        threading.Thread(target=self._listen, args=(ours.dup(),), name=f"line to {self._module}", daemon=True).start()
        return ours, process

    def _listen(self, line: socket.socket) -> None:
        with line, suppress(OSError, ValueError):
            while message := line.recv(LONGEST_MESSAGE):
                self._hear(json.loads(message))


class DaemonLine:
    """The other end: the newest status and its age, and a way to say something to the daemon."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._changed = threading.Condition()
        self._status: dict[str, Any] | None = None
        self._at = 0.0
        self._number = 0

    def listen(self) -> None:
        """Take statuses until the daemon is gone."""
        while message := self._line.recv(LONGEST_MESSAGE):
            status = json.loads(message)
            with self._changed:
                self._status, self._at = status, time.monotonic()
                self._number += 1
                self._changed.notify_all()

    def newest(self) -> tuple[dict[str, Any] | None, float]:
        """The newest status, None before the first, and its age in seconds."""
        with self._changed:
            return self._status, time.monotonic() - self._at

    def wait_newer(self, number: int, seconds: float) -> tuple[int, dict[str, Any] | None]:
        """The newest status and its number as soon as that is above `number`; None if none comes in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._number > number, seconds)
            return self._number, self._status if self._number > number else None

    def ask(self, message: dict[str, Any], seconds: float) -> str | None:
        """Ask the daemon something and give its reply; None where none came in time, or the daemon is gone."""
        ask = secrets.token_hex(8)
        try:
            self.say(message | {"ask": ask})
        except OSError:
            return None
        with self._changed:
            self._changed.wait_for(lambda: ask in self._replies(), seconds)
            return self._replies().get(ask)

    def _replies(self) -> dict[str, str]:
        return self._status["replies"] if self._status else {}

    def say(self, message: dict[str, Any]) -> None:
        """Tell the daemon something. Raises OSError."""
        self._line.send(json.dumps(message).encode())
