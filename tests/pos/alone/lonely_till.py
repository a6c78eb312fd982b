"""A till with a copy of its own, in this process: the database is there, or not, as the test wants it."""

from pathlib import Path
from typing import Any

from pos.alone.keeper import Keeper
from pos.alone.own_copy import OwnCopy
from pos.till import cart, cashing, checkout
from pos.till.basket import Paid, Request
from pos.till.sale import Outcome
from shared.database import Database, DatabaseGoneError
from tests.shop import CASHIER, STORE, Shop, new_id


class CutDatabase(Database):
    """A database that does not answer while `is_cut`."""

    is_cut = False

    def reading(self) -> Any:
        self._refuse()
        return super().reading()

    def snapshot(self) -> Any:
        self._refuse()
        return super().snapshot()

    def write(self, work: Any) -> Any:
        self._refuse()
        return super().write(work)

    def _refuse(self) -> None:
        if self.is_cut:
            raise DatabaseGoneError("the database does not answer: it was cut off")


class LonelyTill:
    """One till of the shop, stepped by hand."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self.shop = shop
        self.source = CutDatabase(shop.url)
        self._file = folder / "till-1.copy"
        self._open()

    def _open(self) -> None:
        self.own = OwnCopy(self._file, STORE, self.shop.counter.register)
        self.keeper = Keeper(self.source, self.own, self.shop.counter)

    def restart(self) -> None:
        """Die, and start again on the same file."""
        self.own.close()
        self._open()

    def close(self) -> None:
        self.own.close()
        self.source.close()

    def cut(self) -> None:
        """The database goes, and the till notices."""
        self.source.is_cut = True
        self.keeper.step()

    def mend(self) -> None:
        """The database is there again, and the till has its turn."""
        self.source.is_cut = False
        self.keeper.step()

    @property
    def place(self) -> tuple[Database, Any]:
        """Where the till sells now."""
        alone = self.keeper.is_alone
        return (self.own.database, self.keeper.own_counter) if alone else (self.source, self.shop.counter)

    def scan(self, text: str) -> str:
        """Scan, and draw the cart; the answer's level, and the reason of a refusal."""
        answer = cart.scan(*self.place, text)
        self.draw()
        return answer.reason or answer.level

    def draw(self) -> Any:
        seen = cart.view(*self.place)
        if not self.keeper.is_alone:
            self.keeper.remember(seen)
        return seen

    def pay(self, method: str = "cash", reference: str = "") -> Outcome:
        """Pay the whole cart."""
        seen = cart.view(*self.place)
        database, counter = self.place
        with database.reading() as connection:
            lines = tuple(cashing.sale_lines(connection, seen))
        paid = (Paid(method, seen.total, reference),)
        outcome = checkout.pay(database, counter, CASHIER, Request(seen.id, lines, paid, seen.total, b"hash"), new_id())
        assert outcome is not None
        return outcome

    def sell(self, *serials: str, **paid: str) -> Outcome:
        for serial in serials:
            assert self.scan(serial) == "good"
        return self.pay(**paid)
