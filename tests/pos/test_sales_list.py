"""The list of sales on both engines: every filter, what they come to, and one sale's page."""

import pytest

from pos.sales_office import sales
from pos.sales_office.one_sale import UnknownSaleError, one_sale
from pos.sales_office.sale_filter import SaleFilter
from pos.till import sale
from pos.till.basket import GoodsLine, Paid
from shared.roles import Role
from shared.staff import Actor
from tests.shop import Shop

OTHER = Actor("staff:2", "Dewi", Role.CASHIER)


def found(shop: Shop, **wanted: object) -> list[str]:
    """List the totals of the sales that a filter wants, newest first, which must be what the sums say."""
    with shop.database.snapshot() as connection:
        rows, has_older = sales.sales(connection, SaleFilter(**wanted), 1)  # type: ignore[arg-type]
        sums = sales.sums(connection, SaleFilter(**wanted))  # type: ignore[arg-type]
        assert list(sales.every_sale(connection, SaleFilter(**wanted))) == rows  # type: ignore[arg-type]
    assert (sums.sales, sums.total, has_older) == (len(rows), sum(row.total for row in rows), False)
    return [" + ".join(row.names) for row in rows]


def test_sales_are_found_by_whatever_somebody_knows_of_them(database_url: str) -> None:
    with Shop(database_url) as shop:
        shop.list_products(("SHOE", "Sepatu Jelajah", "50000"), ("BAG", "Kantong 50%", "2000"))
        shop.receive("SHOE", "SHOE-0001", "SHOE-0002")
        first = shop.sell("SHOE-0001", cash=50_000).receipt
        shop.counter = shop.open_till("till-2")
        mixed = [Paid("qris", 40_000, "RRN 7"), Paid("cash", 12_000)]
        both = sale.sell(
            shop.database, shop.counter, OTHER, shop.request("SHOE-0002", GoodsLine("BAG", 1), paid=mixed)
        ).receipt
        shop.database.write(lambda connection: sale.bury(connection, shop.counter, OTHER, "cancelled"))
        shoe, shoe_and_bag = "Sepatu Jelajah", "Sepatu Jelajah + Kantong 50%"
        assert found(shop) == [shoe_and_bag, shoe]
        assert found(shop, about=first["number"].lower()) == [shoe]
        assert found(shop, about="SHOE-0002") == [shoe_and_bag]
        assert found(shop, about="jelajah") == [shoe_and_bag, shoe]
        assert found(shop, about="bag") == found(shop, about="50%") == [shoe_and_bag]
        assert found(shop, about="nothing") == found(shop, till="till-3") == []
        assert found(shop, till="till-1") == found(shop, by="staff:1") == [shoe]
        assert found(shop, method="qris") == found(shop, least=50_001) == [shoe_and_bag]
        with shop.database.snapshot() as connection:
            at = one_sale(connection, both["id"]).at
        assert found(shop, since=at) == [shoe_and_bag]
        assert found(shop, until=at) == [shoe]


def test_one_sale_tells_what_became_of_each_unit(database_url: str) -> None:
    with Shop(database_url) as shop:
        shop.list_products(("SHOE", "Shoe", "50000"), ("BAG", "Bag", "2050"))
        shop.receive("SHOE", "SHOE-0001", "SHOE-0002")
        receipt = shop.sell("SHOE-0001", "SHOE-0002", GoodsLine("BAG", 2), cash=110_000).receipt
        shop.move("SHOE-0002", "returned", "returned")
        with shop.database.snapshot() as connection:
            told = one_sale(connection, receipt["id"])
            assert [(line.serial, line.state) for line in told.lines] == [
                ("SHOE-0001", "paid"),
                ("SHOE-0002", "returned"),
                ("", ""),
            ]
            assert (told.total, told.change, told.actor) == (104_100, 5_900, "staff:1")
            with pytest.raises(UnknownSaleError):
                one_sale(connection, "nothing")
