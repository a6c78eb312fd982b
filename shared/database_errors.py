"""What a database answers when it cannot be used, in the words of a shop."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

TRANSIENT_STATES = {"40001", "40P01"}  # serialization failure, deadlock
DAMAGED_STATES = {"XX001", "XX002"}  # PostgreSQL: data corrupted, index corrupted
DAMAGED_WORDS = ("malformed", "not a database", "file is empty")  # SQLite's, and `sqlite.connect`'s


class DatabaseError(Exception):
    """The database cannot be used; the message says why and what to do."""


class DatabaseGoneError(DatabaseError):
    """It does not answer now: not there, not reachable, its disk full. It may come back."""


class DatabaseDamagedError(DatabaseGoneError):
    """Its file is empty, cut, overwritten or something else; a backup brings it back."""

    def __init__(self, database: object, why: str) -> None:
        self.database = database
        self.why = why
        super().__init__(f"{database} is damaged: {why}. It is left as it is; put a backup back with: lunas restore")


class TryAgainError(DatabaseGoneError):
    """The engine chose this transaction to give way to others."""


class SchemaError(DatabaseError):
    """It is not a Lunas database of this program's schema."""


@contextmanager
def plain_errors(database: object) -> Iterator[None]:
    """Raise the engine's errors as ours; mistakes of a statement stay what they are."""
    try:
        yield
    except (exc.IntegrityError, exc.ProgrammingError, exc.DataError):
        raise
    except exc.DBAPIError as error:
        raise _translated(database, error) from error
    except (exc.TimeoutError, exc.DisconnectionError, OSError) as error:
        raise DatabaseGoneError(f"the database does not answer: {_first_line(error)}") from error


def _translated(database: object, error: exc.DBAPIError) -> DatabaseError:
    why, state = _first_line(error.orig), getattr(error.orig, "sqlstate", None)
    if state in DAMAGED_STATES or any(words in why for words in DAMAGED_WORDS):
        return DatabaseDamagedError(database, why)
    is_transient = state in TRANSIENT_STATES or "database is locked" in why
    return (TryAgainError if is_transient else DatabaseGoneError)(f"the database does not answer: {why}")


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0]
