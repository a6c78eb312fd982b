"""The e-mail that brings a receipt: what it says, with the receipt as a PDF."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from flask_babel import force_locale

from hardware.printer import COLUMNS, WIDE
from pos.printing import receipt_pdf
from pos.printing.paper import receipt_paper
from shared.pages.speech import gettext
from shared.settings import ShopSettings


def receipt_letter(receipt: Mapping[str, Any], shop: ShopSettings, sender: str, to: str) -> EmailMessage:
    """The e-mail to the customer, in the shop's language; `receipt` is as `pos.till.past_sales` finds it."""
    number = receipt["number"]
    letter = EmailMessage()
    letter["From"], letter["To"] = sender, to
    letter["Date"], letter["Message-ID"] = formatdate(localtime=False), make_msgid(domain=sender.rpartition("@")[2])
    with force_locale(shop.language):
        letter["Subject"] = gettext("Receipt %(number)s of %(shop)s", number=number, shop=shop.name)
        letter.set_content(
            gettext(
                "Thank you for your purchase at %(shop)s.\n\nYour receipt %(number)s is attached. Keep it for exchange"
                " and warranty; at the exit, its code may be shown on your phone.\n",
                shop=shop.name,
                number=number,
            )
        )
    letter.add_attachment(receipt_file(receipt, shop), maintype="application", subtype="pdf", filename=f"{number}.pdf")
    return letter


def receipt_file(receipt: Mapping[str, Any], shop: ShopSettings) -> bytes:
    """The receipt as a PDF."""
    return receipt_pdf.draw(receipt_paper(receipt, shop, COLUMNS[WIDE]), receipt["number"])
