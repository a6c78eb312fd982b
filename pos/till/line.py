"""One line of a cart or of a sale. Pure."""

from dataclasses import dataclass

from pos.lookup import ItemRow, ProductRow
from pos.till.discount import Grant
from pos.till.pricing import Goods


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
        return str(self.item.id) if self.item else f"product:{self.product.id}"

    @property
    def amount(self) -> int:
        """What it costs before any discount."""
        return self.product.price * self.quantity

    @property
    def goods(self) -> Goods:
        """What is to be priced."""
        discount = self.grant.discount if self.grant else None
        return Goods(self.product.price, self.quantity, self.product.tax_class, discount)
