"""The code of a voucher or of store credit, as it is printed: `LC`, 12 random characters, 1 check character. Pure.

It is made as the shop's own serials are (see `shared.codes`), and is as good as money to whoever holds it: only the row
of the credit has it, everything else knows the credit by its id.
"""

import hashlib
import re
import secrets

from shared.codes import CROCKFORD, CROCKFORD_LOOKALIKES, OWN_LENGTH, check_character

PREFIX = "LC"
FORM = re.compile(rf"{PREFIX}[0-9A-Z]{{{OWN_LENGTH + 1}}}", re.ASCII)
ID_LENGTH = 16


class CreditCodeError(ValueError):
    """A text that is no credit's code; `is_damaged` where it looks like one that was misread."""

    def __init__(self, *, is_damaged: bool) -> None:
        super().__init__("expected the code of a voucher or of store credit")
        self.is_damaged = is_damaged


def new_code() -> str:
    """A code that nobody has."""
    body = "".join(secrets.choice(CROCKFORD) for _ in range(OWN_LENGTH))
    return PREFIX + body + check_character(body)


def read_code(text: str) -> str:
    """The code that was scanned or typed, with or without dashes. Raises CreditCodeError."""
    packed = "".join(character for character in text.upper() if character not in " -")
    if not FORM.fullmatch(packed):
        raise CreditCodeError(is_damaged=False)
    rest = packed[len(PREFIX) :].translate(CROCKFORD_LOOKALIKES)
    if "U" in rest or check_character(rest[:-1]) != rest[-1]:
        raise CreditCodeError(is_damaged=True)
    return PREFIX + rest


def printed(code: str) -> str:
    """The code in groups of four, `LCXX-XXXX-XXXX-XXX`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def credit_id(code: str) -> str:
    """What payments, receipts and the ledger know the credit by: nobody pays with it."""
    return hashlib.sha256(code.encode()).hexdigest()[:ID_LENGTH]
