"""Event streams: each keeps a thread of the server, so none may stay when its page has gone.

A page that goes away in order is noticed at the next write. One that just vanishes (a phone out of reach) is not, for
minutes: so no stream outlives a few minutes, and one too many ends the oldest. A page whose stream ends connects again.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Streams:
    """The streams that are open, at most `most`, each for at most `seconds`."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._open: deque[object] = deque(maxlen=most)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._open)

    @contextmanager
    def enter(self) -> Iterator[Callable[[], bool]]:
        """Open one; what is given says whether it may go on."""
        mine, until = object(), self._clock() + self._seconds
        with self._lock:
            self._open.append(mine)
        try:
            yield lambda: mine in self._open and self._clock() < until
        finally:
            with self._lock:
                if mine in self._open:
                    self._open.remove(mine)
