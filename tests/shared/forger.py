"""Somebody with the database's password and a program of their own, who wants the ledger to say something else."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from shared import ledger, schema
from shared.canonical import canonical
from shared.ledger import EVENT_FIELDS, GENESIS, Event

Register = tuple[str, str]
Log = dict[Register, list[Event]]
EDITED = ("kind", "subject", "version", "what", "state", "actor", "at", "details")
EVENT = schema.table(schema.Event)
REGISTER = schema.table(schema.Register)

ROWS = (
    "UPDATE item SET state = 'departed', version = version + 1 WHERE id = (SELECT min(id) FROM item)",
    "UPDATE item SET serial = 'OTHER' WHERE id = (SELECT max(id) FROM item)",
    "UPDATE item SET product_id = (SELECT max(id) FROM product) WHERE id = (SELECT max(id) FROM item)",
    "UPDATE item SET expires_on = '2099-01-01' WHERE id = (SELECT max(id) FROM item)",
    "UPDATE code SET text = 'OTHER' WHERE text = 'WATCH-3'",
    "DELETE FROM code WHERE text = 'WATCH-3'",
    "UPDATE product SET price = price - 1 WHERE code = 'BAG'",
    "UPDATE product SET name = 'Other' WHERE code = 'BAG'",
    "UPDATE product SET tax_class = 'exempt' WHERE code = 'BAG'",
    "UPDATE sale SET total = total - 1 WHERE number = 'till-1-000001'",
    "UPDATE sale SET number = 'till-1-000009' WHERE number = 'till-1-000001'",
    "UPDATE sale SET at = at + 1 WHERE number = 'till-1-000001'",
    "UPDATE sale SET actor = 'staff:9' WHERE number = 'till-1-000001'",
    "UPDATE sale SET rounding = -50 WHERE number = 'till-1-000001'",
    "UPDATE sale_line SET price = price - 1 WHERE item_id IS NOT NULL",
    "UPDATE sale_line SET amount = amount - 1",
    "UPDATE sale_line SET discount = discount + 1",
    "UPDATE sale_line SET share = share + 1",
    "UPDATE sale_line SET tax = tax + 1",
    "UPDATE sale_line SET quantity = quantity + 1 WHERE item_id IS NULL",
    "DELETE FROM sale_line WHERE item_id IS NULL",
    "UPDATE payment SET amount = amount - 1",
    "UPDATE payment SET method = 'card'",
    "DELETE FROM payment",
    "UPDATE alarm SET serial = 'OTHER'",
    "UPDATE alarm SET state = 'resolved'",
    "UPDATE alarm SET at = at + 1",
    "DELETE FROM alarm",
    "UPDATE incident SET fact = 'was_paid'",
    "UPDATE incident SET note = 'a theft'",
    "UPDATE incident SET resolved_by = 'staff:9'",
    "DELETE FROM incident",
    "UPDATE gate SET armed = NOT armed",
    "UPDATE receipt_key SET retired = NOT retired",
    "UPDATE receipt_key SET public = 'ff'",
    "DELETE FROM receipt_key",
    "UPDATE staff SET role = 'admin'",
    "UPDATE staff SET active = false",
    "UPDATE token SET role = 'admin'",
    "DELETE FROM token",
)


class Forger:
    """Makes one change after the other; `mends` computes all hashes and heads anew after it."""

    def __init__(self, connection: Connection, dice: random.Random, *, mends: bool) -> None:
        self._connection = connection
        self._dice = dice
        self._mends = mends

    def forge(self, how: str) -> None:
        """Change the ledger; it is another one after this."""
        before = self._read()
        after = {register: list(entries) for register, entries in before.items()}
        while after == before:
            WAYS[how](self, after)
        self._write(_mended(after) if self._mends else after)

    def edit(self, log: Log) -> None:
        """Another value in one field of one entry."""
        entries, place = self._entry(log)
        name = self._dice.choice(EDITED)
        entries[place] = replace(entries[place], **{name: self._other(getattr(entries[place], name))})

    def edit_hash(self, log: Log) -> None:
        """Another hash, and with it another time: a mended log would have the old hash again."""
        entries, place = self._entry(log)
        entry = entries[place]
        entries[place] = replace(entry, at=entry.at + 1, hash=self._dice.randbytes(32))

    def remove(self, log: Log) -> None:
        """One entry less."""
        entries, place = self._entry(log)
        del entries[place]

    def remove_some(self, log: Log) -> None:
        """Some entries in a row less."""
        entries, place = self._entry(log)
        del entries[place : place + self._dice.randint(2, 9)]

    def cut(self, log: Log) -> None:
        """The log ends earlier."""
        entries, place = self._entry(log)
        del entries[place:]

    def swap(self, log: Log) -> None:
        """Two entries in each other's place, perhaps in another register."""
        (one, here), (other, there) = self._entry(log), self._entry(log)
        one[here], other[there] = _placed(other[there], one[here]), _placed(one[here], other[there])

    def move(self, log: Log) -> None:
        """One entry goes into another register."""
        (one, here), (other, there) = self._entry(log), self._entry(log)
        if one is not other:
            other[there] = _placed(one.pop(here), other[there])

    def repeat(self, log: Log) -> None:
        """One entry over another one: what was there never happened."""
        entries, place = self._entry(log)
        entries[place] = _placed(self._dice.choice(entries), entries[place])

    def remove_register(self, log: Log) -> None:
        """A whole register less."""
        del log[self._dice.choice([register for register, entries in log.items() if entries])]

    def rename_register(self, log: Log) -> None:
        """A whole register under another name."""
        store, name = self._dice.choice([register for register, entries in log.items() if entries])
        entries = log.pop((store, name))
        log[store, name + "0"] = [replace(entry, register=name + "0") for entry in entries]

    def _entry(self, log: Log) -> tuple[list[Event], int]:
        entries = self._dice.choice([entries for entries in log.values() if entries])
        return entries, self._dice.randrange(len(entries))

    def _other(self, value: Any) -> Any:
        if isinstance(value, int):
            return value + self._dice.choice((-1, 1, 1000))
        if value.startswith("{"):
            return self._other_details(json.loads(value))
        return self._dice.choice(("", "x", value + "0", value.upper()))

    def _other_details(self, facts: dict[str, Any]) -> str:
        names = list(facts)
        if names and self._dice.random() < 0.5:
            del facts[self._dice.choice(names)]
        elif names:
            facts[self._dice.choice(names)] = self._dice.choice((0, 1, "x", None))
        else:
            facts["x"] = 1
        return canonical(facts)

    def _read(self) -> Log:
        heads = ledger.heads(self._connection)
        return {register: ledger.newer(self._connection, register, 0, 10_000) for register in heads}

    def _write(self, log: Log) -> None:
        self._connection.execute(delete(EVENT))
        rows = [{name: getattr(entry, name) for name in EVENT_FIELDS} for some in log.values() for entry in some]
        if rows:
            self._connection.execute(insert(EVENT), rows)
        if self._mends:
            self._write_heads(log)

    def _write_heads(self, log: Log) -> None:
        for number, store, name in self._connection.execute(
            select(REGISTER.c.id, REGISTER.c.store, REGISTER.c.name)
        ).all():
            renamed = name if (store, name) in log else name + "0"
            if (store, renamed) not in log:
                self._connection.execute(delete(REGISTER).where(REGISTER.c.id == number))
                continue
            entries = log[store, renamed]
            head = (entries[-1].seq, entries[-1].hash) if entries else (0, GENESIS)
            values = {"name": renamed, "head_seq": head[0], "head_hash": head[1]}
            self._connection.execute(update(REGISTER).where(REGISTER.c.id == number).values(values))


def _placed(entry: Event, place: Event) -> Event:
    return replace(entry, store=place.store, register=place.register, seq=place.seq)


def _mended(log: Log) -> Log:
    return {register: _chained(entries) for register, entries in log.items()}


def _chained(entries: list[Event]) -> list[Event]:
    last, chained = GENESIS, []
    for seq, entry in enumerate(entries, 1):
        numbered = replace(entry, seq=seq)
        last = ledger.digest(last, [getattr(numbered, name) for name in EVENT_FIELDS[:-1]])
        chained.append(replace(numbered, hash=last))
    return chained


WAYS: dict[str, Callable[[Forger, Log], None]] = {
    "edit": Forger.edit,
    "edit the hash": Forger.edit_hash,
    "remove": Forger.remove,
    "remove some": Forger.remove_some,
    "cut": Forger.cut,
    "swap": Forger.swap,
    "move": Forger.move,
    "repeat": Forger.repeat,
    "remove a register": Forger.remove_register,
    "rename a register": Forger.rename_register,
}
