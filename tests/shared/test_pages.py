"""Money, time and words of the pages; the catalogues are whole and in step."""

import io
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from shared.pages import words

HOUSE = Path(__file__).parents[2]
CATALOGUES = sorted(HOUSE.glob("*/**/translations/*/LC_MESSAGES/messages.po"))
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
ID, EN = Locale("id"), Locale("en")
JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize("locale", [ID, EN])
def test_rupiah_has_dots_and_no_cents_in_every_language(locale: Locale) -> None:
    assert words.money(1234567, "IDR", locale) == "Rp1.234.567"
    assert words.money(0, "IDR", locale) == "Rp0"
    assert words.money(-500, "IDR", locale) == "-Rp500"


def test_other_currencies_have_their_own_digits() -> None:
    assert words.money(123456, "EUR", EN) == "\u20ac1,234.56"
    assert words.money(1234, "JPY", EN) == "\u00a51,234"


@pytest.mark.parametrize(
    ("typed", "currency", "units"),
    [
        ("150000", "IDR", 150000),
        ("Rp1.250.000", "IDR", 1250000),
        (" 1,250,000 ", "IDR", 1250000),
        ("12", "EUR", 1200),
        ("12,5", "EUR", 1250),
        ("12.50", "EUR", 1250),
        ("1.234", "EUR", 123400),
        ("1,234.50", "EUR", 123450),
        ("500", "JPY", 500),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: str, currency: str, units: int) -> None:
    assert words.amount(typed, currency) == units


@pytest.mark.parametrize("typed", ["", "Rp", "free", "-5", "1e5", "12.", "\u0661\u0662", "1 000"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="expected an amount"):
        words.amount(typed, "IDR")


def test_times_are_the_shops() -> None:
    then = words.time_of(1_763_787_661_000_000, JAKARTA)
    assert words.clock(then) == "12.01"
    assert words.moment(then, datetime(2025, 12, 1, tzinfo=UTC), ID) == "22 Nov 12.01"
    assert words.moment(then, datetime(2026, 1, 1, tzinfo=UTC), EN) == "22 Nov 2025 12.01"


def catalogue(po: Path) -> Catalog:
    """Read a catalogue's source."""
    with po.open("rb") as file:
        return read_po(file, locale=po.parent.parent.name)


def said(package: Path) -> set[object]:
    """List what a package's sources say, save packages in it that have a catalogue of their own."""
    others = {po.parents[3] for po in CATALOGUES} - {package}
    found = extract_from_dir(
        package, METHODS, keywords=KEYWORDS, directory_filter=lambda folder: Path(folder) not in others
    )
    return {message for _, _, message, _, _ in found}


def test_every_package_with_pages_has_a_catalogue() -> None:
    assert {HOUSE / "pos", HOUSE / "shared" / "pages"} <= {po.parents[3] for po in CATALOGUES}


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: str(po.parents[3].relative_to(HOUSE)))
def test_a_catalogue_says_everything_and_nothing_else(po: Path) -> None:
    entries = {entry.id: entry for entry in catalogue(po) if entry.id}
    assert set(entries) == said(po.parents[3])
    for entry in entries.values():
        strings = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        assert all(strings), entry.id
        assert not entry.fuzzy
        assert list(entry.check()) == []


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: str(po.parents[3].relative_to(HOUSE)))
def test_a_compiled_catalogue_is_in_step_with_its_source(po: Path) -> None:
    """Compile it anew with: pybabel compile --input-file X.po --output-file X.mo ."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(po))
    compiled.seek(0)
    with po.with_suffix(".mo").open("rb") as file:
        assert texts(read_mo(file)) == texts(read_mo(compiled))


def texts(compiled: Catalog) -> list[str]:
    """List what a compiled catalogue says; its head holds the time of compiling."""
    return sorted(f"{entry.id} = {entry.string}" for entry in compiled if entry.id)
