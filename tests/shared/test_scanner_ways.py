"""Which way the scanners of a gate look, by the settings."""

from pathlib import Path

import pytest

from shared.gate_settings import GateSettings
from shared.settings import SettingsError, load

GATE = '[gate]\nrelay = { kind = "virtual" }\n'


def ends(*lines: str) -> str:
    """A gate whose scanners `one` and `two` say this."""
    names = ("one", "two")
    return GATE + "".join(
        f'[[gate.scanner]]\nname = "{name}"\nkind = "virtual"\n{said}\n'
        for name, said in zip(names, lines, strict=True)
    )


def read(folder: Path, text: str) -> GateSettings | None:
    """What the settings say of the gate."""
    file = folder / "lunas.toml"
    file.write_text(text)
    return load(file).gate


def test_two_scanners_are_the_ends_of_a_lane(tmp_path: Path) -> None:
    text = ends('lane = "main"\nside = "inside"', 'lane = "main"\nside = "outside"')
    gate = read(tmp_path, text)
    assert gate is not None
    assert gate.ways.ends == {"one": ("main", "inside"), "two": ("main", "outside")}
    assert gate.scanners == ({"name": "one", "kind": "virtual"}, {"name": "two", "kind": "virtual"})


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (('lane = "main"', ""), "expected lane and side together"),
        (('side = "inside"', ""), "expected lane and side together"),
        (('lane = "main"\nside = "left"', ""), "expected side inside or outside, got 'left'"),
        (('lane = "main"\nside = "inside"', ""), 'expected a scanner with side = "outside" too'),
        (('lane = 1\nside = "inside"', 'lane = "1"\nside = "outside"'), "expected the lane's name, got 1"),
        (('lane = "m"\nside = "inside"\ndirection = "in"', 'lane = "m"\nside = "outside"'), "got both"),
    ],
)
def test_a_lane_that_makes_no_sense_is_a_mistake(tmp_path: Path, lines: tuple[str, str], expected: str) -> None:
    with pytest.raises(SettingsError) as told:
        read(tmp_path, ends(*lines))
    assert expected in str(told.value)
