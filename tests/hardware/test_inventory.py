"""What is plugged in is found, named so that the name stays, and told with what stands in its way."""

import dataclasses
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from hardware.catalog import relay_options, scanner_options
from hardware.commands import described, devices
from hardware.inventory import (
    FoundDevice,
    Surroundings,
    found_devices,
    judge,
    settings_for,
    surroundings,
)
from hardware.node import Node, UsbIdentity
from hardware.udev_nodes import nodes

FINE = Surroundings(may_use=lambda _: True, brltty=False, udev=True)
BY_ID, BY_PATH = "/dev/serial/by-id", "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0"

SERIAL = Node(
    "tty",
    "/dev/ttyUSB0",
    (BY_PATH, f"{BY_ID}/usb-QEMU_QEMU_USB_SERIAL_gate-if00-port0"),
    UsbIdentity("0403", "6001", "QEMU", "QEMU USB SERIAL", "gate"),
    {"ID_BUS": "usb"},
)
CH340 = Node(
    "tty",
    "/dev/ttyUSB1",
    (f"{BY_ID}/usb-1a86_USB_Serial-if00-port0", BY_PATH),
    UsbIdentity("1a86", "7523", "", "USB Serial", ""),
    {"ID_BUS": "usb"},
)
NUMATO = Node(
    "tty",
    "/dev/ttyACM0",
    (f"{BY_ID}/usb-Numato_Systems_Pvt._Ltd._Numato_Lab_1_Channel_USB_Relay_Module_NLRL1-if00",),
    UsbIdentity("2a19", "0c01", "Numato Systems Pvt. Ltd.", "Numato Lab 1 Channel USB Relay Module", "NLRL1"),
    {"ID_BUS": "usb"},
)
HID_RELAY = Node(
    "hidraw",
    "/dev/hidraw0",
    ("/dev/lunas/relay-pci-0000:00:14.0-usb-0:3:1.0",),
    UsbIdentity("16c0", "05df", "www.dcttech.com", "USBRelay2", ""),
    {},
)
WEDGE = Node(
    "input",
    "/dev/input/event4",
    ("/dev/input/by-id/usb-QEMU_QEMU_USB_Keyboard_kbd0-event-kbd", "/dev/input/by-path/pci-0000:00:04.0-event-kbd"),
    UsbIdentity("0627", "0001", "QEMU", "QEMU USB Keyboard", "kbd0"),
    {"ID_BUS": "usb", "ID_INPUT_KEYBOARD": "1"},
)
WEBCAM = Node(
    "video4linux",
    "/dev/video0",
    ("/dev/v4l/by-id/usb-046d_HD_Webcam_AB12-video-index0",),
    UsbIdentity("046d", "0825", "", "HD Webcam", "AB12"),
    {"ID_V4L_CAPABILITIES": ":capture:", "index": "0"},
)


def found_as(node: Node, around: Surroundings = FINE) -> FoundDevice:
    (found,) = judge([node], around)
    return found


class TestFound:
    def test_a_serial_adapter_by_its_own_number_for_either_use(self) -> None:
        assert found_as(SERIAL) == FoundDevice(
            kind="serial",
            path=f"{BY_ID}/usb-QEMU_QEMU_USB_SERIAL_gate-if00-port0",
            description="QEMU QEMU USB SERIAL gate (0403:6001)",
            roles=("scanner", "relay"),
            trouble="",
        )

    def test_an_adapter_without_a_number_by_its_socket(self) -> None:
        assert found_as(CH340).path == BY_PATH

    def test_a_numato_board_as_a_relay_only(self) -> None:
        board = found_as(NUMATO)
        assert (board.kind, board.path, board.roles) == ("numato", NUMATO.links[0], ("relay",))

    @pytest.mark.parametrize("ids", [("16c0", "05df"), ("0519", "2018")])
    def test_a_hid_board_as_a_relay_only_by_its_socket(self, ids: tuple[str, str]) -> None:
        board = found_as(HID_RELAY._replace(usb=UsbIdentity(*ids, "", "", "")))
        assert (board.kind, board.path, board.roles) == ("hid", HID_RELAY.links[0], ("relay",))

    def test_a_maker_of_scanners_as_a_scanner_only(self) -> None:
        zebra = SERIAL._replace(usb=UsbIdentity("05e0", "1701", "Symbol", "Bar Code Scanner", "S1"))
        assert found_as(zebra).roles == ("scanner",)

    def test_a_scanner_that_types(self) -> None:
        wedge = found_as(WEDGE)
        assert (wedge.kind, wedge.path, wedge.roles) == ("keyboard", WEDGE.links[0], ("scanner",))

    def test_a_camera(self) -> None:
        webcam = found_as(WEBCAM)
        assert (webcam.kind, webcam.path, webcam.roles) == ("camera", WEBCAM.links[0], ("scanner",))

    @pytest.mark.parametrize(
        "node",
        [
            pytest.param(Node("tty", "/dev/tty1", (), None, {}), id="a console"),
            pytest.param(Node("tty", "/dev/ttyS9", (), None, {"type": "0"}), id="a port without a port"),
            pytest.param(WEDGE._replace(usb=None, properties={"ID_INPUT_KEYBOARD": "1"}), id="a laptop's keyboard"),
            pytest.param(WEDGE._replace(properties={"ID_INPUT_MOUSE": "1"}), id="a mouse"),
            pytest.param(WEDGE._replace(path="/dev/input/js0"), id="a joystick's node"),
            pytest.param(WEBCAM._replace(properties={"index": "1"}), id="a camera's node for its settings"),
            pytest.param(WEBCAM._replace(properties={"ID_V4L_CAPABILITIES": ":video_output:"}), id="a screen"),
            pytest.param(HID_RELAY._replace(usb=UsbIdentity("046d", "c52b", "", "", "")), id="a mouse's hidraw"),
            pytest.param(Node("usb", "", (), UsbIdentity("1d6b", "0002", "", "", ""), {}), id="a hub"),
        ],
    )
    def test_nothing_in_what_is_no_device_of_ours(self, node: Node) -> None:
        assert judge([node], FINE) == []

    def test_those_of_a_kind_together(self) -> None:
        kinds = [device.kind for device in judge([SERIAL, WEBCAM, CH340, WEDGE, NUMATO], FINE)]
        assert kinds == ["camera", "keyboard", "numato", "serial", "serial"]

    def test_a_value_that_nobody_changes(self) -> None:
        with pytest.raises(dataclasses.FrozenInstanceError):
            found_as(SERIAL).path = "/dev/null"  # type: ignore[misc]


