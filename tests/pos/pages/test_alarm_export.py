"""The alarm log as a file, parsed back."""

import csv
import io
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient

from shared.facts import Fact
from shared.roles import Role
from tests.exit_log import DAY, MINUTE, NOON, ExitLog
from tests.pos.pages.conftest import SignIn
from tests.shop import Shop

HEAD = ["Time", "Gate", "Item", "Serial", "Price", "Reason", "Last till", "There at", "Badge of"]
SAID = ["State", "Said by", "Said at", "Note", "Incident"]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone
NAMES = ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "Cahaya \u2013 naïve \u2603", 'a "quoted", one']


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    """Sign a manager in."""
    return sign_in(Role.MANAGER)


@pytest.fixture
def log(shop: Shop) -> ExitLog:
    """Two items of one incident that somebody answered for, and an older incident."""
    shop.receive("SHOE", "SHOE-0002")
    log = ExitLog(shop)
    log.raised("two", "SHOE-0001", "SHOE-0002", at=NOON)
    log.told("two", Fact.GIVEN_BACK, by="staff:6", note="=1+1", at=NOON + MINUTE)
    log.raised("old", "SHOE-0001", at=NOON - DAY)
    return log


def read_csv(client: FlaskClient, query: str = "") -> list[list[str]]:
    with client.get(f"/office/alarms.csv{query}", headers={"Accept-Language": "en"}) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == "attachment; filename=alarms.csv"
        assert answer.data.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def read_xlsx(client: FlaskClient) -> list[list[str | float]]:
    with client.get("/office/alarms.xlsx", headers={"Accept-Language": "en"}) as answer:
        assert answer.status_code == 200
        book = ZipFile(io.BytesIO(answer.data))
    sheet = fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - as above
    assert list(sheet.iter(f"{SHEET}f")) == []  # nothing that computes
    return [[value(cell) for cell in row] for row in sheet.iter(f"{SHEET}row")]


def value(cell: Element) -> str | float:
    """What a cell holds: its inline text, or a number."""
    if cell.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{SHEET}t"))
    return float(cell.findtext(f"{SHEET}v", "nan"))


def test_csv_has_a_row_for_each_item(manager: FlaskClient, log: ExitLog) -> None:
    head, *rows = read_csv(manager)
    assert head == [*HEAD, *SAID]
    seen = ["gate-1", "Shoe", "SHOE-0001", "50000", "Not paid", "till-1"]
    assert rows[0][:9] == ["2025-11-22 12:00:00", *seen, "2025-11-22 11:59:00", ""]
    assert rows[0][9:] == ["Item given back", "A service", "2025-11-22 12:01:00", "'=1+1", "two"]
    assert [row[3] for row in rows] == ["SHOE-0001", "SHOE-0002", "SHOE-0001"]
    assert rows[2] == ["2025-11-21 12:00:00", *seen, "2025-11-21 11:59:00", "", "Not handled", "", "", "", "old"]


def test_whose_badge_let_an_item_out_stands_in_the_file_the_log_and_the_incident(
    manager: FlaskClient, shop: Shop
) -> None:
    rina = shop.person(Role.MANAGER, "Rina Wijaya")
    ExitLog(shop).raised("one", "SHOE-0001", reason="bypass", state="bypass", by=f"staff:{rina}")
    assert read_csv(manager)[1][5:9] == ["Carried out with a badge", "till-1", "2025-11-22 11:59:00", "Rina Wijaya"]
    for page in ("/office/alarms", "/office/alarms/one"):
        table = manager.get(page).get_data(as_text=True).partition("<tbody>")[2].partition("</table>")[0]
        assert "Rina Wijaya" in table
        assert "22 Nov 2025 11.59" in table


def test_an_export_keeps_the_filter(manager: FlaskClient, log: ExitLog) -> None:
    assert [row[-1] for row in read_csv(manager, "?what=open")[1:]] == ["old"]
    assert read_csv(manager, "?what=theft")[1:] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_name_is_computed_by_a_spreadsheet(manager: FlaskClient, shop: Shop, log: ExitLog, name: str) -> None:
    quoted = name.replace("'", "''")
    shop.alter(f"UPDATE product SET name = '{quoted}' WHERE code = 'SHOE'")
    guarded = f"'{name}" if name[0] in "=+-@" else name
    assert {row[2] for row in read_csv(manager)[1:]} == {guarded}
    assert {row[2] for row in read_xlsx(manager)[1:]} == {name}


def test_xlsx_holds_times_as_times_and_prices_as_numbers(manager: FlaskClient, log: ExitLog) -> None:
    head, first, *others = read_xlsx(manager)
    assert head == [*HEAD, *SAID]
    assert isinstance(first[0], float)
    assert FIRST_DAY + timedelta(days=first[0]) == datetime(2025, 11, 22, 12)  # noqa: DTZ001 - as above
    assert first[1:7] == ["gate-1", "Shoe", "SHOE-0001", 50000.0, "Not paid", "till-1"]
    assert first[8:10] == ["Item given back", "A service"]
    assert first[11:] == ["=1+1", "two"]
    assert len(others) == 2


def test_a_file_speaks_the_persons_language(manager: FlaskClient, log: ExitLog) -> None:
    with manager.get("/office/alarms.csv", headers={"Accept-Language": "id"}) as answer:
        assert "Barang dikembalikan" in answer.data.decode()
