"""How the gate is right now, in a few words for programs: what a new listener wants to know first. Pure."""

from collections.abc import Mapping
from typing import Any

STALE_SECONDS = 2.0  # as the gate's screen has it


def level(gate: str, status: Mapping[str, Any], age: float) -> dict[str, Any]:
    """From the gate's status, `age` seconds old: `state` is `watching` or `blind`, `down` and `degraded` name parts."""
    if age > STALE_SECONDS:
        return {"gate": gate, "state": "blind", "armed": status["armed"], "down": ["gate"], "degraded": []}
    health = status["health"]
    return {
        "gate": gate,
        "state": "blind" if health["down"] else "watching",
        "armed": status["armed"],
        "down": list(health["down"]),
        "degraded": _degraded(health),
    }


def gone(gate: str) -> dict[str, Any]:
    """What the broker says when the gate's program is no more."""
    return {"gate": gate, "state": "gone"}


def _degraded(health: Mapping[str, Any]) -> list[str]:
    parts = {"database": health["database"]}
    parts |= {name: health[name] for name in ("snapshots", "button") if health[name]}
    parts |= {f"scanner {name}": part for name, part in health["scanners"].items()}
    parts |= {f"output {name}": part for name, part in health["outputs"].items()}
    walk = ["walk"] if health["walk"]["due"] else []
    return [name for name, part in parts.items() if part["state"] != "ok"] + walk
