"""For how long after-closing mode may be put on, at the gate and in the office. Pure."""

OFF, UNTIL_ENDED = "off", "open"
HOURS = ("1", "4", "8", "12")
CHOICES = (UNTIL_ENDED, *HOURS, OFF)
HOUR = 3_600_000_000  # µs
FOREVER = 2**63 - 1  # until somebody ends it


def until(choice: str, now: int) -> int:
    """The end of what was chosen at `now` (wall time in µs); 0: off. Raises ValueError for what is no choice."""
    if choice not in CHOICES:
        raise ValueError(choice)
    if choice in HOURS:
        return now + int(choice) * HOUR
    return 0 if choice == OFF else FOREVER
