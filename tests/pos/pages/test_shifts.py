"""The shift at the till's page: open, move cash, count blind, close; who sees which report; the drawer's word."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hardware.catalog import make_printer, printer_options
from pos.alone.standing import Standing
from pos.app import create_app
from pos.printing.receipt_printer import ReceiptPrinter
from pos.printing.spool import Spool
from pos.till_server import TillServer
from shared import settings
from shared.roles import PEOPLE, Role
from tests.hardware.printer_twin import OnNetwork, PrinterTwin
from tests.pos.pages.conftest import PIN, SignIn
from tests.servers.waiting import wait_until
from tests.shop import Shop, new_id

ENGLISH = {"Accept-Language": "en"}
MANAGER = f"staff:{sorted(PEOPLE).index(Role.MANAGER) + 1}"
ALLOWED = {"badge": "", "person": MANAGER, "pin": PIN}


class Paper:
    """The till's printer in truth, and the spool whose rounds a test goes by hand."""

    def __init__(self, twin: PrinterTwin, port: int) -> None:
        self.twin = twin
        self.options = {"kind": "network", "host": "127.0.0.1", "port": port}
        self.spool = Spool(make_printer(printer_options(self.options)))

    def came_out(self, number: int) -> list[str]:
        while self.spool.standing().waiting:
            assert self.spool.work()
        wait_until(lambda: len(self.twin.slips) == number, f"{number} slips are out")
        return ["\n".join(slip.lines) for slip in self.twin.slips]


@pytest.fixture
def paper() -> Iterator[Paper]:
    """Put a printer at the till."""
    twin = PrinterTwin(48)
    with OnNetwork(twin) as end:
        yield Paper(twin, end.port)


@pytest.fixture
def app(shop: Shop, paper: Paper) -> Flask:
    """Build the application of a shop with shifts."""
    table = {"shop": {"name": "Toko Contoh"}, "database": {"url": shop.url}}
    chosen = settings.parse({**table, "till": {"shifts": True, "printer": dict(paper.options)}}, Path("lunas.toml"))
    printer = ReceiptPrinter(paper.spool, shop.database, chosen.shop)
    return create_app(TillServer(chosen, shop.database, replace(shop.counter, has_shifts=True), printer=printer))


def post(client: FlaskClient, path: str, **body: Any) -> Any:
    return client.post(f"/till/{path}", json={"id": new_id(), **body}, headers=ENGLISH)


def opened(client: FlaskClient, shop: Shop) -> str:
    assert post(client, "shift/open", pieces={"50000": 2, "1000": 5}).status_code == 200
    with shop.database.reading() as connection:
        return str(connection.exec_driver_sql("SELECT id FROM shift WHERE closed_at IS NULL").scalar_one())


def sold(client: FlaskClient) -> Any:
    """Sell the shoe for cash; the answer."""
    seen = client.post("/till/scan", json={"text": "SHOE-0001"}).get_json()
    tender = {"tender": new_id(), "cart": seen["cart_id"], "method": "cash", "amount": 60_000}
    return client.post("/till/pay", json={**tender, "expected_total": seen["total"]}, headers=ENGLISH)


def test_a_shift_is_opened_counted_blind_and_closed_with_its_report_on_paper(
    cashier: FlaskClient, shop: Shop, paper: Paper
) -> None:
    assert "No shift" in cashier.get("/till", headers=ENGLISH).text
    refused = sold(cashier)
    assert (refused.status_code, shop.count("sale")) == (409, 0)
    assert refused.get_json()["told"] == "No shift is open at this till: open one, then go on."
    number = opened(cashier, shop)
    assert sold(cashier).status_code == 200
    move = {"way": "out", "amount": 20_000, "reason": "expense", "note": "water for Mr. Lim", "approval": ALLOWED}
    assert "Written down." in post(cashier, "shift/move", **move).get_json()["html"]

    before = cashier.get(f"/till/shift/{number}", headers=ENGLISH).text + cashier.get("/till/shift").get_json()["html"]
    assert not any(amount in before for amount in ("135.000", "105.000", "155.000"))
    closed = post(cashier, "shift/close", shift=number, pieces={"50000": 2, "20000": 1, "10000": 1, "1000": 4})
    told = closed.get_json()["html"]
    assert all(amount in told for amount in ("Rp135.000", "Rp134.000", "-Rp1.000"))
    again = post(cashier, "shift/close", shift=number, pieces={"100": 1})
    assert "Rp134.000" in again.get_json()["html"]
    (_, z_report) = paper.came_out(2)
    assert "Laporan Z, shift 1" in z_report
    assert "-Rp1.000" in z_report
    page = cashier.get(f"/till/shift/{number}", headers=ENGLISH).text
    assert all(told in page for told in ("Rp135.000", "Expense of the shop: water for Mr. Lim", "4 × Rp1.000"))  # noqa: RUF001 - as it is printed
    assert shop.broken() == []


