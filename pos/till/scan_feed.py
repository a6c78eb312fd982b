"""Scans from the till's own serial and USB scanners, on their way to its page.

The page that connected last gets them; with none connected they wait for a few seconds, so that a reconnecting page
loses nothing, and are then dropped, so that a page opened later is not surprised by old scans.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator

KEPT_SECONDS = 5.0
MOST_KEPT = 200


class ScanFeed:
    """A queue of texts with one taker at a time."""

    def __init__(self) -> None:
        self._texts: deque[tuple[float, str]] = deque(maxlen=MOST_KEPT)
        self._changed = threading.Condition()
        self._taker = 0
        self._closed = False

    def put(self, text: str) -> None:
        """Add what a scanner read."""
        with self._changed:
            self._texts.append((time.monotonic(), text))
            self._changed.notify_all()

    def close(self) -> None:
        """End all streams."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def stream(self, beat_seconds: float = 10.0) -> Iterator[str | None]:
        """Texts as they come, None at each beat without one; ends when another page takes over."""
        with self._changed:
            self._taker += 1
            taker = self._taker
            self._changed.notify_all()
        while self._is_mine(taker):
            yield self._take(taker, beat_seconds)

    def _is_mine(self, taker: int) -> bool:
        return self._taker == taker and not self._closed

    def _take(self, taker: int, seconds: float) -> str | None:
        deadline = time.monotonic() + seconds
        with self._changed:
            while self._is_mine(taker):
                while self._texts:
                    at, text = self._texts.popleft()
                    if time.monotonic() - at < KEPT_SECONDS:
                        return text
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    break
        return None
