"""Which outputs act at which level of alarm, for how long, and that nothing makes them last for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.pattern import (
    CHIME_SECONDS,
    GENTLE_SECONDS,
    HARD_MAXIMUM,
    Level,
    Role,
    Sounding,
    lengthened,
    lengths,
)

C, L, S, F = Role.CHIME, Role.LAMP, Role.SIREN, Role.FAULT
SOUNDINGS = st.lists(
    st.tuples(st.floats(0, 20), st.sampled_from(Level), st.floats(0.2, HARD_MAXIMUM)), min_size=1, max_size=30
)


@pytest.mark.parametrize(
    ("level", "roles", "expected"),
    [
        (Level.SIREN, {S}, {S: 10}),
        (Level.SIREN, {C, L, S, F}, {C: 10, L: 10, S: 10}),
        (Level.CHIME, {S}, {S: GENTLE_SECONDS}),
        (Level.CHIME, {C, S}, {C: CHIME_SECONDS}),
        (Level.CHIME, {C, L, S, F}, {C: CHIME_SECONDS, L: 10}),
        (Level.CHIME, {L, S}, {L: 10, S: GENTLE_SECONDS}),
        (Level.CHIME, {L}, {L: 10}),
        (Level.QUIET, {C, L, S, F}, {L: 10}),
        (Level.QUIET, {C, S}, {}),
    ],
)
def test_each_level_has_its_outputs(level: Level, roles: set[Role], expected: dict[Role, float]) -> None:
    assert lengths(level, roles, 10) == expected


def test_a_chime_is_no_longer_than_an_alarm() -> None:
    assert lengths(Level.CHIME, {C, L}, 0.5) == {C: 0.5, L: 0.5}


def test_a_siren_after_a_chime_makes_all_last() -> None:
    chime = lengthened(None, 0.0, lengths(Level.CHIME, {C, L, S}, 10))
    assert lengthened(chime, 1.5, lengths(Level.SIREN, {C, L, S}, 10)) == Sounding(0.0, {C: 11.5, L: 11.5, S: 11.5})


def test_a_chime_after_a_siren_shortens_nothing() -> None:
    siren = lengthened(None, 0.0, lengths(Level.SIREN, {C, L, S}, 10))
    assert lengthened(siren, 1.0, lengths(Level.CHIME, {C, L, S}, 10)) == Sounding(0.0, {C: 10.0, L: 11.0, S: 10.0})


def test_what_is_seen_only_is_not_counted_as_heard() -> None:
    chime = lengthened(None, 0.0, lengths(Level.CHIME, {C, L}, 10))
    assert (chime.ends_in(0.5), chime.ends_in(5.0), chime.end) == (1.5, 0.0, 10.0)


@given(SOUNDINGS)
def test_nothing_is_on_beyond_the_hard_maximum_and_nothing_is_shortened(
    soundings: list[tuple[float, Level, float]],
) -> None:
    sounding: Sounding | None = None
    now = 0.0
    for pause, level, seconds in soundings:
        now += pause
        if sounding and now >= sounding.end:
            sounding = None
        before = sounding
        sounding = lengthened(sounding, now, lengths(level, {C, L, S}, seconds))
        assert sounding.end <= sounding.since + HARD_MAXIMUM
        assert before is None or all(sounding.until[role] >= until for role, until in before.until.items())
