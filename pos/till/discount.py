"""A discount that somebody gives: what is off, why, and who allowed it. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from pos.till.pricing import Discount

LONGEST_NOTE = 80


class Reason(StrEnum):
    """Why something is off."""

    DAMAGED = "damaged"
    DISPLAY = "display"
    PROMOTION = "promotion"
    REGULAR = "regular"
    STAFF = "staff"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Grant:
    """A discount with its reason. `by` and `approved_by` are actors' ids; `approved_by` "": no leader was asked."""

    discount: Discount
    reason: Reason
    note: str = ""
    by: str = ""
    approved_by: str = ""
