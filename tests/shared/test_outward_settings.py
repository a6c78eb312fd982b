"""`[gate.mqtt]` and `[[gate.webhook]]`: what they say is checked, and nothing leaves without TLS unasked."""

import tomllib
from pathlib import Path

import pytest

from shared import settings
from shared.gate_settings import GateSettings
from shared.settings import SettingsError
from shared.table_reader import Address

GATE = '[gate]\n{more}\n[[gate.scanner]]\nname = "left"\nkind = "virtual"\n[gate.relay]\nkind = "virtual"\n'


def read(folder: Path, outward: str, more: str = "") -> GateSettings:
    table = tomllib.loads(GATE.format(more=more) + outward)
    gate = settings.parse(table, folder / "lunas.toml").gate
    assert gate
    return gate


def test_a_gate_tells_nobody_unless_it_is_told_to(tmp_path: Path) -> None:
    assert read(tmp_path, "").told_outside == []


def test_a_broker_on_this_machine_needs_no_more_than_the_section(tmp_path: Path) -> None:
    mqtt = read(tmp_path, "[gate.mqtt]\n").mqtt
    assert mqtt
    assert (mqtt.address, mqtt.is_tls, mqtt.topic) == (Address("localhost", 1883), False, "lunas")
    assert (mqtt.username, mqtt.password_file, mqtt.ca_file) == (None, None, None)


def test_a_broker_elsewhere_is_reached_by_tls(tmp_path: Path) -> None:
    told = (
        '[gate.mqtt]\nhost = "broker.lan"\ntls = true\nca_file = "broker.crt"\nusername = "gate"\npassword_file = "p"\n'
    )
    mqtt = read(tmp_path, told).mqtt
    assert mqtt
    assert (mqtt.address, mqtt.is_tls) == (Address("broker.lan", 8883), True)
    assert (mqtt.username, mqtt.password_file, mqtt.ca_file) == ("gate", tmp_path / "p", tmp_path / "broker.crt")


def test_a_webhook_has_an_address_and_a_secret_of_its_own(tmp_path: Path) -> None:
    told = '[[gate.webhook]]\nname = "shop"\nurl = "https://shop.example/in?x=1"\n'
    (own,) = read(tmp_path, told + 'ca_file = "shop.crt"\n').webhooks
    assert own.ca_file == tmp_path / "shop.crt"
    gate = read(tmp_path, told)
    (hook,) = gate.webhooks
    assert (hook.address, hook.is_tls, hook.path) == (Address("shop.example", 443), True, "/in?x=1")
    assert (hook.secret_file, hook.ca_file) == (tmp_path / "shop.secret", None)
    assert gate.told_outside == ["webhook shop"]


@pytest.mark.parametrize(
    "outward",
    ['[gate.mqtt]\nhost = "broker.lan"\n', '[[gate.webhook]]\nname = "shop"\nurl = "http://shop.example/"\n'],
)
def test_without_tls_a_person_has_to_say_so(tmp_path: Path, outward: str) -> None:
    with pytest.raises(SettingsError, match="would be told without TLS"):
        read(tmp_path, outward)
    assert read(tmp_path, outward, more="insecure = true").told_outside


@pytest.mark.parametrize(
    ("outward", "mistake"),
    [
        ('[gate.mqtt]\nca_file = "x"\n', "gate.mqtt.ca_file: expected tls = true beside it"),
        ('[gate.mqtt]\npassword_file = "x"\n', "gate.mqtt.password_file: expected username beside it"),
        ('[gate.mqtt]\ntopic = "shop/#"\n', "gate.mqtt.topic: expected what topics begin with"),
        ('[gate.mqtt]\nhots = "x"\n', "gate.mqtt.hots: unknown; did you mean 'host'?"),
        ('[[gate.webhook]]\nname = "shop"\n', "gate.webhook shop.url: expected text"),
        (
            '[[gate.webhook]]\nname = "shop"\nurl = "http://localhost/"\nca_file = "x"\n',
            "shop.ca_file: expected an address that begins with https://",
        ),
        ('[[gate.webhook]]\nname = "shop"\nurl = "shop.example"\n', 'shop.url: expected an address such as "https://'),
        (
            '[[gate.webhook]]\nname = "shop"\nurl = "https://u:p@h/"\n',
            'shop.url: expected an address such as "https://',
        ),
        ('[[gate.webhook]]\nname = "a"\nurl = "https://h/"\n' * 2, "gate.webhook: expected a different name for each"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, outward: str, mistake: str) -> None:
    with pytest.raises(SettingsError) as told:
        read(tmp_path, outward)
    assert any(mistake in line for line in told.value.mistakes), told.value.mistakes
