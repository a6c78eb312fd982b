"""The real gate tells a real broker and a real server, and things go wrong around it."""

import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.gate.running_gate import ON, RunningGate
from tests.servers.hook import SECRET, Hook, receiving
from tests.servers.mosquitto import PASSWORD, USER, Broker, Listener
from tests.servers.program import Program
from tests.servers.waiting import wait_until
from tests.shop import WATCH, Shop

BACK_SECONDS = 30.0  # paho waits for up to 1 + 2 + 4 s between its tries here, Python starts slowly on a busy machine


class Outside:
    """A gate, a broker, a receiver, and what they hear."""

    def __init__(self, shop: Shop, gate: RunningGate, broker: Broker, hook_port: int) -> None:
        self.shop, self.gate, self.broker = shop, gate, broker
        self._hooks = ExitStack()
        self._hook_port = hook_port
        self._hooks_of_old: list[Hook] = []
        gate.file.write_text(
            gate.file.read_text()
            + f'[gate.mqtt]\nport = {broker.port}\nusername = "{USER}"\npassword_file = "mqtt.password"\n'
            f'[[gate.webhook]]\nname = "shop"\nurl = "http://127.0.0.1:{hook_port}/in"\nsecret_file = "shop.secret"\n'
        )
        for name, secret in (("mqtt.password", PASSWORD), ("shop.secret", SECRET)):
            (gate.folder / name).touch(mode=0o600)
            (gate.folder / name).write_text(secret)

    def open_hook(self) -> None:
        """Let somebody receive webhooks."""
        self._hooks_of_old.append(self._hooks.enter_context(receiving(self._hook_port)))

    def close_hook(self) -> None:
        """Nobody receives them any more."""
        self._hooks.close()

    def posted(self) -> list[dict[str, Any]]:
        """All that was taken, in order; nothing of it forged."""
        assert [hook.forged for hook in self._hooks_of_old] == [0] * len(self._hooks_of_old)
        return [told for hook in self._hooks_of_old for told in hook.taken]

    def alarm(self, *serials: str) -> None:
        """Let these unpaid units set the gate off, one after the other."""
        for serial in serials:
            self.gate.scan(serial)
            self.gate.wait_for_frame(ON)


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[Shop]:
    """On one engine: what is told outside comes from the gate's journal."""
    with Shop(sqlite_url) as opened:
        yield opened


@pytest.fixture
def outside(
    shop: Shop, tmp_path: Path, free_port: Callable[[], int], start_program: Callable[..., Program]
) -> Iterator[Outside]:
    shop.list_products((WATCH, "Watch", "250000"))
    shop.receive(WATCH, *(f"SN-{number}" for number in range(10)))
    broker = Broker(tmp_path / "broker", free_port())
    broker.start()
    gate = RunningGate(tmp_path, shop.url, f"127.0.0.1:{free_port()}", start_program)
    opened = Outside(shop, gate, broker, free_port())
    opened.open_hook()
    yield opened
    opened.close_hook()
    broker.kill()


@pytest.fixture
def listener(outside: Outside) -> Iterator[Listener]:
    heard = Listener(outside.broker)
    yield heard
    heard.close()


def serials(events: list[dict[str, Any]]) -> list[str]:
    """The serials of alarms, doubles left out by their ids."""
    return [told["serial"] for told in {told["id"]: told for told in events if told["event"] == "alarm"}.values()]


def states(listener: Listener) -> list[str]:
    """What the retained topic said, one after the other."""
    return [told["state"] for told in listener.events("state")]


def test_each_event_arrives_in_order_whatever_is_killed(outside: Outside, listener: Listener) -> None:
    gate = outside.gate
    gate.start()
    gate.wait_for({"mqtt": {"state": "ok"}, "webhook shop": {"state": "ok"}}, "outward", seconds=BACK_SECONDS)
    wait_until(lambda: states(listener)[-1:] == ["watching"], "the birth")
    outside.alarm("SN-0")
    urllib.request.urlopen(urllib.request.Request(f"http://{gate.address}/silence", method="POST"), timeout=5).close()
    wait_until(lambda: len(listener.events("silenced")) == 1, "the broker hears of it")
    wait_until(lambda: [told["event"] for told in outside.posted()] == ["alarm", "silenced"], "it is posted")

    outside.broker.kill()
    outside.close_hook()
    outside.alarm("SN-1", "SN-2")
    gate.wait_for("gone", "outward", "mqtt", "state", seconds=BACK_SECONDS)
    gate.wait_for("gone", "outward", "webhook shop", "state", seconds=BACK_SECONDS)
    assert gate.part("status") == "degraded"
    outside.broker.start()
    outside.open_hook()
    wait_until(lambda: serials(listener.events("alarm")) == ["SN-0", "SN-1", "SN-2"], "the broker hears", BACK_SECONDS)

    outside.broker.kill()
    outside.close_hook()
    outside.alarm("SN-3")
    wait_until(lambda: outside.shop.count("alarm") == 4, "it is written down: the relay comes first")
    gate.program.kill()
    outside.broker.start()
    outside.open_hook()
    gate.start()
    outside.alarm("SN-4")
    expected = [f"SN-{number}" for number in range(5)]
    wait_until(lambda: serials(listener.events("alarm")) == expected, "the broker hears all", BACK_SECONDS)
    wait_until(lambda: serials(outside.posted()) == expected, f"all is posted: {outside.posted()}", BACK_SECONDS)
    keys = [told["id"] for told in outside.posted()]
    assert sorted(set(keys), key=lambda key: int(key.rpartition("/")[2])) == list(dict.fromkeys(keys))


def test_the_last_will_of_a_killed_gate_is_heard(outside: Outside, listener: Listener) -> None:
    outside.gate.start()
    wait_until(lambda: states(listener)[-1:] == ["watching"], "the birth", BACK_SECONDS)
    outside.gate.program.kill()
    wait_until(lambda: states(listener)[-1] == "gone", "the last will", seconds=5)
