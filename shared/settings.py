"""TOML to frozen settings. Every mistake is reported at once; an unknown key is a mistake.

Scanners and relays stay tables here: what they may say is their driver's business (see `hardware.catalog`).
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import exc, make_url

from shared.gate_settings import GateSettings, read_gate
from shared.languages import LANGUAGES
from shared.mail_settings import MailSettings, read_mail
from shared.paying_settings import PayingSettings, read_paying
from shared.table_reader import Address, Table, TableReader
from shared.tax_settings import TaxSettings, read_tax
from shared.till_keys import KEYS, read_keys

SYSTEM_FILE, SYSTEM_DATA = Path("/etc/lunas/lunas.toml"), Path("/var/lib/lunas")
PLACES = (Path("lunas.toml"), SYSTEM_FILE)


class SettingsError(Exception):
    """Settings that cannot be used; `mistakes` holds one line for each."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = list(mistakes)
        super().__init__("\n".join(self.mistakes))


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """`[shop]`; `address` and `phone` are for receipts."""

    name: str = "Lunas"
    store: str = "main"
    currency: str = "IDR"
    language: str = "id"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Jakarta"))
    address: tuple[str, ...] = ()
    phone: str = ""


@dataclass(frozen=True, slots=True)
class TillSettings:
    """`[till]`; `scanners` are the `[[till.scanner]]` tables; `discount_limit` is in percent.

    `refund_limit` is the most that one person may give back alone; `shifts`: nothing is paid without an open shift.
    `own_copy` is the file from which the till sells while its database is gone, None for a database that is a file of
    the till's machine. `keys` is which key of its page does what.
    """

    name: str = "till-1"
    listen: Address = field(default_factory=lambda: Address("127.0.0.1", 8080))
    insecure: bool = False
    discount_limit: float = 10
    refund_limit: int = 500_000
    shifts: bool = False
    scanners: tuple[Table, ...] = ()
    printer: Table = field(default_factory=dict)
    own_copy: Path | None = None
    keys: Mapping[str, str] = field(default_factory=lambda: KEYS)


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
    tax: TaxSettings
    paying: PayingSettings
    mail: MailSettings | None


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
    till = _till(reader.table("till"), folder, is_file=url.startswith("sqlite"))
    gate = read_gate(reader.table("gate"), folder) if "gate" in table else None
    backup = _backup(reader.table("backup"), folder) if "backup" in table else None
    heads_key = _heads_key(reader.table("heads"), folder)
    tax = read_tax(reader.table("tax"))
    paying = read_paying(reader.table("paying"), shop.currency)
    mail = read_mail(reader.table("mail"), folder) if "mail" in table else None
    reader.finish()
    if reader.mistakes:
        raise SettingsError(f"{file}: {mistake}" for mistake in reader.mistakes)
    return Settings(shop, url, till, gate, file, backup, heads_key, tax, paying, mail)


def _shop(reader: TableReader) -> ShopSettings:
    default = ShopSettings()
    shop = ShopSettings(
        name=reader.text("name", default.name, longest=80),
        store=reader.name("store", default.store),
        currency=reader.text("currency", default.currency, longest=3),
        language=reader.choice("language", default.language, LANGUAGES),
        timezone=_zone(reader, default.timezone),
        address=reader.texts("address", most=4, longest=48),
        phone=reader.optional_text("phone", longest=40) or "",
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


def _till(reader: TableReader, folder: Path, *, is_file: bool) -> TillSettings:
    default = TillSettings()
    name = reader.name("name", default.name)
    own_copy = folder / reader.text("own_copy", f"{name}.copy", longest=500)
    till = TillSettings(
        name=name,
        listen=reader.address("listen", default.listen),
        insecure=reader.flag("insecure", default=False),
        discount_limit=reader.number("discount_limit", default.discount_limit, 0, 100),
        refund_limit=round(reader.number("refund_limit", default.refund_limit, 0, 10**12)),
        shifts=reader.flag("shifts", default=False),
        scanners=reader.tables("scanner"),
        printer=reader.driver("printer"),
        own_copy=None if is_file else own_copy,
        keys=read_keys(reader.table("keys")),
    )
    reader.refuse_open_door(till.listen, insecure=till.insecure)
    reader.finish()
    return till


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
