"""The cart as the page shows it, and what a scan did to it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pos.customers.buyers import Buyer
from pos.returns.coming import NOTHING_COMES, Coming
from pos.returns.rules import Back
from pos.till import pricing
from pos.till.basket import Counter, Paid
from pos.till.discount import Grant
from pos.till.line import SaleLine
from pos.till.methods import EXCHANGE
from pos.till.pricing import Pricing
from pos.till.taking import Taking

NOTHING = Pricing(())


@dataclass(frozen=True, slots=True)
class CartView:
    """The cart, newest line first; `pricing` has its lines in the same order. Its id becomes the sale's.

    `at`: the database's time, µs since 1970 UTC; `taken` is what was paid of it so far; `backs` come back with it,
    newest first, and `coming` is what they come to; `buyer` is who buys, None where nobody asked.
    """

    id: str
    lines: tuple[SaleLine, ...]
    grant: Grant | None = None
    pricing: Pricing = NOTHING
    at: int = field(default=0, compare=False)
    taken: tuple[Taking, ...] = ()
    backs: tuple[Back, ...] = ()
    coming: Coming = NOTHING_COMES
    buyer: Buyer | None = None

    @classmethod
    def of(cls, counter: Counter, cart: str, lines: Sequence[SaleLine], grant: Grant | None, at: int) -> "CartView":
        """Price the cart at this counter."""
        discount = grant.discount if grant else None
        found = pricing.price([line.goods for line in lines], discount, counter.tax, counter.day(at))
        return cls(cart, tuple(lines), grant, found, at)

    @property
    def total(self) -> int:
        """What is to be paid."""
        return self.pricing.total

    @property
    def count(self) -> int:
        """How many things are in it, and come back with it."""
        return sum(line.quantity for line in self.lines) + sum(back.quantity for back in self.backs)

    @property
    def paid(self) -> list[Paid]:
        """What pays it so far: what comes back with it, then what was taken."""
        exchanged = min(self.coming.value, self.total)
        return [*([Paid(EXCHANGE, exchanged)] if exchanged else []), *(taking.paid for taking in self.taken)]

    @property
    def is_paid_back(self) -> bool:
        """Whether nothing is left to pay for it, because of what comes back."""
        return bool(self.backs) and self.coming.value >= self.total

    def given(self, counter: Counter, key: str, grant: Grant) -> "CartView":
        """The cart as it would be with this discount off a line of it, or (key "") off the whole."""
        if not key:
            return self.of(counter, self.id, self.lines, grant, self.at)
        lines = [replace(line, grant=grant) if line.key == key else line for line in self.lines]
        return self.of(counter, self.id, lines, self.grant, self.at)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a scan did.

    `level` is `good`, `soft` (already in this cart) or `hard` (refused, and nothing changed); `reason` is "" or the
    code of the refusal; `line` is the line that was added or is meant; `till` the one that holds the unit.
    """

    level: str
    reason: str
    text: str
    line: SaleLine | None = None
    till: str = ""
