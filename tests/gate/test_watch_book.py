"""The watch book: what changes is told at once, a loose plug fills nothing, and each hour all is told again."""

from typing import Any

from gate.watch_book import WatchBook

WALL = 1_790_000_000_000_000


class Life:
    """One life of a gate, on a clock of the test's own."""

    def __init__(self) -> None:
        self.now, self.ahead = 100.0, 0
        self._book = WatchBook(self.now, self.wall())

    def wall(self) -> int:
        return WALL + round(self.now * 1_000_000) + self.ahead

    def look(self, seconds: float, **parts: bool) -> list[Any]:
        """What is told after so many seconds: part, state and the state before; or the clock's jump in seconds."""
        self.now += seconds
        told = self._book.look(parts, self.now, self.wall())
        return [
            (one["name"], one["up"], one["was"]) if one["kind"] == "part" else one["value"] / 1_000_000 for one in told
        ]


def test_what_comes_at_start_is_told_at_once_and_what_does_not_after_a_moment() -> None:
    life = Life()
    assert life.look(0.5, left=True, right=False) == [("left", True, None)]
    assert life.look(3, left=True, right=False) == []
    assert life.look(2, left=True, right=False) == [("right", False, None)]


def test_a_change_is_told_once() -> None:
    life = Life()
    life.look(1, left=True)
    assert life.look(60, left=False) == [("left", False, True)]
    assert life.look(1, left=False) == []
    assert life.look(60, left=True) == [("left", True, False)]


def test_a_loose_plug_is_told_every_few_seconds_at_most() -> None:
    life = Life()
    told = [one for number in range(600) for one in life.look(0.5, left=bool(number % 2))]
    assert len(told) <= 300 / 5 + 1


def test_each_hour_all_is_told_again() -> None:
    life = Life()
    life.look(1, left=True)
    told = [one for _ in range(7200) for one in life.look(1, left=True)]
    assert told == [("left", True, True)] * 2


def test_a_clock_that_is_set_is_told_and_one_that_is_steered_is_not() -> None:
    life = Life()
    for _ in range(10):
        life.ahead += 1_000_000
        assert life.look(1) == []
    for seconds in (3600, -3600, 10 * 365 * 86_400):
        life.ahead += seconds * 1_000_000
        assert life.look(1) == [seconds]
    life.ahead += 4_900_000
    assert life.look(1) == []
