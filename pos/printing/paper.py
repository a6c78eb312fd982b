"""A receipt as it goes onto paper or into a PDF: in the shop's language, for the customer takes it home."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from hardware.printer import Slip
from pos.printing.slip import receipt_slip
from pos.till.receipt_text import receipt_text
from shared.settings import ShopSettings


def receipt_paper(receipt: Mapping[str, Any], shop: ShopSettings, columns: int, *, is_copy: bool = False) -> Slip:
    """The slip of a receipt as `pos.till.past_sales` finds it, `columns` characters wide."""
    with force_locale(shop.language):
        text = receipt_text(receipt, shop, is_copy=is_copy)
    return receipt_slip(text, receipt.get("signed", ()), columns)
