"""What a gate on another machine asks and tells, in place of a database of its own."""

import re
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

from flask import Blueprint, Response, jsonify, request

from pos.api.doorkeeper import Doorkeeper
from pos.api.json_body import NAME, bad, flag, listed, members, parse_body, whole
from pos.api.problems import Problem
from shared import snapshots
from shared.gate_policy import ROWS, Reason
from shared.gate_wire import (
    COPY_TYPE,
    DIGEST_HEADER,
    content_digest,
    copy_lines,
    tell_events,
    tell_heads,
    tell_people,
    tell_picture,
    tell_refused,
    tell_truths,
)
from shared.journal import LONGEST_BODY, Entry
from shared.ledger import RegisterError
from shared.schema import LARGEST
from shared.snapshots import Snapshot
from shared.source import DatabaseSource

Knows = Callable[[Sequence[int]], Collection[int]]
MOST_EVENTS, MOST_ITEMS, MOST_ENTRIES = 1000, 1000, 100
BOOT = INCIDENT = re.compile(r"[0-9a-f]{16}")
MOST_DIGITS, TIME_DIGITS = 15, 17
QUICK = 1  # zlib's level: a till has better things to do
JPEG_BEGINS = b"\xff\xd8\xff"
GZIP = 16 + zlib.MAX_WBITS


def blueprint(allowed: Doorkeeper, knows: Knows) -> Blueprint:
    """The addresses of one gate; `knows` gives those of some units of which the till can say what is so."""
    gates = Blueprint("gates", __name__, url_prefix="/gates/<gate>")
    _add_feed(gates, allowed)
    _add_questions(gates, allowed, knows)
    _add_words(gates, allowed)

    @gates.after_request
    def digest(answer: Response) -> Response:
        if not answer.is_streamed:
            answer.headers[DIGEST_HEADER] = content_digest(answer.get_data())
        return answer

    @gates.errorhandler(RegisterError)
    def taken(error: RegisterError) -> Response:
        return Problem(409, "name_taken", str(error)).response()

    return gates


def _add_feed(gates: Blueprint, allowed: Doorkeeper) -> None:
    """What a gate follows."""

    @gates.get("/heads")
    @allowed.gate
    def heads(source: DatabaseSource) -> Response:
        return jsonify(tell_heads(*source.heads()))

    @gates.get("/events")
    @allowed.gate
    def events(source: DatabaseSource) -> Response:
        register = (_name("store"), _name("register"))
        limit = min(MOST_EVENTS, _number("limit"))
        return jsonify(tell_events(source.newer(register, _number("after"), limit)))

    @gates.get("/copy")
    @allowed.gate
    def copy(source: DatabaseSource) -> Response:
        return _streamed(_copied(source))


def _add_questions(gates: Blueprint, allowed: Doorkeeper, knows: Knows) -> None:
    """What it asks now and then."""

    @gates.post("/truths")
    @allowed.gate
    def truths(source: DatabaseSource) -> Response:
        told = members("the question", parse_body(request.get_data()), {"items"})
        items = listed("items", told["items"], MOST_ITEMS, least=0)
        asked = [whole("item", item, LARGEST, least=0) for item in items]
        return jsonify(tell_truths(source.truths(sorted(knows(asked)))))

    @gates.get("/products/<product>/picture")
    @allowed.gate
    def product_picture(source: DatabaseSource, product: str) -> Response:
        if not (product.isascii() and product.isdigit() and len(product) <= MOST_DIGITS):
            bad("product", "a whole number", product)
        return jsonify(tell_picture(source.product_picture(int(product))))

    @gates.get("/people")
    @allowed.gate
    def people(source: DatabaseSource) -> Response:
        return jsonify(tell_people(source.people()))

    @gates.post("/sign-in")
    @allowed.gate
    def sign_in(source: DatabaseSource) -> Response:
        told = members("the sign-in", parse_body(request.get_data()), {"person", "pin"})
        who = source.sign_in(_string("person", told["person"]), _string("pin", told["pin"]))
        return jsonify(tell_people([who] if who else []))


