"""The till's pulse: the supervisor hears it for as long as the till's server answers.

The server is asked over HTTP, as a page would ask it, for a file that needs no database: a till whose database is gone
is told by `/healthz`, and to be started again would help nothing.
"""

import http.client
import logging
import time
from threading import Thread
from typing import Final

from shared import supervisor
from shared.table_reader import Address

log = logging.getLogger(__name__)

PAUSE_SECONDS: Final = 2.0
PATIENCE_SECONDS: Final = 5.0
QUESTION: Final = "/look/mark.svg"


class Answering:
    """A thread that asks the server at `address` again and again, and ends with the program."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._thread = Thread(target=self._run, name="answering", daemon=True)

    def start(self) -> None:
        """Begin to ask; the server may start later."""
        self._thread.start()

    def _run(self) -> None:
        is_ready = False
        while True:
            if self._answers():
                supervisor.alive()
                if not is_ready:
                    supervisor.ready()
                    is_ready = True
            time.sleep(PAUSE_SECONDS)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(self._address.host, self._address.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", QUESTION)
            connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            log.warning("the till's server does not answer: %s", error)
            return False
        finally:
            connection.close()
        return True
