"""A receipt as the lines of a printer's paper. Pure."""

import textwrap
from collections.abc import Iterator, Sequence

from hardware.printer import Code, Slip, Text
from pos.till.receipt_text import ReceiptText, Row, Weight

GAP = 1  # characters between words and an amount, at least
INDENT = 2


def receipt_slip(text: ReceiptText, codes: Sequence[str], columns: int) -> Slip:
    """The slip; `codes` are the texts for the gate, `columns` the characters across the paper."""
    return [*_heading(text, columns), *_rows(text.rows, columns), *_footing(text, codes)]


def _heading(text: ReceiptText, columns: int) -> Iterator[Text]:
    name, *below = text.heading
    # A name that does not fit in large letters is not torn apart.
    yield Text(name, centred=True, strong=True, large=len(name) <= columns // 2)
    for line in below:
        yield Text(line, centred=True)
    yield Text("")
    if text.copy:
        yield Text(text.copy, centred=True, strong=True, large=len(text.copy) <= columns // 2)
    yield Text(text.number)
    yield Text(text.when)
    for told in text.buyer:
        for line in textwrap.wrap(told, columns):
            yield Text(line)
    yield Text("-" * columns)


def _rows(rows: Sequence[Row], columns: int) -> Iterator[Text]:
    for row in rows:
        if row.weight is Weight.TOTAL:
            yield Text("-" * columns)
        indent = INDENT if row.weight is Weight.UNDER else 0
        for line in _two_sides(" " * indent + row.words, row.amount, columns):
            yield Text(line, strong=row.weight is Weight.TOTAL)


def _two_sides(words: str, amount: str, columns: int) -> Iterator[str]:
    """The words at the left, broken where they are too long, and the amount at the right of their last line."""
    *above, last = textwrap.wrap(words, columns, break_on_hyphens=False) or [""]
    yield from above
    if amount and len(last) + GAP + len(amount) > columns:
        yield last
        last = ""
    yield f"{last}{amount:>{columns - len(last)}}" if amount else last


def _footing(text: ReceiptText, codes: Sequence[str]) -> Iterator[Text | Code]:
    yield Text("")
    for code in codes:
        yield Code(code)
    yield Text(text.thanks, centred=True)
