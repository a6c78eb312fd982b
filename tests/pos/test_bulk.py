"""Files of any kind: good lines are taken, bad ones are named, and none stops another."""

import io
import random
import tracemalloc
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.office.bulk import LONGEST_LINE, BadFileError, Columns, Job, Line, Remark, read_lines

COLUMNS = Columns(("serial", "product"), ("serial", "product", "batch"))


def lines(content: bytes | str, columns: Columns = COLUMNS) -> list[Line | Remark]:
    data = content.encode() if isinstance(content, str) else content
    with io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        return list(read_lines(file, columns))


def good(content: bytes | str) -> list[tuple[int, str, str]]:
    return [
        (line.number, line.values["serial"], line.values["product"])
        for line in lines(content)
        if isinstance(line, Line)
    ]


def bad(content: bytes | str) -> list[tuple[int, str]]:
    return [(line.number, line.text) for line in lines(content) if isinstance(line, Remark)]


@pytest.mark.parametrize(
    "content",
    [
        "serial,product\nA,P\nB,P\n",
        "serial,product\r\nA,P\r\nB,P",
        "serial,product\rA,P\rB,P\r",
        "\ufeffserial,product\nA,P\nB,P\n",
        " Serial , PRODUCT \n A , P \nB,P\n",
        'serial,product\n"A","P"\n"B",P\n',
        "product,serial\nP,A\nP,B\n",
    ],
)
def test_spreadsheets_write_the_same_in_many_ways(content: str) -> None:
    assert good(content) == [(2, "A", "P"), (3, "B", "P")]


def test_empty_lines_are_passed_over_and_counted() -> None:
    assert good("serial,product\n\nA,P\n  \nB,P\n\n") == [(3, "A", "P"), (5, "B", "P")]


def test_a_value_may_hold_a_comma_and_a_quotation_mark() -> None:
    assert good('serial,product\n"A,1","P ""x"""\n') == [(2, "A,1", 'P "x"')]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("A", "expected 2 values, got 1"),
        ("A,P,x", "expected 2 values, got 3"),
        ('"A,P', "is not CSV: unexpected end of data"),
        ('"A"x,P', "is not CSV: ',' expected after '\"'"),
        ("A" * 4000 + ",P", "expected at most 4000 characters"),
        (b"\xff\xfe,P", "expected UTF-8, got bytes that are not"),
    ],
)
def test_a_bad_line_is_named_and_its_neighbours_are_taken(line: str | bytes, why: str) -> None:
    raw = line.encode() if isinstance(line, str) else line
    content = b"serial,product\nA,P\n" + raw + b"\nB,P\n"
    assert bad(content) == [(3, why)]
    assert good(content) == [(2, "A", "P"), (4, "B", "P")]


def test_the_end_of_an_over_long_line_is_no_line() -> None:
    content = "serial,product\n" + "x" * (LONGEST_LINE * 3 + 1) + "A,P\nB,P\n"
    assert good(content) == [(3, "B", "P")]
    assert bad(content) == [(2, "expected at most 4000 characters")]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "expected a header line with serial,product; serial, product not found"),
        ("A,P\nB,P\n", "serial, product not found in it"),
        ("serial;product\nA;P\n", "serial, product not found in it"),
        ("serial\nA\n", "product not found in it"),
        ("serial,product,serial\n", "a column is named twice"),
        ("serial,product,colour\n", "unknown column 'colour'; known: serial, product, batch"),
        ('"serial,product\n', "expected a header line"),
        ("serial,product".encode("utf-16").decode("latin-1"), "expected a header line"),
        ("\x00\x01\x02", "expected a header line"),
    ],
)
def test_a_file_that_is_something_else_is_refused(content: str, why: str) -> None:
    with pytest.raises(BadFileError, match=why):
        lines(content)


def test_more_columns_are_let_pass_where_they_may() -> None:
    (line,) = lines("serial,product,colour\nA,P,red\n", Columns(("serial", "product"), ("serial", "product"), True))
    assert isinstance(line, Line)
    assert line.values["colour"] == "red"


@given(st.binary(max_size=400))
def test_rubbish_is_lines_or_remarks_and_nothing_else(rubbish: bytes) -> None:
    try:
        found = lines(b"serial,product\n" + rubbish)
    except BadFileError:
        return
    assert all(isinstance(line, Line | Remark) for line in found)
    assert [line.number for line in found] == sorted({line.number for line in found})


def run(job_lines: Iterator[Line | Remark] | list[Line | Remark]) -> tuple[list[int], list[Remark], list[int]]:
    chunks: list[int] = []
    said: list[Remark] = []
    progress: list[int] = []

    def take(chunk: Sequence[Line]) -> list[Remark]:
        chunks.append(len(chunk))
        return [Remark(line.number, "no") for line in chunk if line.values["serial"] == "bad"]

    report = Job(take, said.append, progress.append).run(job_lines)
    assert report.bad == len(said)
    return chunks, said, progress


def test_what_is_wrong_is_said_in_the_order_of_the_lines() -> None:
    given_lines: list[Line | Remark] = [
        Line(2, {"serial": "bad"}, 4),
        Remark(3, "is not CSV", size=5),
        Line(4, {"serial": "good"}, 6),
        Line(5, {"serial": "bad"}, 7),
    ]
    chunks, said, progress = run(given_lines)
    assert [remark.number for remark in said] == [2, 3, 5]
    assert (chunks, progress) == ([3], [22])


def test_twenty_thousand_lines_pass_in_flat_memory() -> None:
    def stream() -> Iterator[str]:
        yield "serial,product\n"
        for number in range(20_000):
            yield f"SER-{number},P\n"

    class Lines(io.TextIOBase):
        source = stream()

        def readline(self, _size: int = -1) -> str:  # type: ignore[override]
            return next(self.source, "")

    def read() -> Iterator[Line | Remark]:
        return read_lines(Lines(), COLUMNS)  # type: ignore[arg-type]

    tracemalloc.start()
    chunks, said, progress = run(read())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (sum(chunks), said) == (20_000, [])
    assert sum(progress) == sum(len(f"SER-{number},P\n") for number in range(20_000))
    assert max(chunks) <= 2000
    assert peak < 8_000_000


def test_random_bytes_never_become_good_lines() -> None:
    dice = random.Random(11)
    content = b"serial,product\n" + b"".join(dice.randbytes(60).replace(b",", b".") + b"\n" for _ in range(500))
    assert good(content) == []
