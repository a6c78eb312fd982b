"""Settings: one file, every mistake at once."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from shared import settings
from shared.follow_settings import FollowSettings
from shared.settings import BackupSettings, SettingsError
from shared.tax_settings import TaxSettings

FULL = """
[shop]
name = "Toko Contoh"
store = "main"
currency = "IDR"
language = "id"
timezone = "Asia/Jakarta"
[database]
url = "sqlite:///lunas.db"
[till]
name = "till-1"
listen = "127.0.0.1:8080"
[[till.scanner]]
name = "counter"
kind = "serial"
port = "/dev/ttyUSB0"
baud = 9600
[gate]
name = "gate-1"
listen = "127.0.0.1:8081"
journal = "gate-1.journal"
armed = true
[[gate.scanner]]
name = "left"
kind = "serial"
port = "/dev/ttyUSB1"
[gate.relay]
kind = "lcus"
port = "/dev/ttyUSB2"
channel = 1
[gate.alarm]
seconds = 10
[backup]
folder = "backups"
every_hours = 24
keep = 30
[heads]
key = "lunas-heads.key"
"""
GATE = '[[gate.scanner]]\nkind = "virtual"\n[gate.relay]\nkind = "virtual"\n'


def write(folder: Path, text: str) -> Path:
    file = folder / "lunas.toml"
    file.write_text(text)
    return file


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as wrong:
        settings.load(write(folder, text))
    prefix = f"{folder / 'lunas.toml'}: "
    assert all(mistake.startswith(prefix) for mistake in wrong.value.mistakes)
    return [mistake.removeprefix(prefix) for mistake in wrong.value.mistakes]


def test_the_example_of_the_documentation_is_read(tmp_path: Path) -> None:
    chosen = settings.load(write(tmp_path, FULL))
    assert chosen.shop.name == "Toko Contoh"
    assert chosen.shop.timezone.key == "Asia/Jakarta"
    assert chosen.till.scanners == ({"name": "counter", "kind": "serial", "port": "/dev/ttyUSB0", "baud": 9600},)
    assert chosen.backup == BackupSettings(tmp_path / "backups", 24, 30)
    assert chosen.heads_key == tmp_path / "lunas-heads.key"
    assert chosen.gate is not None
    assert chosen.gate.armed
    assert chosen.gate.alarm.seconds == 10
    assert chosen.gate.relay == {"kind": "lcus", "port": "/dev/ttyUSB2", "channel": 1}
    assert str(chosen.gate.listen) == "127.0.0.1:8081"


def test_an_empty_file_gives_a_till_of_the_defaults_and_no_gate(tmp_path: Path) -> None:
    chosen = settings.load(write(tmp_path, ""))
    assert (chosen.till.name, str(chosen.till.listen), chosen.gate) == ("till-1", "127.0.0.1:8080", None)


def test_a_new_gate_is_in_trial(tmp_path: Path) -> None:
    chosen = settings.load(write(tmp_path, GATE))
    assert chosen.gate is not None
    assert not chosen.gate.armed


def test_relative_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, FULL)
    monkeypatch.chdir("/")
    chosen = settings.load(tmp_path / "lunas.toml")
    assert chosen.database_url == f"sqlite:///{tmp_path / 'lunas.db'}"
    assert chosen.gate is not None
    assert chosen.gate.journal == tmp_path / "gate-1.journal"


@pytest.mark.parametrize("url", ["sqlite:////srv/shop.db", "postgresql://lunas@host/shop", "postgresql+psycopg://u@/s"])
def test_database_urls_that_stand(tmp_path: Path, url: str) -> None:
    assert settings.load(write(tmp_path, f'[database]\nurl = "{url}"')).database_url == url


def test_every_mistake_is_reported_at_once(tmp_path: Path) -> None:
    text = """
    shopp = 1
    [shop]
    nam = "Toko"
    currency = "rupiah"
    language = "jv"
    timezone = "Asia/Atlantis"
    store = "main store"
    [database]
    url = "mysql://x/y"
    [till]
    name = ""
    listen = "8080"
    insecure = "yes"
    scanner = 5
    [gate]
    listen = "0.0.0.0:8081"
    [gate.alarm]
    seconds = 600
    unconfirmed = "bell"
    """
    found = mistakes(tmp_path, text)
    for expected in (
        "shop.nam: unknown; did you mean 'name'?",
        "shop.currency: expected text of 1 to 3 characters",
        "shop.language: expected one of id, en",
        "shop.timezone: expected a zone such as Asia/Jakarta, got 'Asia/Atlantis'",
        "shop.store: expected letters, digits, - _ . only",
        "database.url: expected sqlite:///FILE or postgresql://USER@HOST/NAME, got mysql",
        "till.name: expected text of 1 to 40 characters, got ''",
        'till.listen: expected "HOST:PORT"',
        "till.insecure: expected true or false, got 'yes'",
        "till.scanner: expected tables [[till.scanner]], got 5",
        "gate.scanner: expected at least one [[gate.scanner]]",
        "gate.relay: expected [gate.relay] with a kind",
        "gate.listen: 0.0.0.0:8081 can be reached from other machines without TLS",
        "gate.alarm.seconds: expected a number from 0.2 to 60, got 600",
        "gate.alarm.unconfirmed: expected one of chime, siren, got 'bell'",
        "shopp: unknown; did you mean 'shop'?",
    ):
        assert sum(mistake.startswith(expected) for mistake in found) == 1, (expected, found)
    assert len(found) == 16


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('shop = "x"', "shop: expected a table [shop], got 'x'"),
        ("[shop]\nname = 5", "shop.name: expected text of 1 to 80 characters, got 5"),
        ('[shop]\nname = "a\\u0007b"', "shop.name: expected text"),
        ('[shop]\ncurrency = "idr"', "shop.currency: expected three capital letters such as IDR"),
        ('[shop]\ntimezone = "/etc/passwd"', "shop.timezone: expected a zone"),
        (
            '[shop]\nbanana = "x"',
            "shop.banana: unknown; known here: address, currency, language, name, phone",
        ),
        ('[database]\nurl = "sqlite://"', "database.url: expected sqlite:///FILE"),
        ('[database]\nurl = "lunas.db"', "database.url: expected sqlite:///FILE"),
        ('[database]\nurl = "postgresql+psycopg2://u@h/d"', "database.url: expected sqlite:///FILE"),
        ('[till]\nlisten = "127.0.0.1:0"', "till.listen: expected"),
        ('[till]\nlisten = "127.0.0.1:65536"', "till.listen: expected"),
        ('[till]\nlisten = "127.0.0.1:٨٠"', "till.listen: expected"),
        ('[till]\nlisten = "0.0.0.0:80"', "till.listen: 0.0.0.0:80 can be reached"),
        ('[till]\nlisten = "[::]:80"', "till.listen: [::]:80 can be reached"),
        ('[[till.scanner]]\nname = "a"\n[[till.scanner]]\nname = "a"', "till.scanner: expected a different name"),
        (GATE + "[gate.alarm]\nseconds = true", "gate.alarm.seconds: expected a number"),
        (
            GATE + "[gate.alarm]\nsiren_value = 5\nquiet_over = 5",
            "gate.alarm.quiet_over: expected less than siren_value = 5",
        ),
        ("[shop", "is not TOML"),
    ],
)
def test_a_mistake_says_what_was_expected(tmp_path: Path, text: str, expected: str) -> None:
    (found,) = mistakes(tmp_path, text)
    assert found.startswith(expected)


@pytest.mark.parametrize("listen", ["localhost:8080", "127.0.0.9:1", "[::1]:65535"])
def test_loopback_is_open_to_nobody_else(tmp_path: Path, listen: str) -> None:
    chosen = settings.load(write(tmp_path, f'[till]\nlisten = "{listen}"'))
    assert chosen.till.listen.is_loopback
    assert str(chosen.till.listen) == listen


def test_an_open_door_has_to_be_asked_for(tmp_path: Path) -> None:
    chosen = settings.load(write(tmp_path, '[till]\nlisten = "0.0.0.0:80"\ninsecure = true'))
    assert not chosen.till.listen.is_loopback


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"expected {tmp_path}/no.toml"):
        settings.find(tmp_path / "no.toml")
    file = tmp_path / "lunas.toml"
    file.write_bytes(b'[shop]\nname = "\xff"')
    with pytest.raises(SettingsError, match="cannot be read"):
        settings.load(file)
    assert settings.find(file) == file


def test_the_file_is_looked_for_here_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "")
    assert settings.find(None) == Path("lunas.toml")


def test_relative_paths_lead_beside_the_file_and_for_services_to_where_they_may_write(tmp_path: Path) -> None:
    table = {"gate": {"scanner": [{"name": "left"}], "relay": {"kind": "virtual"}}}
    beside = settings.parse(table, tmp_path / "lunas.toml")
    assert beside.gate
    assert beside.gate.journal == tmp_path / "gate-1.journal"
    service = settings.parse(table, Path("/etc/lunas/lunas.toml"))
    assert service.gate
    assert service.gate.journal == Path("/var/lib/lunas/gate-1.journal")
    assert service.database_url == "sqlite:////var/lib/lunas/lunas.db"


def test_backups_are_asked_for_by_their_section_and_made_daily(tmp_path: Path) -> None:
    assert settings.load(write(tmp_path, "")).backup is None
    assert settings.load(write(tmp_path, "[backup]\n")).backup == BackupSettings(tmp_path / "backups", 24, 30)
    assert mistakes(tmp_path, "[backup]\nevery_hours = 0\nkeep = 1\n") == [
        "backup.every_hours: expected a number from 0.1 to 168, got 0",
        "backup.keep: expected a number from 2 to 1000, got 1",
    ]


# ---- a gate that follows a till's server


def follow(folder: Path, lines: str) -> FollowSettings | None:
    gate = settings.load(write(folder, f"[gate]\n{lines}\n{GATE}")).gate
    assert gate is not None
    return gate.follow


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://till.lan", "https://till.lan:443"), ("https://till.lan:8443/", "https://till.lan:8443"),
        ("https://192.168.1.5", "https://192.168.1.5:443"), ("https://[fd00::5]:8443", "https://[fd00::5]:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("http://localhost", "http://localhost:80"),
    ],
)  # fmt: skip
def test_the_till_that_a_gate_follows(tmp_path: Path, url: str, shown: str) -> None:
    chosen = follow(tmp_path, f'name = "door"\nfollow = "{url}"')
    assert chosen is not None
    assert (str(chosen), chosen.token_file, chosen.ca_file) == (shown, tmp_path / "door.token", None)


def test_its_files_are_relative_to_the_settings(tmp_path: Path) -> None:
    chosen = follow(tmp_path, 'follow = "https://till.lan"\ntoken_file = "t"\nca_file = "/etc/ca.crt"')
    assert chosen is not None
    assert (chosen.token_file, chosen.ca_file) == (tmp_path / "t", Path("/etc/ca.crt"))


def test_without_follow_a_gate_follows_the_database(tmp_path: Path) -> None:
    assert follow(tmp_path, "") is None


@pytest.mark.parametrize(
    "url",
    [
        "", "till.lan", "till.lan:8080", "ftp://till.lan", "https://", "https://till.lan/shop", "https://till.lan?x=1",
        "https://sari:secret@till.lan", "https://till.lan:0", "https://till.lan:99999", "https://till.lan:x",
        "https://[fd00::5", "https://kasír.lan", "postgresql://till.lan/lunas",
    ],
)  # fmt: skip
def test_an_address_that_is_no_till_s_is_a_mistake(tmp_path: Path, url: str) -> None:
    (mistake,) = mistakes(tmp_path, f'[gate]\nfollow = "{url}"\n{GATE}')
    assert mistake.startswith("gate.follow: expected")


def test_a_token_goes_through_the_network_without_tls_only_where_the_settings_say_so(tmp_path: Path) -> None:
    open_way = 'follow = "http://till.lan:8080"'
    (mistake,) = mistakes(tmp_path, f"[gate]\n{open_way}\n{GATE}")
    assert mistake.startswith("gate.follow: http://till.lan:8080 sends the gate's token without TLS")
    assert str(follow(tmp_path, f"{open_way}\ninsecure = true")) == "http://till.lan:8080"


def test_the_tills_that_are_asked_before_an_alarm(tmp_path: Path) -> None:
    lines = (
        '[gate]\nname = "door"\n[[gate.till]]\nurl = "https://till-1.lan"\n'
        '[[gate.till]]\nurl = "https://till-2.lan"\ntoken_file = "t"\nca_file = "c"\n'
    )
    gate = settings.load(write(tmp_path, lines + GATE.replace("[gate]", ""))).gate
    assert gate is not None
    assert [(str(till), till.token_file, till.ca_file) for till in gate.tills] == [
        ("https://till-1.lan:443", tmp_path / "door.token", None),
        ("https://till-2.lan:443", tmp_path / "t", tmp_path / "c"),
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('url = "till.lan"', "gate.till.url: expected the address of a till's server"),
        ("", "gate.till.url: expected the address of a till's server"),
        ("url = 5", "gate.till.url: expected text"),
        ('url = "http://till.lan"', "gate.till.url: http://till.lan sends the gate's token without TLS"),
        ('url = "https://till.lan"\ntoken = "x"', "gate.till.token: unknown; did you mean 'token_file'?"),
        ('url = "https://till.lan"\n[[gate.till]]\nurl = "https://till.lan"', "gate.till: expected a different"),
    ],
)
def test_a_till_that_cannot_be_asked_is_a_mistake(tmp_path: Path, lines: str, said: str) -> None:
    (mistake,) = mistakes(tmp_path, f"[gate]\n[[gate.till]]\n{lines}\n{GATE}")
    assert mistake.startswith(said)


@pytest.mark.parametrize("key", ["token_file", "ca_file"])
def test_files_for_a_till_that_is_not_named_are_a_mistake(tmp_path: Path, key: str) -> None:
    (mistake,) = mistakes(tmp_path, f'[gate]\n{key} = "x"\n{GATE}')
    assert mistake.startswith(f"gate.{key}: expected follow")


TAX = """
[tax]
registered = true
npwp = "01.234.567.8-901.000"
prices = "on_top"
[[tax.rate]]
class = "reduced"
from = 2027-01-01
rate = 7.25
[[tax.rate]]
class = "general"
from = 2027-01-01
rate = 12
base = "11/12"
"""


def test_taxes_are_read_as_exact_fractions(tmp_path: Path) -> None:
    tax = settings.load(write(tmp_path, TAX)).tax
    assert (tax.registered, tax.npwp, tax.on_top) == (True, "01.234.567.8-901.000", True)
    first_day, before = tax.on(date(2027, 1, 1)), tax.on(date(2026, 12, 31))
    assert first_day["reduced"].effective == Fraction(29, 400)
    assert first_day["general"].effective == Fraction(11, 100)
    assert "reduced" not in before


def test_a_shop_shows_no_tax_unless_it_says_that_it_is_registered(tmp_path: Path) -> None:
    assert settings.load(write(tmp_path, "")).tax == TaxSettings()
    assert not TaxSettings().registered


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("registered = true", "tax.npwp: expected it beside registered = true"),
        ('npwp = "12"', "tax.npwp: expected 15, 16 or 22 digits, got '12'"),
        ('prices = "net"', "tax.prices: expected one of inclusive, on_top, got 'net'"),
        ('[[tax.rate]]\nclass = "a"\nrate = 5', "tax.rate.from: expected a day such as 2025-01-01"),
        ('[[tax.rate]]\nclass = "a"\nfrom = "2025-01-01"\nrate = 5', "tax.rate.from: expected a day such as"),
        ("[[tax.rate]]\nfrom = 2025-01-01", "tax.rate.rate: expected a percentage such as 12, it is missing"),
        ("[[tax.rate]]\nfrom = 2025-01-01\nrate = 120", "tax.rate.rate: expected a number from 0 to 100, got 120"),
        ('[[tax.rate]]\nfrom = 2025-01-01\nrate = 1\nbase = "12/11"', "tax.rate.base: expected the share of the price"),
    ],
)
def test_a_mistake_in_the_taxes_is_told(tmp_path: Path, line: str, told: str) -> None:
    (mistake,) = mistakes(tmp_path, f"[tax]\n{line}\n")
    assert told in mistake
