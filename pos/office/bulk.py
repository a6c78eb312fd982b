"""Bulk work from CSV files: streamed line by line, committed in short chunks, no line stopping another."""

import csv
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

CHUNK_SECONDS = 0.02  # no bulk transaction keeps the tills waiting for longer
FIRST_CHUNK, LONGEST_CHUNK = 100, 2000
LONGEST_LINE = 4000


class BadLineError(ValueError):
    """A line that cannot be taken; the message says what was expected and what came."""


class BadFileError(ValueError):
    """A file of which no line can be taken."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, its values stripped, by column."""

    number: int
    values: dict[str, str]
    size: int  # characters, for the progress bar


@dataclass(frozen=True, slots=True)
class Remark:
    """What there is to say of one line: why it was not taken, or (`is_bad` false) what to know of it."""

    number: int
    text: str
    is_bad: bool = True
    size: int = 0


@dataclass(frozen=True, slots=True)
class Columns:
    """What a file's header may hold. `others`: whether more columns are let pass, and ignored."""

    required: tuple[str, ...]
    known: tuple[str, ...]
    others: bool = False


@dataclass(slots=True)
class Report:
    """How a bulk job went."""

    taken: int = 0
    bad: int = 0


@dataclass(slots=True)
class Job:
    """One file's way into the database: `take` writes some lines in one transaction and says what was wrong with some."""

    take: Callable[[Sequence[Line]], list[Remark]]
    say: Callable[[Remark], None]
    advance: Callable[[int], None]

    def run(self, lines: Iterable[Line | Remark]) -> Report:
        """Take all lines, in chunks as long as `CHUNK_SECONDS` allows."""
        report, size, source = Report(), FIRST_CHUNK, iter(lines)
        while chunk := list(islice(source, size)):
            good = [line for line in chunk if isinstance(line, Line)]
            remarks = [line for line in chunk if isinstance(line, Remark)]
            started = time.monotonic()
            remarks += self.take(good) if good else []
            size = _next_size(size, time.monotonic() - started)
            bad = sum(remark.is_bad for remark in remarks)
            report.taken += len(chunk) - bad
            report.bad += bad
            for remark in sorted(remarks, key=lambda remark: remark.number):
                self.say(remark)
            self.advance(sum(line.size for line in chunk))
            time.sleep(0)  # a till that waits for its turn comes first
        return report


def read_lines(file: TextIO, expected: Columns) -> Iterator[Line | Remark]:
    """Lines of a CSV file with a header. Raises BadFileError for a header that does not fit."""
    reader = csv.reader(_short_lines(file), strict=True)
    columns = _header(reader, expected)
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Remark(reader.line_num, f"is not CSV: {error}")
            continue
        if not any(value.strip() for value in values):
            continue
        if len(values) != len(columns):
            yield Remark(reader.line_num, f"expected {len(columns)} values, got {len(values)}")
            continue
        stripped = (value.strip() for value in values)
        yield Line(reader.line_num, dict(zip(columns, stripped, strict=True)), len(",".join(values)) + 1)


def _short_lines(file: TextIO) -> Iterator[str]:
    """An over-long line is cut, so that a file without line ends cannot fill the memory; its cut form is a bad line."""
    while line := file.readline(LONGEST_LINE):
        yield line


def _header(reader: Iterator[list[str]], expected: Columns) -> list[str]:
    wanted = ",".join(expected.required)
    try:
        columns = [column.strip().lower() for column in next(reader)]
    except (StopIteration, csv.Error):
        raise BadFileError(f"expected a header line with {wanted}, got none") from None
    missing = [column for column in expected.required if column not in columns]
    if missing:
        raise BadFileError(f"expected a header line with {wanted}; {', '.join(missing)} not found in it")
    if len(set(columns)) != len(columns):
        raise BadFileError("a column is named twice in the header line")
    strange = [column for column in columns if column not in expected.known]
    if strange and not expected.others:
        raise BadFileError(f"unknown column {strange[0][:40]!r}; known: {', '.join(expected.known)}")
    return columns


def _next_size(size: int, seconds: float) -> int:
    fitting = round(size * CHUNK_SECONDS / max(seconds, 1e-4))
    return max(10, min(fitting, 2 * size, LONGEST_CHUNK))
