"""What every page of the till, the office and the gate has: look, languages, faults, headers."""
