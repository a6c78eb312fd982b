"""Barcodes as pictures on a page, which scanners read off the screen and off paper. Pure."""

import re
from dataclasses import dataclass

from zxingcpp import BarcodeFormat, create_barcode

SIZE = re.compile(r'<svg width="(\d+)" height="(\d+)"')


@dataclass(frozen=True, slots=True)
class Barcode:
    """An SVG with its quiet zone, black on white whatever the page's theme.

    `width` and `height` are in modules: shown at a whole number of pixels for each, its bars stay sharp.
    """

    svg: str
    width: int
    height: int


def draw(text: str, kind: BarcodeFormat, **options: object) -> Barcode:
    """The barcode of this text; the options are the library's."""
    return _scalable(create_barcode(text, kind, **options).to_svg(add_quiet_zones=True))


def qr_code(text: str) -> Barcode:
    """The QR code of this text; 15% of it may be dirty or torn."""
    return draw(text, BarcodeFormat.QRCode, ec_level="M")


def _scalable(svg: str) -> Barcode:
    """The library's SVG has a size but no view box: it would not grow with its picture."""
    found = SIZE.search(svg)
    if found is None:
        raise ValueError(f"expected an SVG with a width and a height, got {svg[:80]!r}")
    width, height = int(found[1]), int(found[2])
    # Bars may be shown taller than they were drawn, but no wider than whole pixels.
    frame = f'<svg viewBox="0 0 {width} {height}" preserveAspectRatio="none" width="{width}" height="{height}"'
    return Barcode(f'{frame} shape-rendering="crispEdges"' + svg[found.end() :], width, height)
