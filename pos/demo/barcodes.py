"""The labels' barcodes as pictures that a scanner reads off the screen."""

from zxingcpp import BarcodeFormat

from pos.barcode_picture import Barcode, draw
from pos.demo.goods import Mark, Unit
from shared import codes


def barcode(unit: Unit) -> Barcode:
    """The barcode on a unit's label."""
    if unit.good.mark is Mark.MAKER:
        text = f"(01){codes.gtin_of(unit.good.code)}(21){unit.serial}"
        return draw(text, BarcodeFormat.DataMatrix, gs1=True)
    if unit.good.mark is Mark.OWN:
        return draw(unit.serial, BarcodeFormat.Code128)
    return draw(unit.good.code, BarcodeFormat.EAN13)