def test_a_leader_sees_every_shift_with_what_is_expected_and_others_only_their_own(
    cashier: FlaskClient, sign_in: SignIn, shop: Shop
) -> None:
    leader = sign_in(Role.MANAGER)
    assert "No shift yet." in leader.get("/office/shifts", headers=ENGLISH).text
    number = opened(leader, shop)
    assert "Rp105.000" in leader.get(f"/till/shift/{number}", headers=ENGLISH).text
    assert cashier.get(f"/till/shift/{number}").status_code == 403
    assert cashier.post("/till/shift/print", json={"shift": number}).status_code == 403
    assert {cashier.get(f"/till/shift/{other}").status_code for other in (new_id(), "%00", "x")} == {404}
    assert post(leader, "shift/close", shift=number, pieces={"100000": 1}).status_code == 200
    listed = leader.get("/office/shifts", headers=ENGLISH).text
    assert all(told in listed for told in ("till-1 1", "Rp105.000", "Rp100.000", "-Rp5.000", "A manager"))
    assert sign_in(Role.SECURITY).get("/office/shifts").status_code == 403


def test_the_drawer_opens_without_a_sale_by_a_leaders_word_and_the_ledger_has_both(
    cashier: FlaskClient, sign_in: SignIn, shop: Shop, paper: Paper
) -> None:
    wanted = {"id": new_id(), "reason": "change"}
    refused = post(cashier, "drawer", **wanted)
    assert refused.status_code == 403
    assert refused.get_json()["approval"]["what"] == "Open the drawer without a sale: A note is changed."
    for _ in range(2):  # the second is the same request, whose answer was lost
        assert post(cashier, "drawer", **wanted, approval=ALLOWED).status_code == 200
    assert paper.spool.work()
    assert paper.spool.work()
    wait_until(lambda: paper.twin.kicks == 1, "the drawer is open")
    assert shop.count("drawer_opening", f"approved_by = '{MANAGER}'") == 1
    assert post(sign_in(Role.MANAGER), "drawer", reason="count").status_code == 200
    assert shop.count("drawer_opening", f"approved_by = actor AND actor = '{MANAGER}'") == 1
    assert shop.broken() == []