def _add_words(gates: Blueprint, allowed: Doorkeeper) -> None:
    """What it says."""

    @gates.put("")
    @allowed.gate
    def introduce(source: DatabaseSource) -> Response:
        told = members("the gate", parse_body(request.get_data()), {"armed", "policy"})
        source.introduce(armed=flag("armed", told["armed"]), policy=_policy(told["policy"]))
        return jsonify({"gate": source.gate.name})

    @gates.put("/snapshots/<incident>/<number>")
    @allowed.gate
    def picture(source: DatabaseSource, incident: str, number: str) -> Response:
        if not INCIDENT.fullmatch(incident):
            bad("incident", "16 hexadecimal digits", incident)
        if number not in map(str, range(snapshots.MOST)):
            bad("number", f"0 to {snapshots.MOST - 1}", number)
        at, body = _number("at", TIME_DIGITS), request.get_data()
        if not body.startswith(JPEG_BEGINS) or len(body) > snapshots.LARGEST:
            raise Problem(413, "no_picture", f"expected a JPEG of at most {snapshots.LARGEST} bytes, got {len(body)}")
        source.picture(Snapshot(incident, int(number), at, body))
        return jsonify({"incident": incident})

    @gates.post("/entries")
    @allowed.gate
    def entries(source: DatabaseSource) -> Response:
        told = members("the delivery", parse_body(request.get_data()), {"entries"})
        brought = [_entry(source.gate.name, row) for row in listed("entries", told["entries"], MOST_ENTRIES)]
        fresh = {entry.key for entry, is_fresh in brought if is_fresh}
        return jsonify(tell_refused(source.deliver([entry for entry, _ in brought], fresh)))


def _policy(value: object) -> dict[str, str]:
    rows: dict[str, str] = members("policy", value, set(), frozenset(ROWS))
    for row, outcome in rows.items():
        if outcome not in ROWS[Reason(row)]:
            bad(f"policy {row}", f"one of {', '.join(ROWS[Reason(row)])}", outcome)
    return rows


def _name(name: str) -> str:
    value = request.args.get(name, "")
    if not NAME.fullmatch(value):
        bad(name, "letters, digits, - _ . only", value)
    return value


def _string(where: str, value: object) -> str:
    """Anything typed: what is no PIN is a wrong one."""
    if not isinstance(value, str):
        raise Problem(400, "bad_request", f"{where}: expected text, got something else")
    return value


def _number(name: str, digits: int = MOST_DIGITS) -> int:
    value = request.args.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) <= digits):
        bad(name, f"a whole number of at most {digits} digits", value)
    return int(value)


def _entry(gate: str, row: object) -> tuple[Entry, bool]:
    """A journal entry, and whether the gate saw it a moment ago. What its body says is the ledger's to judge."""
    told: dict[str, Any] = members("entry", row, {"boot", "n", "body", "fresh"})
    boot, body = told["boot"], told["body"]
    if not isinstance(boot, str) or not BOOT.fullmatch(boot):
        bad("entry boot", "16 hexadecimal digits", boot)
    if not isinstance(body, str) or len(body.encode()) > LONGEST_BODY:
        bad("entry body", f"text of at most {LONGEST_BODY} bytes", body)
    return Entry(gate, boot, whole("entry n", told["n"], LARGEST, least=1), body), flag("entry fresh", told["fresh"])


def _copied(source: DatabaseSource) -> Iterator[bytes]:
    with source.copy() as copy:
        yield from copy_lines(copy)


def _streamed(lines: Iterator[bytes]) -> Response:
    """The first line is asked for here, so that a database that is silent is a problem and not half an answer."""
    answer = Response(_gzipped(next(lines), lines), mimetype=COPY_TYPE)
    answer.headers["Content-Encoding"] = "gzip"
    return answer


def _gzipped(first: bytes, lines: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(QUICK, zlib.DEFLATED, GZIP)
    with closing(lines):  # type: ignore[type-var] # a generator
        yield from _packed(packer, [first])
        yield from _packed(packer, lines)
        yield packer.flush()


def _packed(packer: Any, lines: Iterable[bytes]) -> Iterator[bytes]:
    return filter(None, map(packer.compress, lines))
