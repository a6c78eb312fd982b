"""What is an e-mail address: enough to refuse what was mistyped; whether it exists, only its server knows. Pure."""

import re

LONGEST = 254  # RFC 5321, 4.5.3.1.3, without the brackets
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"  # a dot-atom (RFC 5322, 3.4.1)
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def is_mail_address(text: str) -> bool:
    """Whether this is one, as people write it: no quoted names, no address in brackets, ASCII only."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None
