"""What a gate and a till's server say to each other over HTTP, as JSON. The API's description has the addresses.

The copy of everything is lines of `DIGEST JSON`: the digest is SHA-256, in hex, over the digest of the line before and
this line's JSON, so that a copy in which anything was lost, changed or cut off is found at that line. The JSON is a
list: first `["copy", EPOCH, GATE, NEWEST, HEADS]`, then `["product", ROWS]`, `["item", ROWS]`, `["code", ROWS]`,
`["permit", ROWS]`, `["key", ROWS]`, `["person", ROWS]` and `["badge", ROWS]`, in this order and each once at least,
last `["end"]`. Rows are those of `shared.source.Copy`.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from typing import Any

from shared.database import DatabaseGoneError
from shared.gate_rules import Closed, KnownGate
from shared.items import ItemState
from shared.journal import Entry
from shared.ledger import EVENT_FIELDS, Event, Head
from shared.roles import Role
from shared.source import Copy, Truth
from shared.staff import Actor

SCHEMA_HEADER = "Lunas-Schema"  # both ends are of one schema, as a program and its database are
DIGEST_HEADER = "Content-Digest"  # RFC 9530
COPY_TYPE = "application/x-ndjson"
ROWS_IN_A_LINE = 1000
KINDS = ("product", "item", "code", "permit", "key", "person", "badge")

Register = tuple[str, str]


class WireError(DatabaseGoneError):
    """What came is not what a till's server said, or nothing that it ever says: as good as no answer."""


def content_digest(body: bytes) -> str:
    """The value of a `Content-Digest` header for this body."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def tell_heads(epoch: str, heads: Mapping[Register, Head]) -> dict[str, Any]:
    """The epoch and every register's head."""
    return {"epoch": epoch, "heads": _head_rows(heads)}


def hear_heads(told: Any) -> tuple[str, dict[Register, Head]]:
    """What `tell_heads` told. Raises WireError."""
    with _as_told():
        return str(told["epoch"]), _heads(told["heads"])


def tell_events(events: Iterable[Event]) -> dict[str, Any]:
    """Events, their hashes in hex."""
    rows = [{name: getattr(event, name) for name in EVENT_FIELDS} for event in events]
    return {"events": [{**row, "hash": row["hash"].hex()} for row in rows]}


def hear_events(told: Any) -> list[Event]:
    """What `tell_events` told. Raises WireError."""
    with _as_told():
        return [Event(**{**row, "hash": bytes.fromhex(row["hash"])}) for row in told["events"]]


def tell_truths(truths: Iterable[Truth]) -> dict[str, Any]:
    """What is so of some units."""
    return {"truths": [asdict(one) for one in truths]}


def hear_truths(told: Any) -> list[Truth]:
    """What `tell_truths` told. Raises WireError."""
    with _as_told():
        return [Truth(**{**row, "state": ItemState(row["state"])}) for row in told["truths"]]


def tell_picture(picture: bytes | None) -> dict[str, Any]:
    """What a product looks like."""
    return {"picture": base64.b64encode(picture).decode() if picture else None}


def hear_picture(told: Any) -> bytes | None:
    """What `tell_picture` told. Raises WireError."""
    with _as_told():
        return base64.b64decode(told["picture"], validate=True) if told["picture"] else None


def tell_people(people: Iterable[Actor]) -> dict[str, Any]:
    """People by id, name and role."""
    return {"people": [{"id": who.id, "name": who.name, "role": who.role} for who in people]}


def hear_people(told: Any) -> list[Actor]:
    """What `tell_people` told. Raises WireError."""
    with _as_told():
        return [Actor(**{**row, "role": Role(row["role"])}) for row in told["people"]]


def tell_entry(entry: Entry, *, is_fresh: bool) -> dict[str, Any]:
    """A journal entry without its device, which is the gate; `fresh`: the gate saw it a moment ago."""
    return {"boot": entry.boot, "n": entry.n, "body": entry.body, "fresh": is_fresh}


def tell_refused(keys: Iterable[str]) -> dict[str, Any]:
    """The keys of passages that should not have been."""
    return {"refused": sorted(keys)}


def hear_refused(told: Any) -> set[str]:
    """What `tell_refused` told. Raises WireError."""
    with _as_told():
        return {str(key) for key in told["refused"]}


def copy_lines(copy: Copy) -> Iterator[bytes]:
    """A copy as lines; its rows are taken as the lines are."""
    digest = b""
    for content in _contents(copy):
        text = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
        digest = _line_digest(digest, text)
        yield digest + b" " + text + b"\n"


def read_copy(lines: Iterable[bytes]) -> Copy:
    """The copy that these lines hold; lines are taken as its rows are. Raises WireError, and so do the rows."""
    reader = _CopyReader(lines)
    with _as_told():
        kind, epoch, gate, newest, heads = reader.take()
        if kind != "copy":
            raise WireError(f"expected a copy, got {kind!r}")
        reader.take()
        return Copy(
            epoch,
            _heads(heads),
            gate and KnownGate(**{**gate, "closed": Closed(**gate["closed"])}),
            newest,
            reader.rows("product", then="item"),
            reader.rows("item", then="code"),
            reader.rows("code", then="permit"),
            reader.rows("permit", then="key"),
            reader.rows("key", then="person"),
            reader.rows("person", then="badge"),
            reader.rows("badge", then="end"),
        )


class _CopyReader:
    """Holds the line that was taken last, and no other."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = _checked(lines)
        self._line: list[Any] = []

    def take(self) -> list[Any]:
        self._line = next(self._lines, ["nothing"])
        return self._line

    def rows(self, kind: str, then: str) -> Iterator[Any]:
        """The rows of all lines of this kind; a line of the kind `then` has to follow them."""
        while self._line[0] == kind:
            yield from self._line[1]
            self.take()
        if self._line[0] != then:
            raise WireError(f"the copy was cut off: expected {then!r} after {kind!r}, got {self._line[0]!r}")


def _contents(copy: Copy) -> Iterator[list[Any]]:
    yield ["copy", copy.epoch, copy.gate and asdict(copy.gate), copy.newest, _head_rows(copy.heads)]
    parts = (copy.products, copy.items, copy.codes, copy.permits, copy.keys, copy.people, copy.badges)
    for kind, rows in zip(KINDS, parts, strict=True):
        left = iter(rows)
        yield [kind, list(islice(left, ROWS_IN_A_LINE))]
        while some := list(islice(left, ROWS_IN_A_LINE)):
            yield [kind, some]
    yield ["end"]


def _checked(lines: Iterable[bytes]) -> Iterator[list[Any]]:
    digest = b""
    for line in lines:
        told, _, text = line.rstrip(b"\n").partition(b" ")
        digest = _line_digest(digest, text)
        if told != digest:
            raise WireError("the copy was changed or cut off on its way")
        yield json.loads(text)


def _line_digest(before: bytes, text: bytes) -> bytes:
    return hashlib.sha256(before + text).hexdigest().encode()


def _head_rows(heads: Mapping[Register, Head]) -> list[dict[str, Any]]:
    return [
        {"store": store, "register": name, "seq": head.seq, "hash": head.hash.hex()}
        for (store, name), head in heads.items()
    ]


def _heads(rows: Iterable[Mapping[str, Any]]) -> dict[Register, Head]:
    return {(row["store"], row["register"]): Head(row["seq"], bytes.fromhex(row["hash"])) for row in rows}


@contextmanager
def _as_told() -> Iterator[None]:
    """What has another shape than the other end gives is a WireError."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise WireError(f"expected what a till's server tells its gates, got something else: {error}") from error
