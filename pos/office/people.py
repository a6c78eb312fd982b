"""Names for what the ledger keeps of people."""

from sqlalchemy import Connection, select

from shared import schema
from shared.roles import WATCHERS, Role
from shared.statements import Statement


def names(connection: Connection) -> dict[str, str]:
    """The name of everybody who ever was on the staff, by actor (`staff:3`)."""
    return {f"staff:{number}": name for number, name, _ in _STAFF.run(connection)}


def watchers(connection: Connection) -> dict[str, str]:
    """The name of everybody who ever could say what an alarm was, by actor, in the order of the names."""
    rows = _STAFF.run(connection)
    return {f"staff:{number}": name for number, name, role in rows if Role(role) in WATCHERS}


_S = schema.table(schema.Staff)
_STAFF = Statement(select(_S.c.id, _S.c.name, _S.c.role).order_by(_S.c.name))
