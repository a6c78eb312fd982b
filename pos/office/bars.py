"""Where the bars of a chart stand. Pure.

Widths are in percent of the chart's, so that it fits a phone and a page; heights are in px, so that words keep theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

TALLEST = 120.0  # px
ABOVE = 24.0  # px, for the words over the tallest bar
FILLED = 0.72  # of a bar's place
MOST_TICKS = 8
MOST_SAID = 14  # with more bars only the first of the tallest bears its value


@dataclass(frozen=True, slots=True)
class Column:
    """One value, `told` as people read it; `name` stands in the table, the shorter `tick` under the bar.

    `short` stands over the bar where `told` is too wide for it.
    """

    name: str
    tick: str
    value: float
    told: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle: `x`, `width` and its `middle` in percent, `y` and `height` in px; `tick` and `said` may be "".

    A narrow chart leaves out the ticks that are spare.
    """

    x: float
    y: float
    width: float
    height: float
    middle: float
    tick: str
    is_spare: bool
    said: str
    title: str


def bars(columns: Sequence[Column], most: float = 0.0) -> list[Bar]:
    """A bar for each column, in their order; a value of `most`, or the greatest, is as tall as can be."""
    values = [column.value for column in columns]
    tallest = max(values, default=0.0)
    said = set(range(len(columns))) if len(columns) <= MOST_SAID else {values.index(tallest)}
    place = 100 / max(1, len(columns))
    every = -(-len(columns) // MOST_TICKS)  # how many bars share a tick
    return [
        Bar(
            x=number * place + place * (1 - FILLED) / 2,
            y=ABOVE + TALLEST - (height := TALLEST * column.value / (max(most, tallest) or 1.0)),
            width=place * FILLED,
            height=height,
            middle=(number + 0.5) * place,
            tick="" if number % every else column.tick,
            is_spare=every > 1 and number // every % 2 == 1,
            said=(column.short or column.told) if column.value and number in said else "",
            title=f"{column.name}: {column.told}",
        )
        for number, column in enumerate(columns)
    ]
