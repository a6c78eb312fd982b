"""What a till remembers of its first day while it runs."""

import hmac
import secrets

from shared.codes import CROCKFORD, CROCKFORD_LOOKALIKES

LENGTH = 8  # 40 bits: nobody guesses that over a network


class Opening:
    """The one-time code that opens an empty shop, and whether a label was read back.

    The code stands on the console only, so who opens the shop can see the machine that runs it.
    """

    def __init__(self) -> None:
        self._code = "".join(secrets.choice(CROCKFORD) for _ in range(LENGTH))
        self.has_scanned = False

    @property
    def code(self) -> str:
        """The code as it is shown, in groups of four."""
        return f"{self._code[:4]}-{self._code[4:]}"

    def admits(self, typed: str) -> bool:
        """Whether this is the code, however it was typed."""
        bare = typed.upper().replace("-", "").replace(" ", "").translate(CROCKFORD_LOOKALIKES)
        return hmac.compare_digest(bare.encode(), self._code.encode())
