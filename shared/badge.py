"""A person's badge: a printed code that the gates know by its hash only. Pure but for the secret's chance.

It is no PIN: who copies the print has the badge. Twenty-four digits, for two of them take the room of one letter in
Code 128, and the whole has to fit a label.
"""

import hashlib
import re
import secrets

DIGITS = 24
MARK = "BADGE."
_AT_THE_END = re.compile(rf"{re.escape(MARK)}(\d{{{DIGITS}}})\Z", re.ASCII)


def new_badge() -> str:
    """What is printed on a new badge, and what a scanner reads of it."""
    return f"{MARK}{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def badge_id(text: str) -> str:
    """What the shop and its gates keep of a scanned badge: the SHA-256 in hex; "" for what is no badge.

    A scanner may put something in front.
    """
    found = _AT_THE_END.search(text)
    return hashlib.sha256(found[1].encode()).hexdigest() if found else ""
