"""Signed heads: how far every register's log went, and its last hash, to be kept where the database's keeper is not.

A chain alone can be computed anew by whoever can edit it. Against heads that were kept, a changed, cut or recomputed
log is evident; what was written after them is not covered, and neither is what whoever holds the key may sign.

A line is canonical JSON: `store`, `register`, `seq`, `hash`, `epoch`, `at` (µs since 1970 UTC), `of` (how many lines
this signing has), `key` (the key's id), and `signature`, Ed25519 over the line without it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from shared import ledger, schema
from shared.canonical import canonical
from shared.differences import Broken
from shared.ledger import Head
from shared.signed_receipt import Signer
from shared.signing_key import SigningKey
from shared.statements import Statement

FIELDS = {"store": str, "register": str, "seq": int, "hash": str, "epoch": str, "at": int, "of": int, "key": str}
SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many kept heads there were, and what does not hold of them."""

    kept: int
    broken: list[Broken]


def sign(connection: Connection, key: Signer) -> list[str]:
    """One line for each register that has an entry, as this connection sees them."""
    epoch, now = _EPOCH.run(connection).one()
    heads = {register: head for register, head in sorted(ledger.heads(connection).items()) if head.seq}
    shared = {"epoch": epoch, "at": now, "of": len(heads), "key": key.id}
    return [_signed({**_named(register, head), **shared}, key) for register, head in heads.items()]


def compare(connection: Connection, lines: Iterable[str], key: SigningKey) -> Comparison:
    """Hold kept lines against the ledger; the chains themselves are `verify`'s business."""
    broken: list[Broken] = []
    kept: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        head = _read(line)
        why = _why_not_ours(head, key) if head else "is no line of heads"
        if head and not why:
            kept.append(head)
        else:
            broken.append(Broken(f"line {number} of the kept heads", why))
    epoch = _EPOCH.run(connection).one()[0]
    broken += _missing_lines(kept)
    broken += [found for head in kept if (found := _compare(connection, head, epoch))]
    return Comparison(len(kept), broken)


def _named(register: tuple[str, str], head: Head) -> dict[str, Any]:
    return {"store": register[0], "register": register[1], "seq": head.seq, "hash": head.hash.hex()}


def _signed(head: dict[str, Any], key: Signer) -> str:
    return canonical({**head, SIGNATURE: key.sign(canonical(head).encode())})


def _read(line: str) -> dict[str, Any] | None:
    try:
        head = json.loads(line)
    except ValueError:
        return None
    if not isinstance(head, dict) or head.keys() != FIELDS.keys() | {SIGNATURE}:
        return None
    return head if all(type(head[name]) is kind for name, kind in FIELDS.items()) else None


def _why_not_ours(head: dict[str, Any], key: SigningKey) -> str:
    if head["key"] != key.id:
        return f"was signed with another key: {head['key']}, the shop's is {key.id}"
    content = {name: head[name] for name in FIELDS}
    return (
        "" if key.has_signed(canonical(content).encode(), str(head[SIGNATURE])) else "was changed after it was signed"
    )


def _missing_lines(kept: list[dict[str, Any]]) -> Iterator[Broken]:
    """A signing is kept whole or it is not trusted: who takes a line away hides a register."""
    found = Counter((head["epoch"], head["at"], head["of"]) for head in kept)
    for (_, _, of), count in found.items():
        if count < of:
            yield Broken("the kept heads", f"are not whole: {count} of {of} lines are there")


def _compare(connection: Connection, head: dict[str, Any], epoch: str) -> Broken | None:
    entries = ledger.newer(connection, (head["store"], head["register"]), head["seq"] - 1, 1)
    if entries and entries[0].seq == head["seq"] and entries[0].hash.hex() == head["hash"]:
        return None
    why = "is not the one that was kept" if entries else "was kept, and is missing: the log ends before it"
    if head["epoch"] != epoch:
        why += ". The database was put back since: what was written after its backup is gone"
    return Broken(f"{head['store']}/{head['register']} entry {head['seq']}", why)


_EPOCH = Statement(select(schema.table(schema.Shop).c.epoch, ledger.database_clock()))
