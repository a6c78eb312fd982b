"""`[gate.mqtt]` and `[[gate.webhook]]`: where the gate tells what happens."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from shared.table_reader import HIGHEST_PORT, Address, TableReader

LONGEST = 500
PORTS = {"https": 443, "http": 80}
MQTT_PORT, MQTT_TLS_PORT = 1883, 8883
WILD = "#+"  # what a topic that is published may not hold


@dataclass(frozen=True, slots=True)
class MqttSettings:
    """`[gate.mqtt]`: the broker, how it is reached, and what all topics begin with."""

    address: Address
    is_tls: bool
    ca_file: Path | None
    username: str | None
    password_file: Path | None
    topic: str


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """One `[[gate.webhook]]`: where to post, and the file of the secret that signs. `path` holds the query too.

    `ca_file` has the certificates that are trusted there; None: those that the machine trusts.
    """

    name: str
    address: Address
    is_tls: bool
    path: str
    secret_file: Path
    ca_file: Path | None = None


def read_mqtt(gate: TableReader, folder: Path, *, insecure: bool) -> MqttSettings | None:
    """Read `[gate.mqtt]`; None where there is none."""
    if not gate.has("mqtt"):
        return None
    reader = gate.table("mqtt")
    is_tls = reader.flag("tls", default=False)
    port = reader.number("port", MQTT_TLS_PORT if is_tls else MQTT_PORT, 1, HIGHEST_PORT)
    address = Address(reader.text("host", "localhost", LONGEST), round(port))
    ca_file, username = reader.optional_text("ca_file", LONGEST), reader.optional_text("username", LONGEST)
    password_file = reader.optional_text("password_file", LONGEST)
    topic = reader.text("topic", "lunas", LONGEST)
    if not (is_tls or address.is_loopback or insecure):
        reader.mistake("tls", f"{address} would be told without TLS. Say tls = true here, or insecure = true in [gate]")
    if ca_file and not is_tls:
        reader.mistake("ca_file", "expected tls = true beside it")
    if password_file and not username:
        reader.mistake("password_file", "expected username beside it")
    if any(sign in topic for sign in WILD) or topic.startswith(("/", "$")) or topic.endswith("/"):
        reader.mistake("topic", f'expected what topics begin with, such as "lunas" or "shop/door", got {topic!r}')
    reader.finish()
    return MqttSettings(address, is_tls, _file(folder, ca_file), username, _file(folder, password_file), topic)


def read_webhooks(gate: TableReader, folder: Path, *, insecure: bool) -> tuple[WebhookSettings, ...]:
    """Read each `[[gate.webhook]]`."""
    return tuple(_webhook(gate.entry("webhook", table), folder, insecure=insecure) for table in gate.tables("webhook"))


def _webhook(reader: TableReader, folder: Path, *, insecure: bool) -> WebhookSettings:
    name = reader.name("name", "webhook")
    given, ca_file = reader.text("url", "", LONGEST), reader.optional_text("ca_file", LONGEST)
    url = _url(given)
    secret_file = folder / reader.text("secret_file", f"{name}.secret", LONGEST)
    if given and url is None:
        reader.mistake("url", f'expected an address such as "https://host/path", got {given!r}')
    url = url or urlsplit("https://localhost/")
    is_tls = url.scheme == "https"
    if ca_file and not is_tls:
        reader.mistake("ca_file", "expected an address that begins with https:// beside it")
    address = Address(str(url.hostname), url.port or PORTS[url.scheme])
    if not (is_tls or address.is_loopback or insecure):
        reader.mistake("url", f"{given} would be told without TLS. Use https, or say insecure = true in [gate]")
    reader.finish()
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    return WebhookSettings(name, address, is_tls, path, secret_file, _file(folder, ca_file))


def _url(given: str) -> SplitResult | None:
    try:
        url = urlsplit(given)
        is_address = url.scheme in PORTS and url.netloc and url.port != 0 and not url.fragment
    except ValueError:
        return None
    is_plain = given.isascii() and given.isprintable() and " " not in given and "@" not in url.netloc
    return url if is_address and url.hostname and is_plain else None


def _file(folder: Path, name: str | None) -> Path | None:
    return folder / name if name else None
