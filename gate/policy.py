"""What a shop decides about each row of the decision table: `[gate.policy]` of the settings. Pure."""

import difflib
from collections.abc import Mapping
from types import MappingProxyType

from gate.decision import DEFAULT_POLICY, Outcome, Policy, Reason

OF_UNITS = (Outcome.PASS, Outcome.CHECK, Outcome.ALARM)
OF_OTHERS = (Outcome.IGNORE, Outcome.PASS, Outcome.CHECK)  # what is no unit of the shop never alarms
ROWS: Mapping[Reason, tuple[Outcome, ...]] = MappingProxyType({
    Reason.AGAIN: OF_UNITS,
    Reason.PERMIT: OF_UNITS,
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


class PolicyMistake(ValueError):  # noqa: N818 - named as hardware's OptionMistake is
    """A table that cannot be a policy; `mistakes` are (key, what is wrong)."""

    def __init__(self, mistakes: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{key}: {message}" for key, message in mistakes))
        self.mistakes = mistakes


def read_policy(table: Mapping[str, object]) -> Policy:
    """The default policy with the rows of this table in it. Raises PolicyMistake with every mistake."""
    mistakes = [(key, wrong) for key, value in table.items() if (wrong := _wrong(key, value))]
    if mistakes:
        raise PolicyMistake(mistakes)
    return MappingProxyType({**DEFAULT_POLICY, **{Reason(key): Outcome(str(value)) for key, value in table.items()}})


def _wrong(key: str, value: object) -> str:
    rows = [row.value for row in ROWS]
    if key not in rows:
        near = difflib.get_close_matches(key, rows, n=1)
        return f"unknown; did you mean {near[0]!r}?" if near else f"unknown; rows are {', '.join(rows)}"
    allowed = ROWS[Reason(key)]
    return "" if value in allowed else f"expected one of {', '.join(allowed)}, got {value!r}"
