"""A driver's own settings: declared as a frozen dataclass, checked by one reader.

A driver writes::

    @dataclass(frozen=True, slots=True, kw_only=True)
    class SerialOptions(DeviceOptions):
        kind: str = "serial"
        port: str = field(metadata=expects("the device's path"))
        baud: int = field(default=9600, metadata=expects("bits per second", 300, 3_000_000))

Fields are `str`, `bool`, `int` or `float`; an option cannot exist with a value that breaks its rule.
"""

import difflib
import math
import re
import reprlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, Final, TypeVar, get_type_hints

from hardware.errors import Mistake, OptionMistake

_RULE: Final = "lunas"
_LONGEST_TEXT: Final = 255
_TYPES: Final[Mapping[type, str]] = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a field holds, in words; the least and greatest value of a number, the only ones of a text, or its pattern.

    A text without a pattern is printable and not empty.
    """

    meaning: str = ""
    least: float = -math.inf
    greatest: float = math.inf
    choices: tuple[str, ...] = ()
    pattern: str = ""


def expects(
    meaning: str,
    least: float = -math.inf,
    greatest: float = math.inf,
    *,
    choices: tuple[str, ...] = (),
    pattern: str = "",
) -> dict[str, Rule]:
    """Return the metadata of a field: what it holds, a number's range (both ends allowed), a text's choices or pattern.

    The pattern is a regular expression that all of the text has to match.
    """
    return {_RULE: Rule(meaning, least, greatest, choices, pattern)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOptions:
    """What every device's settings hold; a driver adds its own.

    Raises:
        OptionMistake: a value is of the wrong type or out of its range.
    """

    name: str = field(metadata=expects("what the shop calls the device"))
    kind: str = field(metadata=expects("the driver"))

    def __post_init__(self) -> None:
        mistakes = list(_wrong_values(type(self), {each.name: getattr(self, each.name) for each in fields(self)}))
        if mistakes:
            raise OptionMistake(mistakes)


Options = TypeVar("Options", bound=DeviceOptions)


def read_options(wanted: type[Options], table: Mapping[str, object]) -> Options:
    """Return `wanted` filled from a table of the settings.

    Raises:
        OptionMistake: with every unknown key, missing key and wrong value.
    """
    mistakes = [*_unknown_keys(wanted, table), *_missing_keys(wanted, table), *_wrong_values(wanted, table)]
    if mistakes:
        raise OptionMistake(mistakes)
    values: dict[str, Any] = dict(table)
    return wanted(**values)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the known word nearest to `word`, or nothing where none is near."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _unknown_keys(wanted: type[DeviceOptions], table: Mapping[str, object]) -> Iterator[Mistake]:
    known = [each.name for each in fields(wanted)]
    for key in table:
        if key not in known:
            yield key, f"unknown key{did_you_mean(key, known) or '; known are ' + ', '.join(known)}"


def _missing_keys(wanted: type[DeviceOptions], table: Mapping[str, object]) -> Iterator[Mistake]:
    for each in fields(wanted):
        if each.default is MISSING and each.default_factory is MISSING and each.name not in table:
            yield each.name, f"is missing; expected {_rule(each).meaning or 'a value'}"


def _wrong_values(wanted: type[DeviceOptions], table: Mapping[str, object]) -> Iterator[Mistake]:
    types = get_type_hints(wanted)
    for each in fields(wanted):
        if each.name in table and not _fits(table[each.name], types[each.name], _rule(each)):
            yield each.name, _expectation(types[each.name], _rule(each), table[each.name])


def _rule(each: "Field[Any]") -> Rule:
    rule: Rule = each.metadata.get(_RULE, Rule())
    return rule


def _fits(value: object, wanted: type, rule: Rule) -> bool:
    if wanted is str:
        return isinstance(value, str) and len(value) <= _LONGEST_TEXT and _is_text(value, rule)
    if wanted is bool or isinstance(value, bool):
        return wanted is bool and isinstance(value, bool)
    # A whole number will do where any number does; not the other way round.
    if not isinstance(value, (int, float) if wanted is float else wanted):
        return False
    return isinstance(value, int | float) and math.isfinite(value) and rule.least <= value <= rule.greatest


def _is_text(value: str, rule: Rule) -> bool:
    if rule.pattern:
        return re.fullmatch(rule.pattern, value) is not None
    return value != "" and value.isprintable() and (not rule.choices or value in rule.choices)


def _expectation(wanted: type, rule: Rule, got: object) -> str:
    bounded = math.isfinite(rule.least) and math.isfinite(rule.greatest)
    span = f" from {rule.least:g} to {rule.greatest:.10g}" if bounded else ""
    purpose = f" ({rule.meaning})" if rule.meaning else ""
    kind = f"one of {', '.join(rule.choices)}" if rule.choices else _TYPES[wanted]
    return f"expected {kind}{span}{purpose}, got {reprlib.repr(got)}"
