"""The gate's devices as the settings name them: which outputs they make, and every mistake at once."""

import tomllib
from pathlib import Path

import pytest

from gate.devices import make_devices
from gate.pattern import Role
from shared import settings
from shared.gate_settings import GateSettings
from shared.settings import SettingsError

SCANNER = '[[gate.scanner]]\nname = "left"\nkind = "virtual"\n'
RELAY = '[gate.relay]\nkind = "virtual"\n'


def output(name: str, role: str, more: str = "") -> str:
    return f'[[gate.output]]\nname = "{name}"\nrole = "{role}"\nkind = "virtual"\n{more}\n'


def chosen(text: str) -> GateSettings:
    gate = settings.parse(tomllib.loads(SCANNER + text), Path("lunas.toml")).gate
    assert gate
    return gate


def outputs(text: str) -> list[tuple[str, Role]]:
    return [(each.name, each.role) for each in make_devices(chosen(text))[1]]


def mistakes(text: str) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        make_devices(chosen(text))
    return refused.value.mistakes


def test_a_relay_is_a_siren() -> None:
    assert outputs(RELAY) == [("relay", Role.SIREN)]


def test_outputs_are_what_their_roles_say_beside_the_relay() -> None:
    text = RELAY + output("bell", "chime") + output("amber", "fault")
    assert outputs(text) == [("relay", Role.SIREN), ("bell", Role.CHIME), ("amber", Role.FAULT)]


def test_outputs_alone_are_enough() -> None:
    assert outputs(output("bell", "chime")) == [("bell", Role.CHIME)]


def test_no_output_locks() -> None:
    assert mistakes(output("door", "lock")) == [
        "gate.output door: role: expected one of chime, lamp, siren, fault, got 'lock'"
    ]


def test_every_mistake_is_told_at_once() -> None:
    text = '[[gate.output]]\nkind = "modbus"\n' + output("bell", "chimes", "channel = 1")
    assert mistakes(text) == [
        "gate.output 1: name: is missing; expected what the shop calls the output",
        "gate.output 1: role: is missing; expected one of chime, lamp, siren, fault",
        (
            "gate.output 1: port: is missing; expected the device's path, such as /dev/serial/by-id/..., or"
            " socket://host:port"
        ),
        "gate.output bell: role: expected one of chime, lamp, siren, fault, got 'chimes'; did you mean 'chime'?",
        "gate.output bell: channel: unknown key; known are name, kind",
    ]


def test_a_gate_that_could_tell_of_no_alarm_is_refused() -> None:
    assert mistakes(output("amber", "fault")) == [
        "gate.output: expected at least one that tells of an alarm: a chime, a lamp or a siren"
    ]


def test_an_output_with_the_relays_name_is_refused() -> None:
    assert mistakes(RELAY + output("relay", "lamp")) == [
        "gate.output relay: expected a different name for each, got one twice"
    ]


def test_a_gate_without_any_is_refused() -> None:
    with pytest.raises(
        SettingsError, match=r"gate\.relay: expected \[gate.relay\] with a kind, or \[\[gate.output\]\]"
    ):
        chosen("")
