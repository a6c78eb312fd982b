"""What a shop decides about each row of the decision table: `[gate.policy]` of the settings. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from gate.decision import DEFAULT_POLICY, Outcome, Policy, Reason
from hardware.errors import OptionMistake
from hardware.options import did_you_mean

OF_UNITS = (Outcome.PASS, Outcome.CHECK, Outcome.ALARM)
OF_OTHERS = (Outcome.IGNORE, Outcome.PASS, Outcome.CHECK)  # what is no unit of the shop never alarms
ROWS: Mapping[Reason, tuple[Outcome, ...]] = MappingProxyType({
    Reason.AGAIN: OF_UNITS,
    Reason.PERMIT: OF_UNITS,
    Reason.TWICE: OF_UNITS,
    Reason.UNPAID: OF_UNITS,
    Reason.UNCONFIRMED: OF_UNITS,
    Reason.WRITTEN_OFF: OF_UNITS,
    Reason.STRAY: OF_UNITS,
    Reason.AMBIGUOUS: OF_UNITS,
    Reason.DAMAGED: OF_OTHERS,
    Reason.UNREGISTERED: OF_OTHERS,
    Reason.UNKNOWN: OF_OTHERS,
    Reason.FOREIGN: OF_OTHERS,
    Reason.UNREADABLE: OF_OTHERS,
})  # fmt: skip


def read_policy(table: Mapping[str, object]) -> Policy:
    """The default policy with the rows of this table in it. Raises OptionMistake with every mistake."""
    mistakes = [(key, wrong) for key, value in table.items() if (wrong := _wrong(key, value))]
    if mistakes:
        raise OptionMistake(mistakes)
    return MappingProxyType({**DEFAULT_POLICY, **{Reason(key): Outcome(str(value)) for key, value in table.items()}})


def _wrong(key: str, value: object) -> str:
    rows = [row.value for row in ROWS]
    if key not in rows:
        return f"unknown{did_you_mean(key, rows) or '; rows are ' + ', '.join(rows)}"
    allowed = ROWS[Reason(key)]
    return "" if value in allowed else f"expected one of {', '.join(allowed)}, got {value!r}"
