"""The screen's program, fed with statuses as the daemon feeds it."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

from hardware.children import start_child
from shared import codes
from tests.servers.program import health
from tests.servers.waiting import wait_until

Status = dict[str, Any]
LONGEST_MESSAGE = 60_000
BODY = "0123456789AB"
SERIAL = f"LN{BODY}{codes.check_character(BODY)}"


def well() -> Status:
    """The health of a gate with two scanners at which nothing is wrong."""
    return {
        "status": "ok", "gate": "gate-1", "armed": True, "down": [], "faults": {},
        "database": {"state": "ok"},
        "tills": {},
        "scanners": {"left": {"state": "ok"}, "right": {"state": "ok"}},
        "relay": {"state": "ok", "on": False},
        "outputs": {"relay": {"state": "ok", "role": "siren", "on": False}},
        "journal": {"state": "ok", "waiting": 0},
        "replica": {"state": "ok", "age": 0.1, "items": 7},
        "clock": {"state": "ok"},
        "walk": {"due": []},
        "snapshots": None,
        "button": None,
        "outward": {},
    }  # fmt: skip


def status(**changes: Any) -> Status:
    """A quiet gate; `changes` replace parts of its status."""
    quiet = {
        "shop": "Toko Contoh", "currency": "IDR", "gate": "gate-1", "time": time.time(), "armed": True,
        "health": well(), "closed_until": 0, "bypass": None,
        "alarm": None, "receipt": None, "passages": [], "waiting": [], "people": [], "replies": {},
        "today": {"pass": 212, "check": 0, "alarm": 1, "ignore": 3, "others": 0},
    }  # fmt: skip
    return quiet | changes


def passage(outcome: str, reason: str, name: str = "Kettle") -> Status:
    """One that passed just now."""
    return {"name": name, "serial": SERIAL, "outcome": outcome, "reason": reason, "at": time.time()}


def alarmed(reason: str = "unpaid", name: str = "Watch", till: str = "till-2") -> Status:
    """One item of an incident."""
    item: Status = {"serial": SERIAL, "name": name, "product": None, "price": 1_250_000, "reason": reason}
    item |= {"last_till": till, "last_till_at": time.time() - 250 if till else 0}
    return item | {"scanner": "left", "at": time.time()}


def incident(*items: Status, trial: bool = False, sounding: bool = True, count: int = 0, till: str = "") -> Status:
    """An incident; `count` where more items belong to it than are told."""
    number = count or len(items)
    told = {"incident": "abc", "trial": trial, "sounding": sounding, "ends_in": 7.6, "items": list(items)}
    told |= {"quiet": False, "name": "Watch", "till": "" if trial else till}
    return told | {"count": number, "total": 1_250_000 * number}


def receipt(finding: str, *asked: str, number: str = "till-2-000417") -> Status:
    """A receipt that was shown just now."""
    told = {"finding": finding, "id": "0b", "number": number, "units": 3, "asked": list(asked)}
    return told | {"before": time.time() - 3600 if finding == "shown_before" else 0, "at": time.time()}


class Watched:
    """A running screen; it is told what `show` was given last, every tenth of a second."""

    def __init__(self, port: int, language: str = "en", file: str = "no-settings.toml") -> None:
        self.address = f"127.0.0.1:{port}"
        self.url = f"http://{self.address}/"
        self.pressed: list[Status] = []
        self._make: Callable[[], Status] | None = status
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            settings = [file, "127.0.0.1", str(port), language, "IDR", "Asia/Jakarta"]
            command = [sys.executable, "-m", "gate.screen", str(theirs.fileno()), *settings]
            self.process = start_child(command, signal="KILL", pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        for work in (self._feed, self._listen):
            threading.Thread(target=work, daemon=True).start()
        wait_until(lambda: health(self.address)[0] == 200, "the screen answers")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
        self.process.kill()
        self.process.wait()

    def show(self, make: Callable[[], Status] | None) -> None:
        """Feed this from now on; None: fall silent."""
        self._make = make

    def _feed(self) -> None:
        with suppress(OSError):
            while True:
                if self._make:
                    self._line.send(json.dumps(self._make()).encode())
                time.sleep(0.1)

    def _listen(self) -> None:
        with suppress(OSError):
            while message := self._line.recv(LONGEST_MESSAGE):
                self.pressed.append(json.loads(message))
