"""The label of a gate's daily walk: no unit's, and carried past each scanner. Pure."""


def walk_label(gate: str) -> str:
    """What is printed on it, and what the gate's scanners read of it."""
    return f"LUNAS.WALK.{gate}"
