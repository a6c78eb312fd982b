"""Products are listed and units received, each bad line with its number and reason."""

import io
import threading
from pathlib import Path

import pytest

from pos.office import bulk, products, receiving
from pos.office.bulk import Job, Remark
from pos.office.item_card import find_cards
from shared import codes
from shared.ledger import Turn
from tests.shop import BAG, WATCH, Shop

OWN = "LN0123456789AB" + codes.check_character("0123456789AB")


def reasons(remarks: list[Remark]) -> list[tuple[int, str]]:
    return [(remark.number, remark.text) for remark in remarks if remark.is_bad]


def import_text(shop: Shop, text: str) -> tuple[int, list[Remark]]:
    said: list[Remark] = []

    def take(chunk: list[bulk.Line]) -> list[Remark]:
        return shop.in_office(lambda turn: receiving.take_lines(turn, chunk))

    report = Job(take, said.append, lambda _: None).run(  # type: ignore[arg-type]
        bulk.read_lines(io.StringIO(text, newline=""), receiving.COLUMNS)
    )
    return report.taken, said


def test_a_received_unit_is_in_stock_and_known_by_all_its_codes(shop: Shop) -> None:
    assert shop.receive(WATCH, "abC-1") == []
    for text in ("abC-1", "ABC-1", "S/N abc-1", f"(01)0{WATCH}(21)abC-1", f"https://x.example/01/0{WATCH}/21/abC-1"):
        assert shop.state(text) == "in_stock", text
    assert shop.history("abC-1") == ["received"]
    with shop.database.reading() as connection:
        (card,) = find_cards(connection, "abc-1")
    assert card.item.serial == "abC-1"


def test_a_serial_is_shown_without_the_words_before_it(shop: Shop) -> None:
    shop.receive(WATCH, "S/N: qwerty1")
    with shop.database.reading() as connection:
        assert find_cards(connection, "QWERTY1")[0].item.serial == "qwerty1"


def test_one_typo_never_rejects_the_others(shop: Shop) -> None:
    text = "serial,product,batch,made_on,expires_on,warranty_months\n"
    text += f"NEW-1,{WATCH},B7,2026-01-02,2028-01-02,24\n"
    text += "NEW-2,NOBODY,,,,\n"
    text += f"N,{WATCH},,,,\n"
    text += f"NEW-3,{WATCH},,02/01/2026,,\n"
    text += f"NEW-4,{WATCH},,,2026-02-30,\n"
    text += f"NEW-5,{WATCH},,,,two\n"
    text += f"NEW-6,{WATCH},,,,601\n"
    text += f"NEW-7,{WATCH},{'x' * 41},,,\n"
    text += f"WATCH-1,{WATCH},,,,\n"
    text += f"NEW-1,{WATCH},,,,\n"
    text += f"NEW-8,{WATCH},,,,\n"
    taken, said = import_text(shop, text)
    assert taken == 2
    assert reasons(said) == [
        (3, "product: expected the code of a listed product, got 'NOBODY'"),
        (4, "serial: expected a serial of 4 to 40 letters, digits, - . _ / or a GS1 code"),
        (5, "made_on: expected a date such as 2027-03-31, got '02/01/2026'"),
        (6, "expires_on: expected a date such as 2027-03-31, got '2026-02-30'"),
        (7, "warranty_months: expected a whole number up to 600, got 'two'"),
        (8, "warranty_months: expected a whole number up to 600, got '601'"),
        (9, f"batch: expected at most 40 printable characters, got {'x' * 41!r}"),
        (10, "serial 'WATCH-1' was received already and is in_stock"),
        (11, "serial 'NEW-1' stands on an earlier line already"),
    ]
    assert (shop.state("NEW-1"), shop.state("NEW-8")) == ("in_stock", "in_stock")
    assert shop.broken() == []


@pytest.mark.parametrize("serial", ["", "\x1b[31mred", "\u0441\u0435\u0440\u0438\u044f", "x" * 600])
def test_a_serial_that_no_label_holds_is_a_bad_line_and_not_echoed_raw(shop: Shop, serial: str) -> None:
    ((_, why),) = reasons(shop.receive(WATCH, serial))
    assert why.startswith("serial: expected")
    assert not serial or serial not in why


@pytest.mark.parametrize("state", ["departed", "returned", "written_off"])
def test_a_unit_that_left_is_received_again_as_the_same_item(shop: Shop, state: str) -> None:
    shop.sell("WATCH-1", cash=150_000)
    shop.move("WATCH-1", state, state)
    assert shop.receive(WATCH, "watch-1", batch="USED", warranty_months="3") == []
    assert shop.state("WATCH-1") == "in_stock"
    assert shop.history("WATCH-1") == ["received", "sold", state, "received_again"]
    assert shop.count("item", "batch = 'USED' AND warranty_months = 3") == 1
    assert shop.count("item") == 5
    assert shop.broken() == []


@pytest.mark.parametrize("state", ["paid", "quarantined", "in_transit"])
def test_a_unit_that_is_here_is_not_received_again(shop: Shop, state: str) -> None:
    shop.move("WATCH-1", state, state)
    assert reasons(shop.receive(WATCH, "WATCH-1")) == [(2, f"serial 'WATCH-1' was received already and is {state}")]
    assert shop.state("WATCH-1") == state


def test_a_label_of_ours_belongs_to_one_product_only(shop: Shop) -> None:
    shop.list_products(("RING", "Cincin", "1"))
    assert shop.receive(WATCH, OWN) == []
    assert reasons(shop.receive("RING", OWN)) == [(2, f"serial {OWN!r} is a unit of another product")]


