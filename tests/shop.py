"""A small shop for tests: products, units, people, a counter; all made through the shop's own doors."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos.office import badges, permits, products, receiving
from pos.office.bulk import Line, Remark
from pos.office.item_card import find_cards
from pos.office.permits import Leave, PermitKind
from pos.till import sale
from pos.till.sale import Counter, GoodsLine, Outcome, Paid, Request, UnitLine
from shared import ledger, receipt_keys, staff
from shared.database import Database
from shared.ledger import Turn
from shared.roles import Role
from shared.signing_key import SigningKey
from shared.staff import Actor
from shared.upgrade import upgrade
from shared.verify import Broken, verify

T = TypeVar("T")

STORE = "main"
OFFICE = ("office", "office")
JAKARTA = ZoneInfo("Asia/Jakarta")
CASHIER = Actor("staff:1", "Sari", Role.CASHIER)
SIGNER = SigningKey(Ed25519PrivateKey.generate())
BAG, WATCH = "BAG", "8991234567891"


def new_id() -> str:
    """Make a sale's id."""
    return str(uuid4())


class Shop:
    """A shop in a database of its own."""

    def __init__(self, url: str, *, is_ready: bool = False, till: str = "till-1") -> None:
        """`is_ready`: its database has the schema already."""
        if not is_ready:
            upgrade(url)
        self.url = url
        self.database = Database(url)
        self.counter = self.open_till(till)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def open_till(self, name: str) -> Counter:
        """Open a till's register, and give where it sells."""
        self.database.write(lambda connection: ledger.open_register(connection, STORE, name, "till"))
        return Counter(STORE, name, "IDR", JAKARTA, SIGNER)

    def know_key(self) -> None:
        """Let the shop know the key that its receipts are signed with, as a till does at its start."""
        register = (self.counter.register, "till")
        ledger.take_turn(
            self.database, STORE, register, "till", lambda turn: receipt_keys.make_known(turn, SIGNER.id, SIGNER.public)
        )

    def list_products(self, *listings: tuple[str, str, str]) -> list[Remark]:
        """List products: (code, name, price)."""
        columns = products.COLUMNS.required
        lines = [Line(number, dict(zip(columns, row, strict=True)), 1) for number, row in enumerate(listings, 2)]
        return self.in_office(lambda turn: products.take_lines(turn, lines))

    def receive(self, product: str, *serials: str, **facts: str) -> list[Remark]:
        """Receive units of one product."""
        lines = [Line(n, {"serial": serial, "product": product, **facts}, 1) for n, serial in enumerate(serials, 2)]
        return self.in_office(lambda turn: receiving.take_lines(turn, lines))

    def in_office(self, work: Callable[[Turn], T], actor: str = "command") -> T:
        """Do something in the office's turn."""
        return ledger.take_turn(self.database, STORE, OFFICE, actor, work)

    def token(self, role: Role, name: str = "") -> str:
        """Issue an API token."""
        return str(self.in_office(lambda turn: staff.add_token(turn, name or f"{role} program", role)))

    def move(self, serial: str, what: str, state: str) -> None:
        """Let something else happen to a unit, as its own program would write it."""

        def moved(turn: Turn) -> None:
            item = find_cards(turn.connection, serial)[0].item
            turn.connection.exec_driver_sql(
                f"UPDATE item SET state = '{state}', version = version + 1 WHERE id = {item.id}"
            )
            turn.record("item", item.id, item.version + 1, what, state, {})

        self.in_office(moved)

    def permit(self, serial: str, until: int) -> str:
        """Give a unit leave to go out until then (wall time in µs)."""
        with self.database.snapshot() as connection:
            (card,) = find_cards(connection, serial)
        leave = Leave(PermitKind.REPAIR, card.item.id, None, "", until, "")
        return self.in_office(lambda turn: permits.issue(turn, leave))

    def person(self, role: Role, name: str = "") -> int:
        """Add somebody to the staff, by default under the role's own name; the number."""
        return self.in_office(lambda turn: staff.add_person(turn, name or f"A {role}", role, "2468"))

    def badge(self, person: int) -> str:
        """Give this person a new badge, as nobody but the person may; what a scanner reads of it."""
        return self.in_office(lambda turn: badges.issue(turn, person)[1], actor=f"staff:{person}")

    def request(
        self, *lines: str | UnitLine | GoodsLine, paid: Sequence[Paid], sale_id: str = "", total: int | None = None
    ) -> Request:
        """Ask for a sale; a bare text is a unit's serial."""
        wanted = tuple(UnitLine(line) if isinstance(line, str) else line for line in lines)
        content = {"lines": [repr(line) for line in wanted], "paid": [repr(one) for one in paid], "total": total}
        return Request(sale_id or new_id(), wanted, tuple(paid), total, sale.hash_of(content))

    def sell(self, *lines: str | UnitLine | GoodsLine, cash: int = 0, **more: Any) -> Outcome:
        """Sell at the counter for cash."""
        paid = [Paid("cash", cash)] if cash else []
        return sale.sell(self.database, self.counter, CASHIER, self.request(*lines, paid=paid, **more))

    def state(self, serial: str) -> str:
        """Tell a unit's state."""
        with self.database.snapshot() as connection:
            (card,) = find_cards(connection, serial)
        return card.item.state

    def history(self, serial: str) -> list[str]:
        """Tell what happened to a unit, oldest first."""
        with self.database.snapshot() as connection:
            (card,) = find_cards(connection, serial)
        return [entry["what"] for entry in card.history]

    def broken(self) -> list[Broken]:
        """Verify the ledger."""
        with self.database.snapshot() as connection:
            return verify(connection).broken

    def count(self, table: str, where: str = "1 = 1") -> int:
        """Count rows."""
        with self.database.reading() as connection:
            return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE {where}").scalar_one())

    def delivered(self, where: str = "1 = 1") -> int:
        """Count what gates have delivered of what they saw; what they say of themselves is not counted."""
        return self.count("delivery", f"outcome NOT IN ('part', 'gate') AND {where}")

    def alter(self, statement: str) -> None:
        """Change rows behind the shop's back."""
        self.database.write(lambda connection: connection.exec_driver_sql(statement).close())

    def write_settings(self, folder: Path, port: int = 8080, till: str = "till-1") -> Path:
        """Write a settings file for this shop's database."""
        file = folder / f"{till}.toml"
        file.write_text(
            f'[shop]\nname = "Toko Contoh"\n[database]\nurl = "{self.url}"\n'
            f'[till]\nname = "{till}"\nlisten = "127.0.0.1:{port}"\n'
        )
        return file
