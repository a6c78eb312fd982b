"""Finding an item at the till: what it costs, how many there are, where each unit is; nothing changes by it."""

from pos.till import cart
from pos.till.finding import Found, find
from tests.shop import Shop


def told(found: Found) -> list[tuple[str, int | None]]:
    return [(one.product.name, one.stock) for one in found.products]


def test_a_unit_is_told_with_where_it_is(database_url: str) -> None:
    with Shop(database_url) as shop:
        shop.list_products(("SHOE", "Sepatu Jelajah", "50000"), ("BAG", "Kantong", "2000"), ("SHOP", "Sepatu 50%", "1"))
        shop.receive("SHOE", "SHOE-0001", "SHOE-0002", "SHOE-0003")
        shop.sell("SHOE-0001", cash=50_000)
        cart.scan(shop.database, shop.counter, "SHOE-0002")
        places = [find(shop.database, f"SHOE-000{number}").units[0] for number in (1, 2, 3)]
        assert [(one.item.state, one.is_in_cart, one.till) for one in places] == [
            ("paid", False, "till-1"),
            ("in_stock", True, "till-1"),
            ("in_stock", False, ""),
        ]
        assert told(find(shop.database, "SHOE-0003")) == told(find(shop.database, "shoe")) == [("Sepatu Jelajah", 2)]
        assert told(find(shop.database, "BAG")) == [("Kantong", None)]
        assert told(find(shop.database, "sepatu")) == [("Sepatu 50%", None), ("Sepatu Jelajah", 2)]
        assert told(find(shop.database, "50%")) == [("Sepatu 50%", None)]
        for nothing in ("", "e", "%", "NOBODY-1", "\x00"):
            assert find(shop.database, nothing) == Found()
        assert cart.view(shop.database, shop.counter).count == 1


def test_a_serial_of_several_products_names_them_all(database_url: str) -> None:
    with Shop(database_url) as shop:
        shop.list_products(("SHOE", "Shoe", "50000"), ("BAG", "Bag", "2000"))
        for product in ("SHOE", "BAG"):
            shop.receive(product, "12345")
        found = find(shop.database, "12345")
        assert told(found) == [("Shoe", 1), ("Bag", 1)]
        assert len(found.units) == 2


def test_a_sold_unit_leads_to_its_last_receipt_and_so_does_the_receipts_number(database_url: str) -> None:
    with Shop(database_url) as shop:
        shop.list_products(("SHOE", "Shoe", "50000"))
        shop.receive("SHOE", "SHOE-0001", "SHOE-0002")
        sold = [shop.sell(serial, cash=50_000).receipt for serial in ("SHOE-0001", "SHOE-0002")]
        shop.alter("UPDATE item SET state = 'in_stock' WHERE serial = 'SHOE-0001'")
        sold.append(shop.sell("SHOE-0001", cash=50_000).receipt)
        for serial, receipt in (("SHOE-0001", sold[2]), ("SHOE-0002", sold[1])):
            found = find(shop.database, serial).units[0].receipt
            assert found
            assert (found.sale, found.number) == (receipt["id"], receipt["number"])
            assert find(shop.database, receipt["number"]) == Found(receipt=found)
        shop.alter("UPDATE item SET state = 'in_stock' WHERE serial = 'SHOE-0002'")
        assert find(shop.database, "SHOE-0002").units[0].receipt is None