class TestTrouble:
    @pytest.mark.parametrize(
        ("node", "group"), [(SERIAL, "dialout"), (HID_RELAY, "dialout"), (WEDGE, "input"), (WEBCAM, "video")]
    )
    def test_of_a_user_who_may_not_names_the_group(self, node: Node, group: str) -> None:
        trouble = found_as(node, FINE._replace(may_use=lambda _: False)).trouble
        assert trouble == f"this user may not use it: sudo usermod -aG {group} $USER, and sign in again"

    def test_of_brltty_is_told_before_and_after_it_took_the_adapter(self) -> None:
        around = FINE._replace(brltty=True)
        assert "remove brltty" in found_as(CH340, around).trouble
        taken = found_as(Node("usb", "", (), CH340.usb, {}), around)
        assert taken.path == ""
        assert "has taken it away: sudo apt remove brltty" in taken.trouble
        assert found_as(SERIAL, around).trouble == ""

    def test_of_a_driver_that_is_missing(self) -> None:
        assert "driver (ch341 or cp210x) is missing" in found_as(Node("usb", "", (), CH340.usb, {})).trouble

    def test_of_a_name_that_will_not_last(self) -> None:
        bare = SERIAL._replace(links=())
        assert found_as(bare).path == "/dev/ttyUSB0"
        assert "udev does not run here" in found_as(bare, FINE._replace(udev=False)).trouble

    def test_is_looked_for_on_the_machine(self, tmp_path: Path) -> None:
        assert surroundings(tmp_path)[1:] == (False, False)
        for file in ("usr/bin/brltty", "run/udev/control"):
            (tmp_path / file).parent.mkdir(parents=True)
            (tmp_path / file).touch()
        assert surroundings(tmp_path)[1:] == (True, True)
        assert surroundings(tmp_path).may_use(str(tmp_path / "usr/bin/brltty"))
        assert not surroundings(tmp_path).may_use(str(tmp_path / "nothing"))


class TestSettings:
    @pytest.mark.parametrize("node", [SERIAL, CH340, NUMATO, HID_RELAY, WEDGE, WEBCAM])
    def test_to_paste_are_those_that_a_driver_takes(self, node: Node) -> None:
        device = found_as(node)
        for role in device.roles:
            read = {"scanner": scanner_options, "relay": relay_options}[role]
            assert device.path in str(read({"name": "left", **settings_for(device, role)}))

    def test_are_shown_as_the_file_has_them(self) -> None:
        shown = described(found_as(SERIAL))
        table = tomllib.loads(shown.partition("\n\n")[2])
        path = f"{BY_ID}/usb-QEMU_QEMU_USB_SERIAL_gate-if00-port0"
        assert table["gate"]["scanner"] == [{"name": "serial", "kind": "serial", "port": path}]
        assert table["gate"]["relay"] == {"kind": "lcus", "port": path}

    def test_warn_of_what_a_name_depends_on(self) -> None:
        assert "leave it in that one" in described(found_as(CH340))
        assert "leave it in that one" in described(found_as(HID_RELAY))
        assert "never name the keyboard that people type on" in described(found_as(WEDGE))

    def test_are_left_out_where_there_is_nothing_to_open(self) -> None:
        shown = described(found_as(Node("usb", "", (), CH340.usb, {}), FINE._replace(brltty=True)))
        assert "! brltty" in shown
        assert "[gate" not in shown


class TestThisMachine:
    def test_is_listed_through_udev(self) -> None:
        assert any(node.path.startswith("/dev/tty") for node in nodes())
        assert all(device.roles for device in found_devices())

    def test_is_told_by_the_command(self) -> None:
        told = CliRunner().invoke(devices)
        assert told.exit_code == 0
        assert all(device.path in told.output for device in found_devices())
        assert told.output.strip()
