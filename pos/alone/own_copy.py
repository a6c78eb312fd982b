"""The till's own copy of the shop: a SQLite file of the shop's schema, to sell from while the database is gone.

So the till needs no second way to sell. What is sold in the copy is its journal too: the sale, its units and the note
that it waits are one transaction, and a sale waits until it is noted as delivered.
"""

import logging
import secrets
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, select, text

from shared import ledger, sqlite
from shared.database import Database, DatabaseDamagedError, SchemaError, file_url
from shared.ledger import Head
from shared.statements import Statement
from shared.upgrade import upgrade

log = logging.getLogger(__name__)

TILL = "till"
ALONE = "-L"  # after the till's name: the register of what it sold alone, whose receipts count for themselves
Register = tuple[str, str]


class OwnCopy:
    """The file. `database` is what the till sells from, `register` under which name.

    `is_filled` tells whether it was ever copied whole, `epoch` whose copy it is.
    """

    def __init__(self, file: Path, store: str, till: str) -> None:
        """Open the file, or begin an empty one where it is missing or damaged; a damaged one is kept beside it."""
        self.store = store
        self.register = till + ALONE
        is_old = _begin(file)
        file.chmod(0o600)  # it holds PINs' hashes
        self.database = Database(file_url(file))
        self.database.write(lambda connection: self._prepare(connection, is_old=is_old))

    def close(self) -> None:
        """Let the file go."""
        self.database.close()

    @property
    def is_filled(self) -> bool:
        """Whether the till could sell from it."""
        return self.epoch != ""

    @property
    def epoch(self) -> str:
        """The epoch of the database that it is a copy of, "" while it is none."""
        return self._fact("epoch")

    @property
    def carried(self) -> str:
        """The id of the cart that came over from the database, "" for none."""
        return self._fact("carried")

    @property
    def since(self) -> int:
        """Since when the till sells from it, in µs since 1970 UTC; 0 while it does not. A restart does not end that."""
        return int(self._fact("since") or 0)

    def begin_alone(self) -> int:
        """Sell from it from now on; gives the time, in µs since 1970 UTC."""
        with self.database.reading() as connection:
            now: int = _NOW.run(connection).scalar_one()
        self.database.write(lambda connection: set_fact(connection, "since", str(now)))
        return now

    def heads(self) -> dict[Register, Head]:
        """Up to where the feed was followed."""
        with self.database.reading() as connection:
            rows = _HEADS.run(connection)
            return {(store, register): Head(seq, digest) for store, register, seq, digest in rows}

    def waiting(self) -> list[str]:
        """The ids of the sales that are not delivered yet, in their order."""
        with self.database.reading() as connection:
            return [row[0] for row in _WAITING.run(connection)]

    def has_sold(self, items: Sequence[int]) -> set[int]:
        """Which of these units this till sold alone, and has not delivered: of others its copy may be wrong."""
        with self.database.reading() as connection:
            return sold_alone(connection).intersection(items)

    def _fact(self, name: str) -> str:
        with self.database.reading() as connection:
            return str(_FACT.run(connection, name=name).scalar() or "")

    def _prepare(self, connection: Connection, *, is_old: bool) -> None:
        for statement in _OWN_TABLES:
            connection.exec_driver_sql(statement)
        ledger.open_register(connection, self.store, self.register, TILL)
        if is_old:
            set_fact(connection, "epoch", "")


def sold_alone(connection: Connection) -> set[int]:
    """The units that were sold in the copy, and are not delivered yet."""
    return {row[0] for row in _SOLD.run(connection)}


def set_fact(connection: Connection, name: str, value: str) -> None:
    """Keep a fact of the copy: `epoch`, `carried`, `since`."""
    _SET_FACT.run(connection, name=name, value=value)


def set_head(connection: Connection, register: Register, head: Head) -> None:
    """Keep how far a register was followed."""
    _SET_HEAD.run(connection, store=register[0], register=register[1], seq=head.seq, hash=head.hash)


def note_delivered(connection: Connection, sale_id: str) -> None:
    """A sale waits no more."""
    _DELIVERED.run(connection, sale=sale_id)


def let_all_wait(connection: Connection) -> None:
    """The database was put back to an earlier day: it gets again what the copy still holds."""
    connection.exec_driver_sql("DELETE FROM own_delivered")


def _begin(file: Path) -> bool:
    """Let a file of this schema stand there; whether it was of an older one, and so lacks what is new."""
    if file.exists():
        try:
            with Database(file_url(file)) as database:
                database.check_file()
                database.check_schema()
        except DatabaseDamagedError as error:
            _put_aside(file, error)
        except SchemaError:
            return _upgraded(file)
    upgrade(file_url(file))
    return False


def _upgraded(file: Path) -> bool:
    """Its sales stay; what it holds of the shop lacks what the new schema has."""
    try:
        upgrade(file_url(file))
    except SchemaError as error:  # of a newer program
        _put_aside(file, error)
        upgrade(file_url(file))
        return False
    log.info("the till's own copy was of an older version: it is filled afresh")
    return True


def _put_aside(file: Path, error: Exception) -> None:
    aside = file.with_name(f"{file.name}.damaged-{secrets.token_hex(4)}")
    log.error("the till's own copy cannot be used: %s. It is kept as %s, and a new one begins", error, aside.name)
    file.rename(aside)
    sqlite.discard(file)


_OWN_TABLES = (
    "CREATE TABLE IF NOT EXISTS own_fact (name TEXT PRIMARY KEY, value TEXT)",
    "CREATE TABLE IF NOT EXISTS own_head (store, register, seq INTEGER, hash BLOB, PRIMARY KEY (store, register))",
    "CREATE TABLE IF NOT EXISTS own_delivered (sale TEXT PRIMARY KEY)",
)
_NOW = Statement(select(ledger.database_clock()))
_FACT = Statement(text("SELECT value FROM own_fact WHERE name = :name"))
_SET_FACT = Statement(
    text("INSERT INTO own_fact VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
)
_HEADS = Statement(text("SELECT store, register, seq, hash FROM own_head"))
_SET_HEAD = Statement(
    text(
        "INSERT INTO own_head VALUES (:store, :register, :seq, :hash)"
        " ON CONFLICT (store, register) DO UPDATE SET seq = excluded.seq, hash = excluded.hash"
    )
)
_WAITING = Statement(
    text("SELECT id FROM sale WHERE reply <> '' AND id NOT IN (SELECT sale FROM own_delivered) ORDER BY number")
)
_SOLD = Statement(
    text("SELECT item_id FROM sale_line WHERE item_id IS NOT NULL AND sale_id NOT IN (SELECT sale FROM own_delivered)")
)
_DELIVERED = Statement(text("INSERT INTO own_delivered VALUES (:sale) ON CONFLICT DO NOTHING"))
