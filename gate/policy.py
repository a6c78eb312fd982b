"""What a shop decides about each row of the decision table: `[gate.policy]` of the settings. Pure."""

from collections.abc import Mapping

from hardware.errors import OptionMistake
from hardware.options import did_you_mean
from shared.gate_policy import ROWS, Outcome, Policy, Reason


def read_policy(table: Mapping[str, object]) -> Policy:
    """The rows of this table. Raises OptionMistake with every mistake."""
    mistakes = [(key, wrong) for key, value in table.items() if (wrong := _wrong(key, value))]
    if mistakes:
        raise OptionMistake(mistakes)
    return {Reason(key): Outcome(str(value)) for key, value in table.items()}


def _wrong(key: str, value: object) -> str:
    rows = [row.value for row in ROWS]
    if key not in rows:
        return f"unknown{did_you_mean(key, rows) or '; rows are ' + ', '.join(rows)}"
    allowed = ROWS[Reason(key)]
    return "" if value in allowed else f"expected one of {', '.join(allowed)}, got {value!r}"
