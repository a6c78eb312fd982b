"""What a gate goes by: armed or on trial, and its policy. The settings say so first, a person in the office last.

A person's word is in the database and reaches the gate by its feed; what the settings say is told by the gate itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, select, text, update

from shared import schema
from shared.gate_policy import DEFAULT_POLICY, Outcome, Reason
from shared.ledger import Details, Turn
from shared.statements import Statement

BY_SETTINGS = "settings"  # the actor of what the settings file decides


@dataclass(frozen=True, slots=True)
class Closed:
    """After-closing mode: on until `until` (0: off), as was decided at `at`; wall times in µs. The last word holds."""

    until: int
    at: int


@dataclass(frozen=True, slots=True)
class KnownGate:
    """What the shop decided of a gate: whether it is armed, the rows of its policy that a person chose, the mode."""

    armed: bool
    policy: Mapping[str, str]
    closed: Closed


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a gate's policy: what it does now, what it would do without a person, and who chose, "" for nobody."""

    outcome: Outcome
    without: Outcome
    is_set: bool  # whether the settings say something of it
    chosen_by: str


class UnknownGateError(LookupError):
    """A gate that the shop does not have."""


def introduce(turn: Turn, gate: str, *, armed: bool, policy: Mapping[str, str]) -> None:
    """Make the gate known with what its settings say; they arm it as long as no person decided otherwise."""
    by = BY_SETTINGS if armed else ""
    row = _LOCK.run(turn.connection, gate=gate).first()
    if row is None:
        _ADD.run(turn.connection, gate=gate, armed=armed, by=by)
        turn.record("gate", gate, 1, "installed", _state(armed=armed), {"by": by})
    elif armed and not row[0] and not row[1]:
        _ARM.run(turn.connection, gate=gate, by=by)
        _record(turn, gate, "armed", {"by": by})
    if {row: outcome for row, outcome, _, _ in _RULES.run(turn.connection, gate=gate) if outcome} != policy:
        _FORGET_SET.run(turn.connection, gate=gate)
        _SET.run_many(turn.connection, [{"gate": gate, "row": row, "outcome": out} for row, out in policy.items()])
        _FORGET_EMPTY.run(turn.connection, gate=gate)
        _record(turn, gate, "policy", {"by": BY_SETTINGS, "rows": dict(policy)})


def choose(turn: Turn, gate: str, row: Reason, outcome: Outcome | None) -> None:
    """Let the turn's actor decide a row, or with None leave it to the settings again. Raises UnknownGateError."""
    if _LOCK.run(turn.connection, gate=gate).first() is None:
        raise UnknownGateError(gate)
    chosen, by = (outcome.value, turn.actor) if outcome else ("", "")
    _CHOOSE.run(turn.connection, gate=gate, row=row.value, outcome=chosen, by=by)
    _FORGET_EMPTY.run(turn.connection, gate=gate)
    _record(turn, gate, "policy", {"by": turn.actor, "rows": {row.value: chosen}})


def close(turn: Turn, gate: str, closed: Closed, by: str) -> None:
    """Put after-closing mode on or off; a word that comes late, after a newer one, changes nothing.

    `by` is an actor, "" where nobody could sign. Raises UnknownGateError.
    """
    if _LOCK.run(turn.connection, gate=gate).first() is None:
        raise UnknownGateError(gate)
    _CLOSE.run(turn.connection, gate=gate, until=closed.until, at=closed.at, by=by)
    _record(turn, gate, "closing", {"until": closed.until, "at": closed.at, "by": by})


def known(connection: Connection, gate: str) -> KnownGate | None:
    """What was decided of this gate; None for one that the shop does not know."""
    row = _KNOWN.run(connection, gate=gate).first()
    if row is None:
        return None
    chosen = {row: outcome for row, _, outcome, _ in _RULES.run(connection, gate=gate) if outcome}
    return KnownGate(bool(row[0]), chosen, Closed(row[1] or 0, row[2] or 0))


def rules(connection: Connection, gate: str) -> dict[Reason, Rule]:
    """Every row of this gate's policy."""
    found = {row: (by_settings, chosen, by) for row, by_settings, chosen, by in _RULES.run(connection, gate=gate)}
    return {row: _rule(default, *found.get(row, ("", "", ""))) for row, default in DEFAULT_POLICY.items()}


def _rule(default: Outcome, by_settings: str, chosen: str, by: str) -> Rule:
    without = Outcome(by_settings) if by_settings else default
    return Rule(Outcome(chosen) if chosen else without, without, by_settings != "", by)


def _record(turn: Turn, gate: str, what: str, told: Details) -> None:
    """Write a change of the gate down, its row being at the version before."""
    armed, version = _NEXT.run(turn.connection, gate=gate).one()
    turn.record("gate", gate, version, what, _state(armed=bool(armed)), told)


def _state(*, armed: bool) -> str:
    return "armed" if armed else "trial"


_G = schema.table(schema.Gate)
_R = schema.table(schema.GateRule)
_this_gate = _G.c.name == bindparam("gate")
_KNOWN = Statement(select(_G.c.armed, _G.c.closed_until, _G.c.closed_at).where(_this_gate))
_CLOSE = Statement(
    update(_G)
    .where(_this_gate, func.coalesce(_G.c.closed_at, 0) <= bindparam("at"))
    .values(closed_until=bindparam("until"), closed_at=bindparam("at"), closed_by=bindparam("by"))
)
_LOCK = Statement(select(_G.c.armed, _G.c.armed_by).where(_this_gate).with_for_update())
_ADD = Statement(text("INSERT INTO gate (name, armed, armed_by, version) VALUES (:gate, :armed, :by, 1)"))
_ARM = Statement(update(_G).where(_this_gate).values(armed=True, armed_by=bindparam("by")))
_NEXT = Statement(update(_G).where(_this_gate).values(version=_G.c.version + 1).returning(_G.c.armed, _G.c.version))
_RULES = Statement(
    select(_R.c.row, _R.c.by_settings, _R.c.chosen, _R.c.chosen_by)
    .where(_R.c.gate == bindparam("gate"))
    .order_by(_R.c.row)
)
_INTO = "INSERT INTO gate_rule (gate, row, by_settings, chosen, chosen_by) VALUES (:gate, :row, "
_KNOWN_ROW = " ON CONFLICT (gate, row) DO UPDATE SET "
_SET = Statement(text(f"{_INTO}:outcome, '', ''){_KNOWN_ROW}by_settings = excluded.by_settings"))
_CHOOSE = Statement(
    text(f"{_INTO}'', :outcome, :by){_KNOWN_ROW}chosen = excluded.chosen, chosen_by = excluded.chosen_by")
)
_FORGET_SET = Statement(update(_R).where(_R.c.gate == bindparam("gate")).values(by_settings=""))
_FORGET_EMPTY = Statement(delete(_R).where(_R.c.gate == bindparam("gate"), _R.c.by_settings == "", _R.c.chosen == ""))
