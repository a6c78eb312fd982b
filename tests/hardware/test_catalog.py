"""Settings of devices: every mistake is found at once, and drivers can come from elsewhere."""

import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.catalog import (
    make_relay,
    make_scanner,
    relay_kinds,
    relay_options,
    scanner_kinds,
    scanner_options,
)
from hardware.errors import DriverMissing, HardwareError, Mistake, OptionMistake
from hardware.options import DeviceOptions
from hardware.relays.serial_board import LcusBoard, LcusOptions
from hardware.scanners.serial_port import SerialOptions, SerialScanner
from hardware.scanners.virtual import VirtualScanner

SERIAL = {"name": "left", "kind": "serial", "port": "/dev/ttyUSB1"}
KINDS = ", ".join(sorted(scanner_kinds()))

DRIVER = """
from dataclasses import dataclass
from hardware.options import DeviceOptions
from hardware.relays.virtual import VirtualRelay
from hardware.scanners.virtual import VirtualScanner, VirtualScannerOptions

@dataclass(frozen=True, slots=True, kw_only=True)
class FileOptions(VirtualScannerOptions):
    kind: str = "{kind}"
    loud: bool = False

class FileScanner(VirtualScanner):
    options_class = FileOptions
"""


def scanner_mistakes(table: dict[str, object]) -> tuple[Mistake, ...]:
    with pytest.raises(OptionMistake) as caught:
        scanner_options(table)
    return caught.value.mistakes


class TestSettings:
    def test_give_a_scanner_with_what_was_left_out_filled_in(self) -> None:
        options = scanner_options(SERIAL)
        assert options == SerialOptions(name="left", kind="serial", port="/dev/ttyUSB1", baud=9600, idle_gap=0.5)
        assert isinstance(make_scanner(options), SerialScanner)
        assert make_scanner(options).name == "left"

    def test_give_a_relay_which_needs_no_name(self) -> None:
        options = relay_options({"kind": "lcus", "port": "/dev/ttyUSB2", "channel": 1})
        assert options == LcusOptions(name="relay", kind="lcus", port="/dev/ttyUSB2")
        assert isinstance(make_relay(options), LcusBoard)

    def test_give_the_virtual_ones_too(self) -> None:
        assert isinstance(make_scanner(scanner_options({"name": "demo", "kind": "virtual"})), VirtualScanner)
        assert make_relay(relay_options({"name": "lamp", "kind": "virtual"})).name == "lamp"

    def test_take_a_whole_number_where_any_number_does(self) -> None:
        assert scanner_options({**SERIAL, "idle_gap": 1}) == SerialOptions(
            name="left", port="/dev/ttyUSB1", idle_gap=1.0
        )


@pytest.mark.parametrize("kind", sorted(scanner_kinds()))
def test_every_kind_of_scanner_has_a_driver_that_takes_settings(kind: str) -> None:
    table = {"name": "left", "kind": kind, "port": "/dev/null", "source": "/dev/null"}
    known = {key for key, _ in scanner_mistakes({**table, "xyzzy": 1})}
    options = scanner_options({key: value for key, value in table.items() if key not in known})
    assert make_scanner(options).name == "left"


@pytest.mark.parametrize("kind", sorted(relay_kinds()))
def test_every_kind_of_relay_has_a_driver_that_takes_settings(kind: str) -> None:
    wanted = {"virtual": {}, "gpio": {"chip": "/dev/null", "line": "1"}}.get(kind, {"port": "/dev/null"})
    assert make_relay(relay_options({"kind": kind, **wanted})).name == "relay"


