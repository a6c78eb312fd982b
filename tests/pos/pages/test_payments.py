"""Payments that are not cash are held against the statement, and what was reversed is owed."""

from pos.till import sale
from pos.till.basket import GoodsLine, Paid
from shared.roles import Role
from tests.pos.pages.conftest import SignIn
from tests.shop import CASHIER, Shop


def test_a_payment_is_seen_then_reversed_and_the_sale_is_owed(sign_in: SignIn, shop: Shop) -> None:
    request = shop.request("SHOE-0001", paid=[Paid("qris", 40_000, "RRN 77"), Paid("cash", 10_000)])
    sale.sell(shop.database, shop.counter, CASHIER, request)
    leader = sign_in(Role.MANAGER)
    page = leader.get("/office/payments?lang=en").text
    assert "RRN 77" in page
    assert "Not looked for yet" in page
    for standing in ("seen", "reversed"):
        answer = leader.post(f"/office/payments/{request.id}/1", data={"standing": standing})
        assert answer.status_code == 303
    assert "Reversed: owed" in leader.get("/office/payments?day=2020-01-01").text
    assert shop.count("event", "kind = 'payment'") == 2
    assert shop.broken() == []
    shop.alter("UPDATE payment SET standing = 'seen' WHERE line = 1")
    assert "standing 'seen' where the ledger has 'reversed'" in str(shop.broken())


def test_cash_and_rubbish_are_not_marked_and_nobody_else_marks(sign_in: SignIn, shop: Shop) -> None:
    request = shop.request("SHOE-0001", paid=[Paid("cash", 50_000)])
    sale.sell(shop.database, shop.counter, CASHIER, request)
    leader = sign_in(Role.MANAGER)
    for path, standing in ((f"{request.id}/1", "seen"), ("nothing/1", "seen"), (f"{request.id}/1", "lost")):
        assert leader.post(f"/office/payments/{path}", data={"standing": standing}).status_code == 404
    assert sign_in(Role.SECURITY).get("/office/payments").status_code == 403


def test_what_was_owed_is_paid_in_another_way_once_and_the_ledger_keeps_both(sign_in: SignIn, shop: Shop) -> None:
    other = shop.request(GoodsLine("BAG", 1), paid=[Paid("transfer", 2_000, "BCA 1")])
    request = shop.request("SHOE-0001", paid=[Paid("qris", 50_000, "RRN 77")])
    for each in (other, request):
        sale.sell(shop.database, shop.counter, CASHIER, each)
    leader = sign_in(Role.MANAGER)
    address = f"/office/payments/{request.id}/1"
    anew = {"method": "transfer", "reference": "BCA 2"}
    assert leader.post(f"{address}/anew", data=anew).status_code == 404  # it is not owed
    leader.post(address, data={"standing": "reversed"})
    for wrong, why in (
        (
            {"method": "transfer", "reference": "BCA 1"},
            f"This reference has paid receipt {number(shop, other.id)} already.",
        ),
        ({"method": "card", "reference": "4111 1111 1111 1111"}, "That looks like a card&#39;s number"),
        ({"method": "qris", "reference": " "}, "Type the payment&#39;s reference, 1 to 40 characters."),
    ):
        answer = leader.post(f"{address}/anew?lang=en", data=wrong)
        assert answer.status_code == 400
        assert why in answer.text
    assert leader.post(f"{address}/anew", data={"method": "cash", "reference": "x"}).status_code == 404
    assert leader.post(f"{address}/anew", data=anew).status_code == 303
    page = leader.get("/office/payments?lang=en").text
    assert "Reversed: owed" not in page
    assert "Paid anew, not looked for yet" in page
    assert "BCA 2" in page
    assert leader.post(address, data={"standing": "paid_anew"}).status_code == 404
    leader.post(address, data={"standing": "seen"})
    told = '{"line":1,"method":"transfer","reference":"BCA 2"}'
    assert shop.count("event", f"kind = 'sale' AND what = 'paid_anew' AND details = '{told}'") == 1
    assert shop.count("payment", "standing = 'seen' AND method = 'transfer' AND version = 3") == 1
    assert shop.broken() == []
    shop.alter("UPDATE payment SET reference = 'BCA 3' WHERE standing = 'seen'")
    assert "BCA 2" in str(shop.broken())
    assert sign_in(Role.SECURITY).post(f"{address}/anew", data=anew).status_code == 403


def number(shop: Shop, sale_id: str) -> str:
    with shop.database.reading() as connection:
        return str(connection.exec_driver_sql(f"SELECT number FROM sale WHERE id = '{sale_id}'").scalar_one())
