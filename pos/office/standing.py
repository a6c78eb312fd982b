"""Where an incident stands, as the alarm log tells and filters it. Pure."""

from shared.facts import Fact

OPEN, LATE, TRIAL, BYPASS = "open", "late", "trial", "bypass"  # what the gate says of an alarm, or of no alarm
SILENT = frozenset({TRIAL, BYPASS})
SILENCED, THEFT = "silenced", "theft"
KINDS = (OPEN, SILENCED, *Fact, THEFT, LATE, BYPASS, TRIAL)
