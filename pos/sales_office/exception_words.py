"""What is out of the ordinary, and why, in the person's language."""

from pos.returns import words as return_words
from pos.sales_office.exceptions import Exceptional, Kind
from pos.shifts import words as shift_words
from pos.till import paying_words, taking
from pos.till.discount_words import reason_word
from shared.pages.speech import gettext


def kind_name(kind: Kind) -> str:
    """What happened."""
    return {
        Kind.DISCOUNT: gettext("Discount a leader allowed"),
        Kind.RETURN: gettext("Goods taken back"),
        Kind.VOID: gettext("Sale undone"),
        Kind.REFUSED: gettext("Return refused: suspected fraud"),
        Kind.GIVEN_BACK: gettext("Payment given back"),
        Kind.DRAWER: gettext("Drawer without a sale"),
    }[kind]


def why(one: Exceptional) -> str:
    """The reason that was given, or why it was refused."""
    if one.kind is Kind.DISCOUNT:
        return reason_word(one.reason)
    if one.kind in {Kind.RETURN, Kind.VOID}:
        return return_words.reason_name(one.reason)
    if one.kind is Kind.GIVEN_BACK:
        return paying_words.reason_name(taking.Reason(one.reason))
    if one.kind is Kind.DRAWER:
        return shift_words.drawer_reason(one.reason)
    return {
        "not_sold": gettext("it was never sold"),
        "returned_before": gettext("it came back before"),
        "stolen": gettext("it was written off"),
    }.get(one.reason, one.reason)
