"""Lunas in a machine: its settings, its shop, its services, and what they say to this host."""

import http.client
import json
import shlex
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardware.relays.serial_board import FrameDecoder
from shared.roles import Role
from tests.servers.program import health
from tests.servers.waiting import wait_until
from tests.shop import BAG, WATCH, Shop
from tests.vm.far_end import FarEnd
from tests.vm.machine import Machine, device_path

DATABASE = "/var/lib/lunas/lunas.db"
SETTINGS = "/etc/lunas/lunas.toml"
UNITS = ("lunas-till", "lunas-gate")
PRICE = 150_000
SHOP = f"""
[shop]
name = "Toko Contoh"
[database]
url = "sqlite:///{DATABASE}"
[till]
listen = "0.0.0.0:8080"
insecure = true
[gate]
listen = "0.0.0.0:8081"
insecure = true
journal = "/var/lib/lunas/gate-1.journal"
armed = true
[gate.alarm]
seconds = {{alarm_seconds}}
"""
LCUS = f'[gate.relay]\nkind = "lcus"\nport = "{device_path("lcus")}"\n'


def serial_scanner(name: str) -> str:
    """Write the settings of a scanner behind an adapter."""
    return _scanner(name, "serial")


def keyboard_scanner(name: str) -> str:
    """Write the settings of a scanner that types."""
    return _scanner(name, "keyboard")


def _scanner(name: str, kind: str) -> str:
    # The gap is long because an emulated processor may pause for longer than a scanner ever does.
    port = device_path(name)
    return f'[[gate.scanner]]\nname = "{name}"\nkind = "{kind}"\nport = "{port}"\nidle_gap = 5.0\n'


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the till and the gate's screen can be reached from this host."""

    till: str
    gate: str


class Door:
    """One shop's till and gate in a machine."""

    def __init__(self, machine: Machine, addresses: Addresses, folder: Path) -> None:
        """`folder` is this host's, for the shop while it is being made."""
        self.machine = machine
        self.addresses = addresses
        self._folder = folder
        self._token = ""

    def open(self, *serials: str, devices: str, alarm_seconds: float = 2.0) -> None:
        """Open a new shop with these watches in stock, and wait until its till sells and its gate watches.

        `devices`: the settings' tables of the gate's scanners and its relay.
        """
        services = " ".join(UNITS)
        self.machine.run(f"systemctl stop {services}; rm -f {DATABASE}* /var/lib/lunas/gate-1.*")
        self.machine.put(SETTINGS, (SHOP.format(alarm_seconds=alarm_seconds) + devices).encode())
        self.machine.put(DATABASE, self._make_shop(serials), mode="600")
        self.machine.run(f"chown lunas: {DATABASE} && systemctl start {services}", seconds=300)
        self.wait_until_healthy()

    def wait_until_healthy(self) -> None:
        """Wait until both services are well, each part of them."""
        wait_until(lambda: self._status() == ["ok", "ok"], f"till and gate are well, not {self._status()}", 400)

    def health(self) -> dict[str, Any]:
        """What the gate says of itself, {} while it does not answer."""
        return health(self.addresses.gate)[1]

    def wait_for(self, expected: str, *names: str) -> None:
        """Wait until one part of the gate is so."""

        def part() -> Any:
            value: Any = self.health()
            for name in (*names, "state"):
                value = value.get(name) if isinstance(value, dict) else None
            return value

        wait_until(lambda: part() == expected, f"{'.'.join(names)} is {expected}, not {part()}", 60)

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        """Ask the till's API; its status and answer. Raises OSError or HTTPException while it does not answer."""
        connection = http.client.HTTPConnection(self.addresses.till, timeout=60)
        try:
            headers = {"Authorization": f"Bearer {self._token}"}
            connection.request(method, f"/api/v1/{path}", json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            told: dict[str, Any] = json.loads(answer.read())
            return answer.status, told
        finally:
            connection.close()

    def silence(self) -> None:
        """Press the button on the gate's screen."""
        connection = http.client.HTTPConnection(self.addresses.gate, timeout=60)
        try:
            connection.request("POST", "/silence")
            assert connection.getresponse().status == http.HTTPStatus.NO_CONTENT
        finally:
            connection.close()

    def sell(self, sale: str, *serials: str) -> int:
        """Sell units for cash under this UUID; the answer's status."""
        lines = [{"serial": serial} for serial in serials]
        payments = [{"method": "cash", "amount": PRICE * len(serials)}]
        return self.ask("POST", "sales", {"id": sale, "lines": lines, "payments": payments})[0]

    def state(self, serial: str) -> str:
        """The state of a unit."""
        return str(self.ask("GET", f"items/{serial}")[1]["state"])

    def wait_for_state(self, expected: str, serial: str) -> None:
        """Wait until a unit is in this state."""
        wait_until(lambda: self.state(serial) == expected, f"{serial} is {expected}, not {self.state(serial)}", 60)

    def alarms(self) -> list[str]:
        """The serials of the latest alarms in the ledger, oldest first."""
        return _serials(self.ask("GET", "alarms")[1])

    def all_alarms(self) -> list[str]:
        """The serials of all alarms in the ledger, oldest first."""
        found: list[str] = []
        cursor = ""
        while page := _serials(answer := self.ask("GET", f"alarms?after={cursor}")[1]):
            found += page
            cursor = answer["next"]
        return found

    def wait_for_alarms(self, *serials: str) -> None:
        """Wait until the ledger holds alarms for these."""
        wait_until(lambda: set(serials) <= set(self.alarms()), f"alarms for {serials}, not {self.alarms()}", seconds=60)

    def lunas(self, *arguments: str) -> str:
        """Run another command as the shop's user; what it printed."""
        command = f"lunas --config {SETTINGS} {shlex.join(arguments)}"
        return self.machine.run(f"runuser -u lunas -- {command}", seconds=300).output

    def _status(self) -> list[str]:
        addresses = (self.addresses.till, self.addresses.gate)
        return [health(address)[1].get("status", "no answer") for address in addresses]

    def _make_shop(self, serials: tuple[str, ...]) -> bytes:
        """Made on this host, whose processor is not an emulated one, by the same code."""
        file = self._folder / f"shop-{time.monotonic_ns()}.db"
        with Shop(f"sqlite:///{file}") as shop:
            shop.list_products((WATCH, "Arloji", str(PRICE)), (BAG, "Kantong", "500"))
            assert shop.receive(WATCH, *serials) == []
            self._token = shop.token(Role.MANAGER)
        return file.read_bytes()


def _serials(page: dict[str, Any]) -> list[str]:
    return [alarm["serial"] for alarm in page["alarms"]]


class Siren:
    """What hangs on channel 1 of the LCUS board, as far as the board's frames tell."""

    def __init__(self, line: FarEnd) -> None:
        self._line = line
        self._decoder = FrameDecoder()

    def switchings(self, seconds: float) -> list[bool]:
        """Every switching on (True) and off of so many seconds."""
        found: list[bool] = []
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            found += [on for _, on in self._decoder.feed(self._line.receive(left))]
        return found

    def wait_until(self, *, on: bool, seconds: float = 60.0) -> None:
        """Wait until it is switched on, or off."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if (1, on) in self._decoder.feed(self._line.receive(left)):
                return
        message = f"waited {seconds:g} s in vain for the relay to be switched {'on' if on else 'off'}"
        raise AssertionError(message)
