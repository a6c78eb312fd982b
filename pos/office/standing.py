"""Where an incident stands, as the alarm log tells and filters it. Pure."""

from shared.facts import Fact

OPEN, LATE, TRIAL = "open", "late", "trial"  # what the gate says of an alarm
SILENCED, THEFT = "silenced", "theft"
KINDS = (OPEN, SILENCED, *Fact, THEFT, LATE, TRIAL)
