"""Where an incident stands, as the alarm log tells and filters it. Pure."""

from shared.facts import Fact

OPEN, LATE, TRIAL, BYPASS = "open", "late", "trial", "bypass"  # what the gate says of an alarm, or of no alarm
SILENT = frozenset({TRIAL, BYPASS})
SILENCED, THEFT, QUIET = "silenced", "theft", "quiet"
KINDS = (OPEN, SILENCED, *Fact, THEFT, QUIET, LATE, BYPASS, TRIAL)
