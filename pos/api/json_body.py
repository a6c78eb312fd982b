"""JSON of a request's body, and its members, checked one by one. Pure."""

import json
import re
from typing import Any, NoReturn

from pos.api.problems import Problem

NAME = re.compile(r"[\w.\-]{1,40}", re.ASCII)  # of a till, a gate, a store: see `TableReader.name`
TEXT = re.compile(r"[\x1d\x20-\x7e]{1,512}")


def parse_body(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises Problem 400 for anything else."""
    try:
        content = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        json.dumps(content, ensure_ascii=False).encode("utf-8")  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        raise Problem(400, "bad_json", "expected a JSON object as UTF-8, got something else") from None
    if not isinstance(content, dict):
        raise Problem(400, "bad_json", f"expected a JSON object, got {type(content).__name__}")
    return content


def members(where: str, value: object, required: set[str], optional: frozenset[str] = frozenset()) -> dict[str, Any]:
    """An object with these members and no others. Raises Problem 400."""
    if not isinstance(value, dict):
        bad(where, "an object", value)
    missing, strange = required - set(value), set(value) - required - optional
    if missing:
        raise Problem(400, "bad_request", f"{where}: expected the member {min(missing)!r}, it is missing")
    if strange:
        known = ", ".join(sorted(required | optional))
        raise Problem(400, "bad_request", f"{where}: unknown member {min(strange)[:40]!r}; known are {known}")
    return value


def listed(where: str, value: object, most: int, least: int = 1) -> list[Any]:
    """A list of so many. Raises Problem 400."""
    if not isinstance(value, list) or not least <= len(value) <= most:
        bad(where, f"a list of {least} to {most}", value)
    return value


def whole(where: str, value: object, most: int, least: int) -> int:
    """A whole number. Raises Problem 400."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        bad(where, f"a whole number from {least} to {most}", value)
    return value


def flag(where: str, value: object) -> bool:
    """True or false. Raises Problem 400."""
    if not isinstance(value, bool):
        bad(where, "true or false", value)
    return value


def text(where: str, value: object) -> str:
    """What a label may say. Raises Problem 400."""
    if not isinstance(value, str) or not TEXT.fullmatch(value):
        bad(where, "1 to 512 printable ASCII characters", value)
    return value


def bad(where: str, expected: str, value: object) -> NoReturn:
    """Say what was expected and what came. Raises Problem 400."""
    raise Problem(400, "bad_request", f"{where}: expected {expected}, got {json.dumps(value)[:80]}")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