class TestMistakes:
    def test_are_told_all_at_once(self) -> None:
        table = {"kind": "serial", "prot": "/dev/ttyUSB1", "baud": "fast", "idle_gap": 60}
        assert scanner_mistakes(table) == (
            ("prot", "unknown key; did you mean 'port'?"),
            ("name", "is missing; expected what the shop calls the device"),
            ("port", "is missing; expected the device's path, such as /dev/serial/by-id/..., or socket://host:port"),
            ("idle_gap", "expected a number from 0.02 to 5 (seconds of silence that end an unsuffixed label), got 60"),
            ("baud", "expected a whole number from 300 to 3000000 (bits per second), got 'fast'"),
        )

    def test_read_as_one_line_each_in_the_message(self) -> None:
        with pytest.raises(OptionMistake, match=r"port: is missing; .*; baud: expected a whole number"):
            scanner_options({"name": "left", "kind": "serial", "baud": 1})

    def test_of_a_key_like_no_other_list_the_known_ones(self) -> None:
        assert scanner_mistakes({**SERIAL, "xyzzy": 1}) == (
            ("xyzzy", "unknown key; known are name, kind, idle_gap, prefix, suffix, port, baud"),
        )

    @pytest.mark.parametrize("kind", ["seriel", "", 7, ["serial"]])
    def test_of_the_kind_list_the_known_ones_and_judge_the_name_too(self, kind: object) -> None:
        mistakes = dict(scanner_mistakes({"name": "", "kind": kind}))
        assert f"one of {KINDS}" in mistakes["kind"]
        assert "expected text" in mistakes["name"]

    def test_of_the_kind_suggest_the_nearest(self) -> None:
        assert scanner_mistakes({"name": "left", "kind": "seriel"}) == (
            ("kind", f"expected one of {KINDS}, got 'seriel'; did you mean 'serial'?"),
        )

    def test_of_a_forgotten_kind_list_the_known_ones(self) -> None:
        assert scanner_mistakes({"name": "left"}) == (("kind", f"is missing; known kinds are {KINDS}"),)

    @pytest.mark.parametrize(("key", "value"), [("prefix", "A\tB"), ("suffix", "\rB"), ("prefix", "→"), ("suffix", 7)])
    def test_of_a_prefix_or_suffix_say_what_it_may_hold(self, key: str, value: object) -> None:
        ((told, why),) = scanner_mistakes({**SERIAL, key: value})
        assert told == key
        assert re.match(r"expected text \(what it sends .* each label; line ends and tabs only at .*\), got ", why)

    def test_of_a_choice_list_what_there_is_to_choose(self) -> None:
        assert scanner_mistakes({"name": "left", "kind": "keyboard", "port": "/dev/input/event1", "layout": "en"}) == (
            ("layout", "expected one of us, de, fr (the layout it is set to), got 'en'"),
        )

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), -1, 0, True, "0.5", None, [0.5]])
    def test_are_values_that_no_gap_has(self, value: object) -> None:
        assert [key for key, _ in scanner_mistakes({**SERIAL, "idle_gap": value})] == ["idle_gap"]

    @pytest.mark.parametrize("value", ["", "a\nb", "\x1b[2J", "x" * 300, 5, None])
    def test_are_names_that_would_spoil_a_log(self, value: object) -> None:
        ((key, message),) = scanner_mistakes({**SERIAL, "name": value})
        assert key == "name"
        assert message.isprintable()
        assert len(message) < 200

    def test_cannot_be_made_in_code_either(self) -> None:
        with pytest.raises(OptionMistake):
            SerialOptions(name="left", port="/dev/ttyUSB1", baud=-1)


class TestDriversFromElsewhere:
    @pytest.fixture
    def plugin(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Another package, as pip installs it."""
        (tmp_path / "lunas_file.py").write_text(DRIVER.replace("{kind}", "file"))
        info = tmp_path / "lunas_file-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lunas-file\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(
            "[lunas.scanners]\nfile = lunas_file:FileScanner\nserial = lunas_file:FileScanner\n"
            "absent = not_installed_anywhere:X\nwrong = pathlib:Path\n"
            "[lunas.relays]\nfile = lunas_file:VirtualRelay\nwrong = pathlib:Path\n"
        )
        monkeypatch.syspath_prepend(str(tmp_path))
        importlib.invalidate_caches()
        yield
        sys.modules.pop("lunas_file", None)

    @pytest.mark.usefixtures("plugin")
    def test_are_used_like_ours(self) -> None:
        options = scanner_options({"name": "left", "kind": "file", "loud": True})
        assert type(make_scanner(options)).__name__ == "FileScanner"
        assert "file" in scanner_kinds()
        assert "file" in relay_kinds()
        with pytest.raises(OptionMistake, match="loud: expected true or false, got 1"):
            scanner_options({"name": "left", "kind": "file", "loud": 1})

    @pytest.mark.usefixtures("plugin")
    def test_cannot_take_over_a_kind_of_ours(self) -> None:
        assert isinstance(make_scanner(scanner_options(SERIAL)), SerialScanner)

    @pytest.mark.usefixtures("plugin")
    def test_that_cannot_be_imported_are_named(self) -> None:
        with pytest.raises(DriverMissing, match=r"kind 'absent' \(not_installed_anywhere:X\)"):
            scanner_options({"name": "left", "kind": "absent"})

    @pytest.mark.usefixtures("plugin")
    def test_that_are_no_drivers_are_refused(self) -> None:
        with pytest.raises(DriverMissing, match=r"must be a subclass of hardware\.scanner\.Scanner"):
            scanner_options({"name": "left", "kind": "wrong"})
        with pytest.raises(DriverMissing, match=r"must be a subclass of hardware\.relay\.Relay"):
            relay_options({"kind": "wrong"})

    def test_that_are_gone_since_the_settings_were_read_are_named(self) -> None:
        with pytest.raises(DriverMissing, match="no driver for kind 'gone'; installed are"):
            make_scanner(DeviceOptions(name="left", kind="gone"))


def test_asking_for_a_kind_imports_no_other_driver() -> None:
    code = (
        "import sys; from hardware.catalog import *; make_scanner(scanner_options({'name': 'a', 'kind': 'virtual'}));"
        "sys.exit('serial' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_driver_is_both_a_hardware_and_an_import_error() -> None:
    assert issubclass(DriverMissing, HardwareError)
    assert issubclass(DriverMissing, ImportError)
