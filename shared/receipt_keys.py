"""The public keys of the shop's receipts: made known by tills, followed by gates, retired by a person."""

from sqlalchemy import Connection, bindparam, insert, select, update

from shared import schema
from shared.ledger import Turn
from shared.signed_receipt import KeyState, ReceiptKey
from shared.statements import Statement

KIND = "receipt_key"


class UnknownKeyError(LookupError):
    """No till of this shop has made such a key known."""


def find(connection: Connection, key_id: str) -> ReceiptKey | None:
    """The key of this id."""
    row = _KEY.run(connection, id=key_id).first()
    return ReceiptKey(key_id, bytes.fromhex(row[0]), _state(row[1])) if row else None


def every(connection: Connection) -> list[ReceiptKey]:
    """All keys, in the order of their ids."""
    return [ReceiptKey(key, bytes.fromhex(public), _state(retired)) for key, public, retired in _KEYS.run(connection)]


def make_known(turn: Turn, key_id: str, public: bytes) -> KeyState:
    """Let the shop know the key that a till signs with; safe to repeat. Gives how it stands."""
    known = find(turn.connection, key_id)
    if known:
        return known.state
    _ADD.run(turn.connection, id=key_id, public=public.hex(), retired=False, version=1)
    turn.record(KIND, key_id, 1, "made_known", KeyState.VALID, {"public": public.hex()})
    return KeyState.VALID


def retire(turn: Turn, key_id: str) -> None:
    """From now on the key vouches for no receipt; safe to repeat. Raises UnknownKeyError."""
    row = _LOCK.run(turn.connection, id=key_id).first()
    if row is None:
        raise UnknownKeyError(key_id)
    version, is_retired = row
    if not is_retired:
        _RETIRE.run(turn.connection, key=key_id, to=version + 1)
        turn.record(KIND, key_id, version + 1, "retired", KeyState.RETIRED, {})


def _state(retired: object) -> KeyState:
    return KeyState.RETIRED if retired else KeyState.VALID


_K = schema.table(schema.ReceiptKey)
_KEY = Statement(select(_K.c.public, _K.c.retired).where(_K.c.id == bindparam("id")))
_KEYS = Statement(select(_K.c.id, _K.c.public, _K.c.retired).order_by(_K.c.id))
_LOCK = Statement(select(_K.c.version, _K.c.retired).where(_K.c.id == bindparam("id")).with_for_update())
_ADD = Statement(insert(_K).values({name: bindparam(name) for name in ("id", "public", "retired", "version")}))
_RETIRE = Statement(update(_K).where(_K.c.id == bindparam("key")).values(retired=True, version=bindparam("to")))
