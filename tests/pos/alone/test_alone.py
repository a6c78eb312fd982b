"""A till whose database is gone sells on; what it sold arrives once, as it was, or as a sale in dispute."""

from pos import disputes
from pos.alone import following
from pos.alone.own_copy import set_fact
from pos.till import cart, checkout, sale
from pos.till.sale import GoodsLine, Paid
from shared import signed_receipt
from tests.pos.alone.lonely_till import LonelyTill
from tests.shop import BAG, CASHIER, WATCH, Shop


def faults(shop: Shop) -> list[tuple[str, str]]:
    with shop.database.reading() as connection:
        found = disputes.newest(connection)
    return [(one.number, fault["reason"]) for one in found for fault in one.faults]


def test_it_sells_what_is_in_stock_and_nothing_else(lonely: LonelyTill, shop: Shop) -> None:
    shop.sell("WATCH-2", cash=150_000)
    lonely.keeper.step()
    lonely.cut()
    assert [lonely.scan(serial) for serial in ("WATCH-1", "WATCH-2", "NO-SUCH-1", BAG)] == [
        "good",
        "already_paid",
        "unknown",
        "good",
    ]
    receipt = lonely.pay().receipt
    assert (receipt["number"], receipt["total"]) == ("till-1-L-000001", 150_500)
    assert lonely.scan("WATCH-1") == "already_paid"


def test_a_sale_arrives_once_as_it_was(lonely: LonelyTill, shop: Shop) -> None:
    lonely.cut()
    told = lonely.sell("WATCH-1").receipt
    second = lonely.sell("WATCH-2", method="qris", reference="Q-1").receipt
    standing = lonely.keeper.standing()
    assert standing is not None
    assert standing.waiting == 2
    lonely.mend()
    lonely.keeper.step()
    assert lonely.keeper.standing() is None
    with shop.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT number, total, register FROM sale ORDER BY number").all()
    assert [tuple(row) for row in rows] == [(one["number"], 150_000, "till-1") for one in (told, second)]
    assert [shop.state(serial) for serial in ("WATCH-1", "WATCH-2", "WATCH-3")] == ["paid", "paid", "in_stock"]
    assert faults(shop) == []
    assert shop.broken() == []


def test_its_receipt_is_signed_for_the_gate(lonely: LonelyTill) -> None:
    lonely.cut()
    (text,) = lonely.sell("WATCH-1").receipt["signed"]
    assert signed_receipt.read(text).sale.number == "till-1-L-000001"


def test_the_open_cart_comes_over_and_is_not_left_behind(lonely: LonelyTill, shop: Shop) -> None:
    lonely.scan("WATCH-1")
    lonely.cut()
    lonely.sell("WATCH-2")
    lonely.mend()
    assert [shop.state(serial) for serial in ("WATCH-1", "WATCH-2")] == ["paid", "paid"]
    assert shop.count("cart") == 0
    assert shop.count("item", "cart IS NOT NULL") == 0
    assert shop.broken() == []


def test_a_cart_that_was_cancelled_alone_is_cancelled_in_the_shop(lonely: LonelyTill, shop: Shop) -> None:
    lonely.scan("WATCH-1")
    lonely.cut()
    checkout.cancel(*lonely.place, CASHIER)
    lonely.mend()
    assert (shop.count("cart"), shop.count("item", "cart IS NOT NULL")) == (0, 0)
    assert lonely.keeper.standing() is None


def test_a_short_outage_changes_nothing(lonely: LonelyTill, shop: Shop) -> None:
    lonely.scan("WATCH-1")
    lonely.cut()
    lonely.mend()
    assert lonely.keeper.standing() is None
    assert lonely.pay().receipt["number"] == "till-1-000001"
    assert shop.state("WATCH-1") == "paid"


def test_it_stays_alone_until_its_cart_is_closed_and_delivers_meanwhile(lonely: LonelyTill, shop: Shop) -> None:
    lonely.cut()
    lonely.sell("WATCH-1")
    lonely.scan("WATCH-2")
    lonely.mend()
    standing = lonely.keeper.standing()
    assert standing is not None
    assert (standing.waiting, standing.is_back) == (0, True)
    assert shop.state("WATCH-1") == "paid"
    lonely.pay()
    lonely.keeper.step()
    assert lonely.keeper.standing() is None
    assert shop.state("WATCH-2") == "paid"


def test_what_was_sold_elsewhere_meanwhile_is_in_dispute_and_holds_up_nothing(lonely: LonelyTill, shop: Shop) -> None:
    lonely.cut()
    shop.sell("WATCH-1", cash=150_000)
    lonely.sell("WATCH-1", "WATCH-2")
    lonely.sell("WATCH-3")
    lonely.mend()
    assert faults(shop) == [("till-1-L-000001", "paid")]
    assert shop.history("WATCH-1") == ["received", "sold"]
    assert [shop.state(serial) for serial in ("WATCH-2", "WATCH-3")] == ["paid", "paid"]
    with shop.database.reading() as connection:
        money = connection.exec_driver_sql("SELECT sum(amount) FROM payment").scalar_one()
    assert int(money) == 4 * 150_000
    assert shop.broken() == []


