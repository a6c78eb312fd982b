"""A plain button, pressed with the events of the kernel's own (struct input_event); `tests/vm` presses a real one."""

import os
import struct
import time
from collections.abc import Iterator
from queue import SimpleQueue

import pytest
from evdev import InputEvent

from gate.button import ButtonState, button_options, button_reader
from gate.response import Silence
from hardware.button import Button, ButtonOptions, Press
from hardware.errors import DeviceLost, OpenFailed, OptionMistake

ENTER, VOLUME_UP, LEFT_SHIFT = 28, 115, 42
EVENT = "@llHHi"  # seconds, microseconds, type, code, value
DOWN, UP, HELD = 1, 0, 2


class Plugged:
    """What evdev opens: a node of a device, whose other end is the test's."""

    def __init__(self) -> None:
        self.fd, self.end = os.pipe()
        os.set_blocking(self.fd, False)
        self.is_grabbed = False
        self.held: list[int] = []

    def press(self, key: int, *values: int) -> None:
        """Write each as a HID keyboard gives it: the scan code, the key, the report."""
        for value in values:
            for event in ((4, 4, 0x70000 + key), (1, key, value), (0, 0, 0)):
                os.write(self.end, struct.pack(EVENT, int(time.time()), 0, *event))

    def pull_out(self) -> None:
        os.close(self.end)

    def grab(self) -> None:
        self.is_grabbed = True

    def active_keys(self) -> list[int]:
        return self.held

    def read(self) -> Iterator[InputEvent]:
        arrived = os.read(self.fd, 64 * struct.calcsize(EVENT))
        if not arrived:
            raise OSError(19, "No such device")
        return (InputEvent(*event) for event in struct.iter_unpack(EVENT, arrived))

    def close(self) -> None:
        os.close(self.fd)


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> list[Plugged]:
    """Every opening finds a device of its own, the newest last."""
    found: list[Plugged] = []

    def opened(_port: str) -> Plugged:
        found.append(Plugged())
        return found[-1]

    monkeypatch.setattr("hardware.grabbed.InputDevice", opened)
    monkeypatch.setattr("hardware.grabbed.wait_for_device", lambda *_: None)
    return found


@pytest.fixture
def button(plugged: list[Plugged]) -> Iterator[Button]:
    with Button(ButtonOptions(port="/dev/input/event9")) as opened:
        yield opened


@pytest.mark.parametrize("key", [ENTER, VOLUME_UP, LEFT_SHIFT])
def test_whatever_its_key_is_a_press_is_one_however_long_it_is_held(
    button: Button, plugged: list[Plugged], key: int
) -> None:
    plugged[0].press(key, DOWN, HELD, HELD, HELD)
    assert isinstance(button.read(0.5), Press)
    plugged[0].press(key, HELD, UP)
    assert button.read(0.05) is None
    assert plugged[0].is_grabbed


def test_nothing_is_no_press_and_what_is_gone_is_lost(button: Button, plugged: list[Plugged]) -> None:
    assert button.read(0.0) is None
    plugged[0].pull_out()
    with pytest.raises(DeviceLost, match="/dev/input/event9 is gone: No such device"):
        button.read(0.5)
    with pytest.raises(DeviceLost, match="not open"):
        button.read(0.0)


def test_one_that_is_stuck_is_told(plugged: list[Plugged], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Plugged, "active_keys", lambda _: [ENTER])
    with pytest.raises(OpenFailed, match="a key of it is down: let go of it"):
        Button(ButtonOptions(port="/dev/input/event9")).open()


def test_the_gate_hears_a_press_a_loss_and_that_it_is_back(plugged: list[Plugged]) -> None:
    news: SimpleQueue[Silence | ButtonState] = SimpleQueue()
    options = button_options({"port": "/dev/input/event9"})
    assert options is not None
    reader = button_reader(options, news.put)
    reader.start()
    assert news.get(timeout=5) == ButtonState("")
    plugged[0].press(ENTER, DOWN, UP)
    silence = news.get(timeout=5)
    assert isinstance(silence, Silence)
    assert abs(silence.at / 1_000_000 - time.time()) < 5
    plugged[0].pull_out()
    assert news.get(timeout=5) == ButtonState("/dev/input/event9 is gone: No such device")
    assert news.get(timeout=5) == ButtonState("")
    plugged[1].press(ENTER, DOWN)
    assert isinstance(news.get(timeout=5), Silence)
    reader.stop()


def test_its_table_is_checked_like_any_device_s() -> None:
    assert button_options({}) is None
    with pytest.raises(OptionMistake) as told:
        button_options({"kind": "gpio"})
    assert [key for key, _ in told.value.mistakes] == ["port", "kind"]
