"""TOML to frozen settings. Every mistake is reported at once; an unknown key is a mistake.

Scanners and relays stay tables here: what they may say is their driver's business (see `hardware.catalog`).
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import exc, make_url

from shared.follow_settings import FollowSettings, read_follow
from shared.languages import LANGUAGES
from shared.table_reader import Address, Table, TableReader

SYSTEM_FILE, SYSTEM_DATA = Path("/etc/lunas/lunas.toml"), Path("/var/lib/lunas")
PLACES = (Path("lunas.toml"), SYSTEM_FILE)
DIRECTIONS = ("in", "out", "both")
LONGEST_ALARM = 60  # seconds; a relay is never on for longer without a new alarm's decision


class SettingsError(Exception):
    """Settings that cannot be used; `mistakes` holds one line for each."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = list(mistakes)
        super().__init__("\n".join(self.mistakes))


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """`[shop]`."""

    name: str = "Lunas"
    store: str = "main"
    currency: str = "IDR"
    language: str = "id"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Jakarta"))


@dataclass(frozen=True, slots=True)
class TillSettings:
    """`[till]`; `scanners` are the `[[till.scanner]]` tables."""

    name: str = "till-1"
    listen: Address = field(default_factory=lambda: Address("127.0.0.1", 8080))
    insecure: bool = False
    scanners: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class AlarmSettings:
    """`[gate.alarm]`: how long the relay is on, what an alarm that nobody could confirm does (`chime` or `siren`).

    With outputs for both, a chime becomes a siren after `siren_after` seconds without an answer, or at once with
    `siren_items` items or items worth `siren_value`; 0 is never.
    """

    seconds: float = 10.0
    unconfirmed: str = "chime"
    siren_after: float = 15.0
    siren_items: int = 3
    siren_value: int = 0


@dataclass(frozen=True, slots=True)
class GateSettings:
    """`[gate]`; `scanners`, `relay` and `outputs` are tables for the drivers. `walk_by`: when the daily walk is due.

    `entrances` are the scanners with `direction = "in"`, `policy` is a table for the gate's program to check. `follow`
    is None where it follows the database itself.
    """

    name: str
    listen: Address
    insecure: bool
    journal: Path
    armed: bool
    scanners: tuple[Table, ...]
    relay: Table
    alarm: AlarmSettings
    walk_by: time | None = None
    entrances: frozenset[str] = frozenset()
    policy: Table = field(default_factory=dict)
    follow: FollowSettings | None = None
    outputs: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class BackupSettings:
    """`[backup]`: where the till's server puts backups, how often, and how many it keeps."""

    folder: Path
    every_hours: float
    keep: int


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole file. `heads_key` is the file of the key that signs heads (`[heads] key`)."""

    shop: ShopSettings
    database_url: str
    till: TillSettings
    gate: GateSettings | None
    file: Path
    backup: BackupSettings | None
    heads_key: Path


def find(given: Path | None) -> Path:
    """The settings file to use. Raises SettingsError where there is none."""
    places = (given,) if given else PLACES
    for place in places:
        if place.is_file():
            return place
    looked = " or ".join(str(place) for place in places)
    raise SettingsError([f"no settings file: expected {looked}. To write one to start from, run: lunas init"])


def data_folder(file: Path) -> Path:
    """Where the relative paths of a settings file lead: beside it, or for the machine's own to where services write."""
    return SYSTEM_DATA if file == SYSTEM_FILE else file.resolve().parent


