"""The demo's shop: people, products and units, added by what the commands run."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pos.demo.goods import GOODS, Good, Mark, Unit, new_unit
from pos.office import bulk, products, receiving
from pos.office.bulk import Columns, Line, Remark
from pos.office.register import OFFICE
from shared import ledger, staff
from shared.database import Database
from shared.ledger import Turn
from shared.roles import Role
from shared.settings import Settings

T = TypeVar("T")
Take = Callable[[Turn, Sequence[Line]], list[Remark]]

BY_DEMO = "demo"  # the actor of what the demo does as the office
SHELF = "shelf.json"
TOKEN = "api-token"  # noqa: S105 - a file's name


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in."""

    name: str
    role: Role
    pin: str


CASHIER = Person("Kasir", Role.CASHIER, "1111")
SECURITY = Person("Keamanan", Role.SECURITY, "2222")
MANAGER = Person("Manajer", Role.MANAGER, "3333")
PEOPLE = (CASHIER, SECURITY, MANAGER)


class DemoShop:
    """The shop in one folder."""

    def __init__(self, chosen: Settings, database: Database) -> None:
        self.settings = chosen
        self.database = database
        self._folder = chosen.file.parent

    def fill(self) -> None:
        """People, products, a token and the first units, where they are not there yet."""
        self._office(_hire)
        self._take(products.take_lines, products.COLUMNS, [(good.code, good.name, good.price) for good in GOODS])
        if not (self._folder / TOKEN).exists():
            self._write(TOKEN, self._office(lambda turn: staff.add_token(turn, "demo", Role.MANAGER)))
        if not (self._folder / SHELF).exists():
            self.stock(GOODS, {})

    @property
    def token(self) -> str:
        """An API token."""
        return (self._folder / TOKEN).read_text()

    def units(self) -> dict[str, Unit]:
        """What stands on the shelf, by slot."""
        serials = json.loads((self._folder / SHELF).read_text())
        return {good.slot: Unit(good, serials[good.slot]) for good in GOODS}

    def stock(self, goods: Iterable[Good], kept: Mapping[str, Unit]) -> None:
        """Receive a new unit of each of these goods; what is kept stays on the shelf."""
        fresh = {good.slot: new_unit(good) for good in goods}
        units = [(unit.serial, unit.good.code) for unit in fresh.values() if unit.good.mark is not Mark.NONE]
        self._take(receiving.take_lines, receiving.COLUMNS, units)
        shelf = {**kept, **fresh}
        self._write(SHELF, json.dumps({slot: unit.serial for slot, unit in shelf.items()}))

    def _take(self, take: Take, columns: Columns, rows: Sequence[Sequence[object]]) -> None:
        """Take these rows as the lines of a CSV file; they begin with the columns that are required."""
        text = io.StringIO()
        csv.writer(text).writerows([columns.required, *rows])
        text.seek(0)
        lines = [line for line in bulk.read_lines(text, columns) if isinstance(line, Line)]
        for remark in self._office(lambda turn: take(turn, lines)):
            raise ValueError(f"the demo's own line {remark.number} is bad: {remark.text}")

    def _office(self, work: Callable[[Turn], T]) -> T:
        return ledger.take_turn(self.database, self.settings.shop.store, OFFICE, BY_DEMO, work)

    def _write(self, name: str, text: str) -> None:
        """Whole or not at all: the demo may be killed at any time."""
        fresh = self._folder / f"{name}.new"
        fresh.touch(mode=0o600)
        fresh.write_text(text)
        fresh.replace(self._folder / name)


def _hire(turn: Turn) -> None:
    there = {person.name for person in staff.people(turn.connection)}
    for person in PEOPLE:
        if person.name not in there:
            staff.add_person(turn, person.name, person.role, person.pin)