def test_a_gs1_code_of_another_gtin_is_a_bad_line(shop: Shop) -> None:
    ((_, why),) = reasons(shop.receive(WATCH, "(01)04006381333931(21)X1"))
    assert why == f"serial: expected a code of GTIN 0{WATCH}, got one of 04006381333931"


def test_serials_that_differ_in_case_are_two_units_under_a_gtin(shop: Shop) -> None:
    assert shop.receive(WATCH, f"(01)0{WATCH}(21)twin", f"(01)0{WATCH}(21)TWIN") == []
    assert shop.count("item") == 7
    assert shop.state(f"(01)0{WATCH}(21)TWIN") == "in_stock"
    shop.sell(f"(01)0{WATCH}(21)TWIN", cash=150_000)
    assert shop.state(f"(01)0{WATCH}(21)twin") == "in_stock"


def test_a_serial_of_two_makers_is_taken_with_a_warning(shop: Shop) -> None:
    shop.list_products(("RING", "Cincin", "1"))
    shop.receive(WATCH, "12345")
    (remark,) = shop.receive("RING", "12345")
    assert not remark.is_bad
    assert remark.text == "serial '12345' is on a unit of another product too; an own label would tell them apart"
    with shop.database.reading() as connection:
        assert len(find_cards(connection, "12345")) == 2
        assert len(find_cards(connection, f"(01)0{WATCH}(21)12345")) == 1


def test_the_warning_comes_within_one_file_too(shop: Shop) -> None:
    shop.list_products(("RING", "Cincin", "1"))
    taken, said = import_text(shop, f"serial,product\n12345,{WATCH}\n12345,RING\n12345,RING\n")
    assert taken == 2
    assert [(remark.number, remark.is_bad) for remark in said] == [(3, False), (4, True)]


def test_a_product_is_sold_by_serial_from_its_first_serial_on(shop: Shop) -> None:
    assert shop.count("product", f"serialised AND code = '{WATCH}'") == 1
    assert shop.count("product", f"serialised AND code = '{BAG}'") == 0


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("", "Name", "1"), "code: expected 1 to 40 letters, digits or signs without spaces, got ''"),
        (("A B", "Name", "1"), "code: expected 1 to 40"),
        (("x" * 41, "Name", "1"), "code: expected 1 to 40"),
        (("kod\u0113", "Name", "1"), "code: expected 1 to 40"),
        (("A", "", "1"), "name: expected 1 to 120 printable characters, got ''"),
        (("A", "two\nlines", "1"), "name: expected 1 to 120"),
        (("A", "Name", "15.000"), "price: expected a whole number such as 15000, without dots or commas, got '15.000'"),
        (("A", "Name", "-1"), "price: expected a whole number"),
        (("A", "Name", "1e3"), "price: expected a whole number"),
        (("A", "Name", ""), "price: expected a whole number"),
        (("A", "Name", "\u0661"), "price: expected a whole number"),
        (("A", "Name", "1" * 5000), "price: expected a whole number"),
    ],
)
def test_a_bad_product_is_a_bad_line(shop: Shop, row: tuple[str, str, str], why: str) -> None:
    ((number, found),) = reasons(shop.list_products(row))
    assert number == 2
    assert found.startswith(why)


def test_listing_again_changes_only_what_differs(shop: Shop) -> None:
    before = shop.count("event")
    assert shop.list_products((BAG, "Kantong", "500")) == []
    assert shop.count("event") == before
    shop.list_products((BAG.lower(), "Kantong besar", "700"))
    assert shop.count("product", "name = 'Kantong besar' AND price = 700 AND version = 2") == 1
    assert shop.count("event", "kind = 'product' AND what = 'changed' AND version = 2") == 2


def test_of_two_lines_for_one_product_the_last_one_counts(shop: Shop) -> None:
    shop.list_products(("PEN", "Pena", "1"), ("pen", "Pena biru", "2"))
    assert shop.count("product", "name = 'Pena biru' AND price = 2") == 1


def test_a_products_code_is_a_gtin_only_if_its_check_digit_is_right(shop: Shop) -> None:
    shop.list_products(("8991234567892", "Wrong", "1"))
    assert shop.count("product", "gtin = ''") == 2


@pytest.mark.parametrize("flag", ["yes", "TRUE", "1", "no", "0", ""])
def test_a_product_can_be_marked_as_sold_by_serial(flag: str) -> None:
    listed = products.listing({"code": "A", "name": "N", "price": "1", "serialised": flag})
    assert listed.serialised is {"yes": True, "true": True, "1": True, "no": False, "0": False, "": None}[flag.lower()]


def test_receiving_waits_for_a_sale_of_the_same_unit(shop: Shop) -> None:
    """A unit is moved only from the state that it has when its row is locked."""
    shop.sell("WATCH-1", cash=150_000)
    shop.move("WATCH-1", "departed", "departed")
    results: list[list[tuple[int, str]]] = []

    def receive() -> None:
        results.append(reasons(shop.receive(WATCH, "WATCH-1")))

    threads = [threading.Thread(target=receive) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, results)) == [0, 1, 1, 1, 1, 1]
    assert shop.history("WATCH-1").count("received_again") == 1
    assert shop.broken() == []


def test_a_turn_of_the_office_is_all_or_nothing(shop: Shop, tmp_path: Path) -> None:
    def fail(turn: Turn) -> None:
        receiving.take_lines(turn, [bulk.Line(2, {"serial": "LOST-1", "product": WATCH}, 1)])
        raise OSError

    with pytest.raises(Exception, match="does not answer"):
        shop.in_office(fail)
    assert shop.count("code", "text = 'LOST-1'") == 0