def load(file: Path) -> Settings:
    """Read the settings. Raises SettingsError with every mistake in the file."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{file}: cannot be read: {error}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{file}: is not TOML: {error}"]) from error
    return parse(table, file)


def parse(table: Table, file: Path) -> Settings:
    """Check the parsed file. Raises SettingsError with every mistake in it."""
    reader = TableReader("", table, [])
    shop = _shop(reader.table("shop"))
    folder = data_folder(file)
    url = _database(reader.table("database"), folder)
    till = _till(reader.table("till"))
    gate = _gate(reader.table("gate"), folder) if "gate" in table else None
    backup = _backup(reader.table("backup"), folder) if "backup" in table else None
    heads_key = _heads_key(reader.table("heads"), folder)
    reader.finish()
    if reader.mistakes:
        raise SettingsError(f"{file}: {mistake}" for mistake in reader.mistakes)
    return Settings(shop, url, till, gate, file, backup, heads_key)


def _shop(reader: TableReader) -> ShopSettings:
    default = ShopSettings()
    shop = ShopSettings(
        name=reader.text("name", default.name, longest=80),
        store=reader.name("store", default.store),
        currency=reader.text("currency", default.currency, longest=3),
        language=reader.choice("language", default.language, LANGUAGES),
        timezone=_zone(reader, default.timezone),
    )
    if len(shop.currency) != 3 or not shop.currency.isalpha() or not shop.currency.isupper():  # noqa: PLR2004 - ISO 4217
        reader.mistake("currency", f"expected three capital letters such as IDR, got {shop.currency!r}")
    reader.finish()
    return shop


def _zone(reader: TableReader, default: ZoneInfo) -> ZoneInfo:
    name = reader.text("timezone", default.key, longest=80)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        reader.mistake("timezone", f"expected a zone such as Asia/Jakarta, got {name!r}")
        return default


def _database(reader: TableReader, folder: Path) -> str:
    given = reader.text("url", "sqlite:///lunas.db", longest=500)
    reader.finish()
    try:
        url = make_url(given)
    except exc.ArgumentError:
        reader.mistake("url", "expected sqlite:///FILE or postgresql://USER@HOST/NAME")
        return given
    if url.drivername == "sqlite" and url.database:
        return url.set(database=str(folder / url.database)).render_as_string(hide_password=False)
    if url.drivername not in {"postgresql", "postgresql+psycopg"} or not url.database:
        reader.mistake("url", f"expected sqlite:///FILE or postgresql://USER@HOST/NAME, got {url.drivername}:...")
    return given


def _till(reader: TableReader) -> TillSettings:
    default = TillSettings()
    till = TillSettings(
        name=reader.name("name", default.name),
        listen=reader.address("listen", default.listen),
        insecure=reader.flag("insecure", default=False),
        scanners=reader.tables("scanner"),
    )
    _refuse_open_door(reader, till.listen, till.insecure)
    reader.finish()
    return till


def _gate(reader: TableReader, folder: Path) -> GateSettings:
    name = reader.name("name", "gate-1")
    tables = reader.tables("scanner")
    insecure = reader.flag("insecure", default=False)
    gate = GateSettings(
        name=name,
        listen=reader.address("listen", Address("127.0.0.1", 8081)),
        insecure=insecure,
        journal=folder / reader.text("journal", f"{name}.journal", longest=500),
        armed=reader.flag("armed", default=False),
        scanners=_without_direction(tables),
        entrances=_entrances(reader, tables),
        relay=reader.driver("relay"),
        alarm=_alarm(reader.table("alarm")),
        policy=reader.driver("policy"),
        walk_by=reader.time_of_day("walk_by"),
        follow=read_follow(reader, folder, name, insecure=insecure),
        outputs=reader.tables("output"),
    )
    if not gate.scanners:
        reader.mistake("scanner", "expected at least one [[gate.scanner]]; a gate without one sees nothing")
    if not gate.relay and not gate.outputs:
        reader.mistake("relay", 'expected [gate.relay] with a kind, or [[gate.output]]; kind = "virtual" is a dry run')
    _refuse_open_door(reader, gate.listen, gate.insecure)
    reader.finish()
    return gate


def _without_direction(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """Which way a scanner looks is the gate's business, not its driver's."""
    return tuple({key: value for key, value in table.items() if key != "direction"} for table in tables)


def _entrances(reader: TableReader, tables: tuple[Table, ...]) -> frozenset[str]:
    for table in tables:
        if table.get("direction", "out") not in DIRECTIONS:
            got = f"{table.get('name')}: expected direction in, out or both, got {table['direction']!r}"
            reader.mistake("scanner", got)
    return frozenset(str(table.get("name")) for table in tables if table.get("direction") == "in")


def _alarm(reader: TableReader) -> AlarmSettings:
    default = AlarmSettings()
    alarm = AlarmSettings(
        seconds=reader.number("seconds", default.seconds, 0.2, LONGEST_ALARM),
        unconfirmed=reader.choice("unconfirmed", default.unconfirmed, ("chime", "siren")),
        siren_after=reader.number("siren_after", default.siren_after, 0, 600),
        siren_items=round(reader.number("siren_items", default.siren_items, 0, 1000)),
        siren_value=round(reader.number("siren_value", default.siren_value, 0, 10**12)),
    )
    reader.finish()
    return alarm


def _backup(reader: TableReader, folder: Path) -> BackupSettings:
    backup = BackupSettings(
        folder=folder / reader.text("folder", "backups", longest=500),
        every_hours=reader.number("every_hours", 24, 0.1, 168),
        keep=round(reader.number("keep", 30, 2, 1000)),
    )
    reader.finish()
    return backup


def _heads_key(reader: TableReader, folder: Path) -> Path:
    key = folder / reader.text("key", "lunas-heads.key", longest=500)
    reader.finish()
    return key


def _refuse_open_door(reader: TableReader, listen: Address, insecure: bool) -> None:  # noqa: FBT001 - a setting's value
    if not listen.is_loopback and not insecure:
        reader.mistake(
            "listen",
            f"{listen} can be reached from other machines without TLS. Put a TLS proxy before a loopback address,"
            " or say insecure = true",
        )
