"""Labels: serials of the shop's own, received and printed in one go."""

from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from pos import lookup
from pos.office import label_sheet, labels
from pos.office.labels import Label
from shared import codes
from shared.ledger import Turn
from tests.pos.test_commands import Command, lunas  # noqa: F401 - the fixture
from tests.shop import WATCH, Shop
from tests.shops import on_sqlite


def issue(shop: Shop, count: int) -> list[Label]:
    def issued(turn: Turn) -> list[Label]:
        product = lookup.find_product(turn.connection, WATCH)
        assert product is not None
        return labels.issue(turn, product, count)

    return shop.in_office(issued)


def read(pdf: bytes) -> list[set[str]]:
    """What a scanner reads off each page, printed at 300 dots an inch."""
    formats = zxingcpp.barcode_formats_from_str("Code128,QRCode")
    pages = [page.render(scale=300 / 72, grayscale=True).to_numpy().squeeze() for page in pypdfium2.PdfDocument(pdf)]
    return [
        {f"{seen.format.name} {seen.text}" for seen in zxingcpp.read_barcodes(page, formats=formats)} for page in pages
    ]


def test_each_label_is_a_unit_in_stock(shop: Shop) -> None:
    issued = issue(shop, 3)
    assert [shop.state(label.serial) for label in issued] == ["in_stock"] * 3
    assert all(codes.printed(label.serial) != label.serial for label in issued)
    with shop.database.reading() as connection:
        assert labels.in_stock(connection) == issued
        assert labels.count(connection) == 3
    assert shop.broken() == []


@on_sqlite
def test_what_was_sold_needs_no_label(shop: Shop) -> None:
    first, second = issue(shop, 2)
    shop.sell(first.serial, cash=150000)
    with shop.database.reading() as connection:
        assert labels.in_stock(connection) == [second]
        assert labels.count(connection) == 2


@on_sqlite
@pytest.mark.parametrize("count", [0, -1, labels.MOST + 1])
def test_no_count_beyond_the_sheets(shop: Shop, count: int) -> None:
    with pytest.raises(ValueError, match="expected 1 to 1000 labels"):
        issue(shop, count)


def test_every_label_of_every_page_is_read_by_both_its_codes() -> None:
    printed = [
        Label("Jam tangan Senja edisi peluncuran dengan tali kulit cokelat tua", codes.issue()) for _ in range(26)
    ]
    pages = read(label_sheet.draw(printed))
    assert [len(page) for page in pages] == [48, 4]
    assert set.union(*pages) == {f"{kind} {label.serial}" for label in printed for kind in ("Code128", "QRCode")}


@pytest.mark.parametrize("name", ["", "x" * 120, "手表", "Arloji 🕰", "W" * 60 + " " + "i" * 59])
def test_no_name_spoils_a_label(name: str) -> None:
    (page,) = read(label_sheet.draw([Label(name, serial := codes.issue())]))
    assert page == {f"Code128 {serial}", f"QRCode {serial}"}


@on_sqlite
def test_the_command_receives_and_prints(lunas: Command, shop: Shop, tmp_path: Path) -> None:  # noqa: F811 - as above
    out = tmp_path / "labels.pdf"
    told = lunas("labels", "--product", WATCH, "--count", "5", "--out", str(out))
    assert (told.status, told.out) == (0, f"5 units received; their labels are in {out}\n")
    (page,) = read(out.read_bytes())
    assert len(page) == 10
    assert all(shop.state(text.partition(" ")[2]) == "in_stock" for text in page)
    again = lunas("labels", "--product", WATCH, "--count", "5", "--out", str(out))
    assert (again.status, "is there already" in again.err) == (1, True)
    assert shop.count("code", "scheme = 'own'") == 5


@on_sqlite
def test_the_command_names_what_is_missing_and_receives_nothing(
    lunas: Command,  # noqa: F811 - as above
    shop: Shop,
    tmp_path: Path,
) -> None:
    out = tmp_path / "labels.pdf"
    told = lunas("labels", "--product", "NOTHING", "--count", "5", "--out", str(out))
    assert (told.status, "no product 'NOTHING' is listed" in told.err) == (1, True)
    assert not out.exists()
    away = tmp_path / "nowhere" / "labels.pdf"
    assert lunas("labels", "--product", WATCH, "--count", "5", "--out", str(away)).status == 1
    assert shop.count("code", "scheme = 'own'") == 0