def test_cash_is_put_in_and_taken_out_by_a_leaders_word_for_the_drawer_opens(
    cashier: FlaskClient, sign_in: SignIn, shop: Shop, paper: Paper
) -> None:
    opened(cashier, shop)
    assert paper.spool.work()
    for way, asked in (("in", "Put Rp5.000 into the drawer: Safe or bank."), ("out", "Take Rp5.000 out of the drawer")):
        refused = post(cashier, "shift/move", way=way, amount=5000, reason="safe")
        assert refused.status_code == 403
        assert asked in refused.get_json()["approval"]["what"]
    assert shop.count("cash_move") == 0
    wanted = {"id": new_id(), "way": "in", "amount": 5000, "reason": "safe", "approval": ALLOWED}
    for _ in range(2):
        assert post(cashier, "shift/move", **wanted).status_code == 200
    assert post(sign_in(Role.MANAGER), "shift/move", way="out", amount=5000, reason="safe").status_code == 200
    assert shop.count("cash_move", f"approved_by = '{MANAGER}'") == 2
    assert paper.spool.work()
    wait_until(lambda: paper.twin.kicks == 2, "the drawer opened for the float, and for what was allowed")
    assert shop.broken() == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("shift/open", {"id": "x"}),
        ("shift/open", {"pieces": {}}),
        ("shift/open", {"pieces": {"3": 1}}),
        ("shift/open", {"pieces": {"100": -1}}),
        ("shift/open", {"pieces": {"100": None}}),
        ("shift/open", {"pieces": [1]}),
        ("shift/open", {"amount": -1}),
        ("shift/open", {"amount": 10**20}),
        ("shift/move", {"way": "up", "amount": 5, "reason": "safe"}),
        ("shift/move", {"way": "in", "amount": 0, "reason": "safe"}),
        ("shift/move", {"way": "in", "amount": 5, "reason": "other"}),
        ("shift/move", {"way": "in", "amount": 5, "reason": []}),
        ("shift/move", {"way": "in", "amount": 5, "reason": "safe", "note": "\x00"}),
        ("shift/close", {"shift": "1", "amount": 5}),
        ("shift/close", {"pieces": {"100": 1}}),
        ("shift/print", {"shift": []}),
        ("drawer", {"reason": "nothing"}),
        ("drawer", {"reason": "change", "approval": 3}),
    ],
)
def test_what_is_no_request_is_told_in_words(cashier: FlaskClient, shop: Shop, path: str, body: dict[str, Any]) -> None:
    answer = post(cashier, path, **body)
    assert (answer.status_code, bool(answer.get_json()["detail"])) == (400, True)
    assert shop.count("shift") == shop.count("cash_move") == shop.count("drawer_opening") == 0


def test_a_shift_that_is_none_of_this_till_is_not_closed(cashier: FlaskClient) -> None:
    assert post(cashier, "shift/close", shift=new_id(), pieces={"100": 1}).status_code == 409
    assert post(cashier, "shift/move", way="in", amount=5, reason="safe", approval=ALLOWED).status_code == 409


def test_a_shift_is_not_closed_while_it_lacks_sales_that_the_till_made_alone(shop: Shop) -> None:
    """The till's own copy asks for no shift: it could not open one."""
    chosen = settings.parse({"database": {"url": shop.url}, "till": {"shifts": True}}, Path("lunas.toml"))
    counter = replace(shop.counter, has_shifts=True)
    waiting = TillServer(chosen, shop.database, counter, standing=lambda: Standing(1, 2, is_back=True))
    alone = TillServer(chosen, shop.database, replace(counter, has_shifts=False), is_alone=True)
    pages = [create_app(server).test_client() for server in (waiting, alone)]
    for client in pages:
        client.post("/sign-in", data={"who": MANAGER, "pin": PIN})
    number = opened(pages[0], shop)
    refused = post(pages[0], "shift/close", shift=number, pieces={"100": 1})
    assert (refused.status_code, shop.count("shift", "closed_at IS NULL")) == (409, 1)
    assert "are not delivered yet" in refused.get_json()["told"]
    assert "shift-button" not in pages[1].get("/till").text


def test_where_money_has_no_pieces_to_count_a_shift_is_closed_with_one_amount(shop: Shop) -> None:
    table = {"shop": {"currency": "EUR"}, "database": {"url": shop.url}, "till": {"shifts": True}}
    chosen = settings.parse(table, Path("lunas.toml"))
    counter = replace(shop.counter, has_shifts=True, currency="EUR")
    client = create_app(TillServer(chosen, shop.database, counter)).test_client()
    client.post("/sign-in", data={"who": MANAGER, "pin": PIN})
    assert "data-worth" not in client.get("/till/shift").get_json()["html"]
    assert post(client, "shift/open", pieces={"100": 1}).status_code == 400
    assert post(client, "shift/open", amount=10_050).status_code == 200
    with shop.database.reading() as connection:
        number = str(connection.exec_driver_sql("SELECT id FROM shift").scalar_one())
    assert "€100.00" in post(client, "shift/close", shift=number, amount=10_000).get_json()["html"]
    assert "-€0.50" in client.get(f"/till/shift/{number}", headers=ENGLISH).text
