"""Which way each of a gate's scanners looks: `direction`, or `lane` and `side`, of `[[gate.scanner]]`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from shared.table_reader import Table, TableReader

DIRECTIONS = ("in", "out", "both")
KEYS = frozenset({"direction", "lane", "side"})


class Side(StrEnum):
    """The end of a lane."""

    INSIDE = "inside"  # towards the shop
    OUTSIDE = "outside"  # towards the street


@dataclass(frozen=True, slots=True)
class ScannerWays:
    """The scanners that only what comes in passes; and of each that stands at an end of a lane, which one."""

    entrances: frozenset[str] = frozenset()
    ends: Mapping[str, tuple[str, Side]] = field(default_factory=lambda: MappingProxyType({}))


OUT = ScannerWays()  # all that is seen leaves


def read_ways(reader: TableReader, scanners: tuple[Table, ...]) -> ScannerWays:
    """Read what these tables say of ways; their other keys are their drivers' business."""
    for table in scanners:
        for wrong in _mistakes(table):
            reader.mistake("scanner", f"{table.get('name')}: {wrong}")
    entrances = frozenset(str(table.get("name")) for table in scanners if table.get("direction") == "in")
    ends = {
        str(table.get("name")): (str(table["lane"]), Side(table["side"]))
        for table in scanners
        if "lane" in table and table.get("side") in list(Side)
    }
    for lane in sorted({lane for lane, _ in ends.values()}):
        for side in Side:
            if (lane, side) not in ends.values():
                reader.mistake("scanner", f'lane {lane!r}: expected a scanner with side = "{side}" too')
    return ScannerWays(entrances, ends)


def without_ways(scanners: tuple[Table, ...]) -> tuple[Table, ...]:
    """The tables as their drivers know them."""
    return tuple({key: value for key, value in table.items() if key not in KEYS} for table in scanners)


def _mistakes(table: Table) -> list[str]:
    direction, lane, side = (table.get(key) for key in ("direction", "lane", "side"))
    wrong = []
    if direction is not None and direction not in DIRECTIONS:
        wrong.append(f"expected direction in, out or both, got {direction!r}")
    if lane is not None and (not isinstance(lane, str) or not lane):
        wrong.append(f"expected the lane's name, got {lane!r}")
    if (lane is None) is not (side is None):
        wrong.append("expected lane and side together")
    elif side is not None and side not in list(Side):
        wrong.append(f"expected side inside or outside, got {side!r}")
    if lane is not None and direction is not None:
        wrong.append("expected a direction or a lane, got both: a lane tells the direction")
    return wrong
