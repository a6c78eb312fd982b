"""Payments that are not cash are held against the statement, and what was reversed is owed."""

from pos.till import sale
from pos.till.basket import Paid
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
