"""Of the moments that somebody asks for, and of no others, five pictures are kept."""

import pytest

from hardware.camera.memory import Kept, Memory, Shot


def shot(at: float) -> Shot:
    return Shot(b"", at)


def seen(memory: Memory, begin: float, end: float) -> list[Kept]:
    """What is kept while pictures come, four a second."""
    return [kept for number in range(round((end - begin) * 4)) for kept in memory.see(shot(begin + number / 4))]


def times(kept: list[Kept]) -> list[float]:
    return [one.shot.monotonic for one in kept]


def test_two_seconds_before_and_after_a_moment_are_kept() -> None:
    memory = Memory()
    assert seen(memory, 0, 10) == []
    memory.keep("ab12", 9.8)
    kept = seen(memory, 10, 14)
    assert times(kept) == [7.75, 8.75, 9.75, 10.75, 11.75]
    assert [(one.name, one.number) for one in kept] == [("ab12", number) for number in range(5)]


@pytest.mark.parametrize("late", [0.0, 1.0, 3.0])
def test_who_asks_late_gets_the_same(late: float) -> None:
    memory = Memory()
    seen(memory, 0, 10 + late)
    memory.keep("ab12", 9.8)
    assert times(seen(memory, 10 + late, 20)) == [7.75, 8.75, 9.75, 10.75, 11.75]


def test_what_was_not_seen_is_left_out() -> None:
    memory = Memory()
    seen(memory, 9, 10)
    memory.keep("ab12", 9.8)
    assert times(seen(memory, 10, 14)) == [9.0, 9.75, 10.75, 11.75]


def test_two_moments_at_once_are_both_kept() -> None:
    memory = Memory()
    seen(memory, 0, 10)
    memory.keep("ab12", 9.8)
    memory.keep("cd34", 9.9)
    assert sorted({one.name for one in seen(memory, 10, 14)}) == ["ab12", "cd34"]


def test_a_camera_that_paused_keeps_what_it_saw_before() -> None:
    memory = Memory()
    seen(memory, 0, 10)
    memory.keep("ab12", 9.8)
    assert times(seen(memory, 15.75, 16)) == [9.75]
