"""The labels' barcodes as pictures that a scanner reads off the screen."""

import re
from dataclasses import dataclass

import zxingcpp

from pos.demo.goods import Mark, Unit
from shared import codes

SIZE = re.compile(r'<svg width="(\d+)" height="(\d+)"')


@dataclass(frozen=True, slots=True)
class Barcode:
    """An SVG with its quiet zone, black on white whatever the page's theme.

    `width` and `height` are in modules: shown at a whole number of pixels for each, its bars stay sharp.
    """

    svg: str
    width: int
    height: int


def barcode(unit: Unit) -> Barcode:
    """The barcode on a unit's label."""
    if unit.good.mark is Mark.MAKER:
        text = f"(01){codes.gtin_of(unit.good.code)}(21){unit.serial}"
        made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, gs1=True)
    elif unit.good.mark is Mark.OWN:
        made = zxingcpp.create_barcode(unit.serial, zxingcpp.BarcodeFormat.Code128)
    else:
        made = zxingcpp.create_barcode(unit.good.code, zxingcpp.BarcodeFormat.EAN13)
    return _scalable(made.to_svg(add_quiet_zones=True))


def _scalable(svg: str) -> Barcode:
    """The library's SVG has a size but no view box: it would not grow with its picture."""
    found = SIZE.search(svg)
    if found is None:
        raise ValueError(f"expected an SVG with a width and a height, got {svg[:80]!r}")
    width, height = int(found[1]), int(found[2])
    # Bars may be shown taller than they were drawn, but no wider than whole pixels.
    frame = f'<svg viewBox="0 0 {width} {height}" preserveAspectRatio="none" width="{width}" height="{height}"'
    return Barcode(f'{frame} shape-rendering="crispEdges"' + svg[found.end() :], width, height)
