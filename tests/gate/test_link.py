"""The line between the daemon and a program beside it, which is the real screen."""

import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gate.link import Companion
from tests.gate.screen.watched import status
from tests.servers.program import health
from tests.servers.waiting import wait_until

Pressed = list[dict[str, Any]]


@pytest.fixture
def address(free_port: Callable[[], int]) -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
def pressed() -> Pressed:
    return []


@pytest.fixture
def process(address: str, pressed: Pressed) -> Iterator[Companion]:
    screen = Companion(
        "gate.screen", ["no-settings.toml", *address.split(":"), "en", "IDR", "Asia/Jakarta"], pressed.append
    )
    show_until(screen, lambda: health(address)[0] == 200)
    yield screen
    screen.stop()


def show_until(screen: Companion, condition: Callable[[], bool]) -> None:
    """Tell the status again and again, as the daemon does."""

    def shown() -> bool:
        screen.show(status())
        return condition()

    wait_until(shown, "the screen does its part", seconds=20)


def press(address: str) -> None:
    urllib.request.urlopen(urllib.request.Request(f"http://{address}/silence", method="POST"), timeout=5).close()


def test_what_people_press_is_heard(process: Companion, address: str, pressed: Pressed) -> None:
    for _ in range(3):
        press(address)
    show_until(process, lambda: len(pressed) == 3)
    assert pressed == [{"do": "silence"}] * 3


def test_a_screen_that_does_not_read_never_makes_the_daemon_wait(process: Companion) -> None:
    assert process._process is not None
    process._process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    for _ in range(2000):
        process.show(status())
    process._process.send_signal(signal.SIGCONT)
    assert time.monotonic() - began < 5.0


def test_a_dead_screen_is_started_again(process: Companion, address: str) -> None:
    assert process._process is not None
    process._process.kill()
    process._process.wait()
    show_until(process, lambda: health(address)[0] == 200)
