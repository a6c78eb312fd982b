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
LOST_BYTES = {chr(code) for code in range(0xDC80, 0xDD00)}  # what surrogateescape makes of bytes that are not UTF-8


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
    """What there is to say of one line: why it was not taken, or (`is_bad` false) what to know of it.

    `size`: characters of the line, where the remark stands for one that could not be read.
    """

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
    """One file's way into the database: `take` writes some lines in one transaction and says what was wrong."""

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
    """Lines of a CSV file with a header. Raises BadFileError for a header that does not fit.

    Each line is parsed alone, so that a stray quotation mark spoils its own line and no other. `file` is opened with
    errors="surrogateescape", which marks what is not UTF-8.
    """
    source = enumerate(_cut_lines(file), 1)
    columns = _header(next(source, (1, ""))[1], expected)
    for number, text in source:
        if text.strip():
            yield _line(number, text, columns)


def _line(number: int, text: str, columns: Sequence[str]) -> Line | Remark:
    if len(text) > LONGEST_LINE:
        return Remark(number, f"expected at most {LONGEST_LINE} characters", size=len(text))
    if not text.isascii() and any(character in LOST_BYTES for character in text):
        return Remark(number, "expected UTF-8, got bytes that are not", size=len(text))
    try:
        values = _values(text)
    except csv.Error as error:
        return Remark(number, f"is not CSV: {error}", size=len(text))
    if len(values) != len(columns):
        return Remark(number, f"expected {len(columns)} values, got {len(values)}", size=len(text))
    return Line(number, dict(zip(columns, values, strict=True)), len(text))


def _values(text: str) -> list[str]:
    return [value.strip() for value in next(csv.reader([text], strict=True), [])]


def _cut_lines(file: TextIO) -> Iterator[str]:
    """An over-long line comes as its beginning only, so that a file without line ends cannot fill the memory."""
    while line := file.readline(LONGEST_LINE + 1):
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(("\n", "\r")):
            rest = file.readline(LONGEST_LINE + 1)
        yield line


def _header(text: str, expected: Columns) -> list[str]:
    wanted = ",".join(expected.required)
    try:
        columns = [column.lower() for column in _values(text)]
    except csv.Error:
        columns = []
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
