"""One line of a cart or of a sale. Pure."""

from dataclasses import dataclass

from pos.lookup import ItemRow, ProductRow
from pos.till.discount import Grant
from pos.till.pricing import Goods


def line_key(item: int | None, product: int) -> str:
    """What a line of a unit, or (item None) of a product without serials, is called by."""
    return f"product:{product}" if item is None else str(item)


@dataclass(frozen=True, slots=True)
class SaleLine:
    """A unit, or a quantity of goods without serials (`item` is None); `grant` is the line's own discount."""

    product: ProductRow
    item: ItemRow | None
    quantity: int
    grant: Grant | None = None

    @property
    def key(self) -> str:
        """What the line is called by: the unit's id, or `product:ID`."""
        return line_key(self.item.id if self.item else None, self.product.id)

    @property
    def amount(self) -> int:
        """What it costs before any discount."""
        return self.product.price * self.quantity

    @property
    def goods(self) -> Goods:
        """What is to be priced."""
        discount = self.grant.discount if self.grant else None
        return Goods(self.product.price, self.quantity, self.product.tax_class, discount)
