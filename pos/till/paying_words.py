"""What the till says of ways to pay, and why a payment was not taken, in the person's language."""

from collections.abc import Sequence

from pos.till.basket import Paid, SaleRefusedError
from pos.till.methods import EXCHANGE, Method
from pos.till.taking import Reason, Taking
from shared.pages import frame
from shared.pages.speech import gettext


def method_name(method: str) -> str:
    """What a way to pay is called."""
    names = {
        Method.CASH: gettext("Cash"),
        Method.CARD: gettext("Card"),
        Method.QRIS: "QRIS",
        Method.TRANSFER: gettext("Transfer"),
        Method.CREDIT: gettext("Voucher"),
        EXCHANGE: gettext("Goods that came back"),
    }
    return names.get(method, method)


def reason_name(reason: Reason) -> str:
    """Why a payment is given back, to choose."""
    return {
        Reason.MISTAKE: gettext("Typed wrong: no money moved"),
        Reason.OTHER_WAY: gettext("The customer pays in another way"),
        Reason.NOT_ARRIVED: gettext("The money did not arrive"),
        Reason.CANCELLED: gettext("The cart was cancelled"),
    }[reason]


def how_to_give_back(paid: Paid, currency: str) -> str:
    """What to do with the money of a payment that does not stand."""
    amount = frame.money(paid.amount, currency)
    if paid.method == Method.CASH:
        return gettext("Give back %(amount)s from the drawer.", amount=amount)
    if paid.method == Method.CREDIT:
        return gettext("Voucher: %(amount)s stay on it, nothing to do.", amount=amount)
    return gettext(
        "%(method)s %(reference)s: give back %(amount)s the way it came, if it arrived.",
        method=method_name(paid.method),
        reference=paid.reference,
        amount=amount,
    )


def to_give_back(taken: Sequence[Taking], currency: str) -> str:
    """All of that for a cart that was cancelled, "" where no money was taken."""
    return " ".join(how_to_give_back(taking.paid, currency) for taking in taken)


def why_not_taken(error: SaleRefusedError, currency: str) -> str:
    """Why a payment was refused, "" where that is no matter of paying."""
    facts = error.facts
    if error.reason == "reference_used":
        if facts["number"]:
            return gettext("This reference has paid receipt %(number)s already.", number=facts["number"])
        return gettext("This reference is in the open cart of %(till)s.", till=facts["till"] or "?")
    if error.reason == "credit_short":
        left = frame.money(facts["balance"], currency)
        return gettext("Only %(left)s are left on this voucher. Give it back here, and take it again.", left=left)
    return {
        "payment_short": gettext("That is less than the total."),
        "payment_over": gettext("That is more than what is left to pay: only cash gives change."),
        "reference_missing": gettext("Type the payment's reference."),
        "reference_twice": gettext("This reference is in this cart already."),
        "credit_unknown": gettext("Nobody issued a voucher with this code."),
        "credit_empty": gettext("This voucher is spent."),
        "given_back": gettext("This payment was given back. Take it anew."),
        "money_taken": gettext("Money was taken for this cart: finish paying, or give it back, then hold."),
    }.get(error.reason, "")