def test_a_unit_that_was_written_off_meanwhile_is_left_as_it_is(lonely: LonelyTill, shop: Shop) -> None:
    lonely.cut()
    shop.move("WATCH-1", "written_off", "written_off")
    lonely.sell("WATCH-1")
    lonely.mend()
    assert faults(shop) == [("till-1-L-000001", "written_off")]
    assert shop.state("WATCH-1") == "written_off"
    assert lonely.scan("WATCH-1") == "written_off"


def test_a_reference_that_was_used_elsewhere_is_in_dispute(lonely: LonelyTill, shop: Shop) -> None:
    lonely.cut()
    sale.sell(shop.database, shop.counter, CASHIER, shop.request("WATCH-1", paid=[Paid("qris", 150_000, "SAME")]))
    lonely.sell("WATCH-2", method="qris", reference="SAME")
    lonely.mend()
    assert faults(shop) == [("till-1-L-000001", "reference_used")]
    assert shop.state("WATCH-2") == "paid"
    assert shop.broken() == []


def test_a_unit_in_another_till_s_cart_was_sold_all_the_same(lonely: LonelyTill, shop: Shop) -> None:
    other = shop.open_till("till-2")
    lonely.cut()
    assert cart.scan(shop.database, other, "WATCH-1").level == "good"
    lonely.sell("WATCH-1")
    lonely.mend()
    assert shop.state("WATCH-1") == "paid"
    assert cart.view(shop.database, other).lines == ()


def test_a_payment_whose_answer_was_lost_is_not_taken_twice(lonely: LonelyTill, shop: Shop) -> None:
    """The database took it, and the till never heard."""
    lonely.scan("WATCH-1")
    seen = lonely.draw()
    paid_before = lonely.pay().receipt
    lonely.keeper.remember(seen)
    lonely.cut()
    lonely.pay()
    lonely.mend()
    assert shop.count("sale") == 1
    assert faults(shop) == []
    assert paid_before["number"] == "till-1-000001"


def test_a_restart_during_the_outage_loses_nothing(lonely: LonelyTill, shop: Shop) -> None:
    lonely.cut()
    lonely.sell("WATCH-1")
    lonely.scan("WATCH-2")
    lonely.restart()
    assert lonely.keeper.is_alone
    assert lonely.pay().receipt["number"] == "till-1-L-000002"
    lonely.restart()
    lonely.mend()
    assert [shop.state(serial) for serial in ("WATCH-1", "WATCH-2")] == ["paid", "paid"]
    assert shop.broken() == []


def test_a_till_that_dies_after_the_database_took_a_sale_delivers_it_once(lonely: LonelyTill, shop: Shop) -> None:
    lonely.cut()
    lonely.sell("WATCH-1")
    lonely.mend()
    lonely.own.database.write(lambda here: here.exec_driver_sql("DELETE FROM own_delivered").close())
    lonely.keeper.step()
    assert shop.count("sale") == 1
    assert shop.broken() == []


def test_the_copy_follows_and_is_what_a_fresh_one_would_be(lonely: LonelyTill, shop: Shop) -> None:
    shop.receive(WATCH, "WATCH-8", expires_on="2030-01-01")
    shop.list_products((WATCH, "Arloji baru", "175000"))
    shop.sell("WATCH-1", GoodsLine(BAG, 2), cash=176_000)
    lonely.keeper.step()
    followed = rows(lonely)
    following.fill(lonely.source, lonely.own)
    assert followed == rows(lonely)
    assert ("WATCH-8", "in_stock") in [(row[2], row[3]) for row in followed["item"]]


def rows(lonely: LonelyTill) -> dict[str, list[tuple[object, ...]]]:
    with lonely.own.database.reading() as here:
        return {
            name: sorted((tuple(row) for row in here.exec_driver_sql(f"SELECT * FROM {name}")), key=repr)
            for name in ("product", "item", "code", "staff", "own_head")
        }


def test_a_database_that_was_put_back_gets_the_sales_again(lonely: LonelyTill, shop: Shop) -> None:
    lonely.cut()
    lonely.sell("WATCH-1")
    shop.alter("UPDATE shop SET epoch = 'another'")
    lonely.mend()
    lonely.keeper.step()
    assert shop.state("WATCH-1") == "paid"
    assert lonely.own.epoch == "another"


def test_without_a_whole_copy_it_does_not_pretend(shop: Shop, lonely: LonelyTill) -> None:
    lonely.own.database.write(lambda here: set_fact(here, "epoch", ""))
    lonely.cut()
    assert not lonely.keeper.lose()
    assert lonely.keeper.standing() is None
