"""What an alarm may turn out to be. Pure."""

from enum import StrEnum


class Fact(StrEnum):
    """What an alarm turned out to be."""

    PAID_NOW = "paid_now"  # missed at the till, and paid there now
    GIVEN_BACK = "given_back"
    WAS_PAID = "was_paid"  # paid for all along: misread
    ON_RECEIPT = "on_receipt"  # paid for, by the receipt
    STRAY = "stray"  # stock that stands too near the gate
    LEFT = "left"  # the person left with it
    TEST = "test"


FALSE_ALARMS = frozenset({Fact.WAS_PAID, Fact.ON_RECEIPT, Fact.STRAY})
STOPPED = frozenset({Fact.PAID_NOW, Fact.GIVEN_BACK})
