"""udev's rules say what they should, in udev's grammar (udev(7)); `tests/vm` puts them before the real one."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import pytest

RULES = Path(__file__).parents[2] / "hardware/udev/99-lunas.rules"
TOKEN = re.compile(r'(?P<key>[A-Z]+)(?:\{(?P<name>\w+)\})?(?P<operator>==|!=|\+=|=)"(?P<value>[^"]*)"')
MATCHES = {"ACTION", "SUBSYSTEM", "KERNEL", "ATTRS", "ENV"}
ASSIGNMENTS = {"GOTO", "LABEL", "GROUP", "MODE", "ENV", "SYMLINK", "IMPORT"}
NAMED = {"ATTRS", "ENV", "IMPORT"}
GROUPS = {"dialout", "input", "video"}  # Debian has them from the start

Device = Mapping[str, str]


class Token(NamedTuple):
    key: str
    name: str | None
    operator: str
    value: str

    @property
    def is_match(self) -> bool:
        return self.operator in {"==", "!="}

    @property
    def full_key(self) -> str:
        return f"{self.key}{{{self.name}}}" if self.name else self.key


def parse(line: str) -> list[Token]:
    """Read one rule; fails for what udev would not take."""
    parts = re.split(r",\s*(?=[A-Z])", line.strip())
    tokens = []
    for part in parts:
        found = TOKEN.fullmatch(part)
        assert found, f"no token of udev's: {part}"
        token = Token(found["key"], found["name"], found["operator"], found["value"])
        assert token.key in (MATCHES if token.is_match else ASSIGNMENTS), part
        assert (token.name is not None) == (token.key in NAMED), part
        tokens.append(token)
    return tokens


def rules() -> list[list[Token]]:
    text = re.sub(r"\\\n\s*", "", RULES.read_text())
    return [parse(line) for line in text.splitlines() if line and not line.startswith("#")]


def outcome(device: Device) -> dict[str, str]:
    """Follow the rules for a device: its keys as rules write them, such as `ATTRS{idVendor}`."""
    facts = dict(device)
    for rule in rules():
        if all(matches(token, facts) for token in rule if token.is_match):
            assignments = [token for token in rule if not token.is_match]
            facts |= {token.full_key: substituted(token.value, facts) for token in assignments}
            if any(token.key == "GOTO" for token in assignments):
                break
    return facts


def matches(token: Token, facts: Device) -> bool:
    value = facts.get(token.full_key, "")
    is_like = any(fnmatchcase(value, pattern) for pattern in token.value.split("|"))
    return is_like == (token.operator == "==")


def substituted(value: str, facts: Device) -> str:
    value = re.sub(r"\$env\{(\w+)\}", lambda found: facts[f"ENV{{{found[1]}}}"], value)
    return re.sub(r"\$attr\{(\w+)\}", lambda found: facts[f"ATTRS{{{found[1]}}}"], value)


def usb(subsystem: str, ids: str, **more: str) -> dict[str, str]:
    vendor, product = ids.split(":")
    return {"ACTION": "add", "SUBSYSTEM": subsystem, "ATTRS{idVendor}": vendor, "ATTRS{idProduct}": product, **more}


def test_every_line_is_a_rule_of_udevs() -> None:
    assert len(rules()) > 10


@pytest.mark.parametrize(
    "line", ['SUBSYSTEM="tty", GROUP="dialout"', 'GROUP=="dialout"', 'ENV=="1"', "MODE=0660", 'KERNEL=="a" MODE="0660"']
)
def test_a_line_that_udev_would_not_take_is_found(line: str) -> None:
    with pytest.raises(AssertionError):
        parse(line)


def test_udev_itself_finds_nothing_wrong_where_it_can_tell() -> None:
    """`udevadm verify` came with systemd 254: Debian 13 has it."""
    udevadm = shutil.which("udevadm")
    knows = (
        udevadm and "verify" in subprocess.run([udevadm, "--help"], capture_output=True, text=True, check=True).stdout
    )
    if knows:
        subprocess.run([str(udevadm), "verify", "--resolve-names=never", str(RULES)], check=True)


def test_groups_are_those_that_debian_has_and_every_jump_lands() -> None:
    tokens = [token for rule in rules() for token in rule]
    assert {token.value for token in tokens if token.key == "GROUP"} == GROUPS
    assert {token.value for token in tokens if token.key == "GOTO"} == {"lunas_end"}
    assert [token.value for token in rules()[-1]] == ["lunas_end"]


@pytest.mark.parametrize(
    "ids", ["1a86:7523", "1a86:55d4", "10c4:ea60", "0403:6001", "2a19:0c01", "0c2e:0aaa", "05e0:1701"]
)
def test_a_serial_board_or_scanner_is_for_dialout_and_not_for_modem_manager(ids: str) -> None:
    found = outcome(usb("tty", ids))
    assert (found["GROUP"], found["MODE"], found["ENV{ID_MM_PORT_IGNORE}"]) == ("dialout", "0660", "1")


def test_a_modem_is_left_alone() -> None:
    assert "GROUP" not in outcome(usb("tty", "12d1:1001"))


@pytest.mark.parametrize("ids", ["16c0:05df", "0519:2018"])
def test_a_hid_relay_is_for_dialout_and_named_by_its_socket(ids: str) -> None:
    found = outcome(usb("hidraw", ids, **{"ENV{ID_PATH}": "pci-0000:00:14.0-usb-0:3:1.0"}))
    assert (found["GROUP"], found["MODE"]) == ("dialout", "0660")
    assert found["SYMLINK"] == "lunas/relay-pci-0000:00:14.0-usb-0:3:1.0"


def test_a_hid_device_of_another_make_stays_roots() -> None:
    assert "GROUP" not in outcome(usb("hidraw", "046d:c52b"))


def test_a_gpio_chip_is_for_dialout() -> None:
    found = outcome({"SUBSYSTEM": "gpio", "KERNEL": "gpiochip0"})
    assert (found["GROUP"], found["MODE"]) == ("dialout", "0660")


def test_a_scanner_that_types_is_for_input() -> None:
    keyboard = usb("input", "0627:0001", **{"KERNEL": "event4", "ENV{ID_INPUT_KEYBOARD}": "1", "ENV{ID_BUS}": "usb"})
    found = outcome(keyboard)
    assert (found["GROUP"], found["MODE"]) == ("input", "0660")
    assert "SYMLINK" not in found


def test_one_on_bluetooth_gets_a_name_that_lasts() -> None:
    facts = {"KERNEL": "event9", "ENV{ID_INPUT_KEYBOARD}": "1", "ENV{ID_BUS}": "bluetooth", "ATTRS{uniq}": "aa:bb:cc"}
    assert outcome({"SUBSYSTEM": "input", **facts})["SYMLINK"] == "input/by-id/bluetooth-aa:bb:cc-event-kbd"


def test_a_camera_is_for_video() -> None:
    found = outcome({"SUBSYSTEM": "video4linux", "KERNEL": "video0"})
    assert (found["GROUP"], found["MODE"]) == ("video", "0660")


def test_what_goes_away_is_not_looked_at() -> None:
    assert "GROUP" not in outcome({**usb("tty", "1a86:7523"), "ACTION": "remove"})
