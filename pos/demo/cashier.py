"""Somebody at the till: signs in with a PIN and does over HTTP what the till's page does.

The page holds the stream of the till's own scanner, and sends on what it brings. Only one page has the scanner: when
the real one is opened it takes it over, and the cashier here steps back.
"""

import http.client
import json
import logging
import re
import time
from collections.abc import Callable
from enum import StrEnum
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from pos.demo.shop import Person

log = logging.getLogger(__name__)

PATIENCE = 10.0
STREAM_PATIENCE = 30.0  # the stream beats more often than that
RETRY_SECONDS = 0.5
DATA, TAKEN = b"data: ", b"event: taken"
UNAUTHORISED = 401


class Scanner(StrEnum):
    """Who gets what the till's scanner reads."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    NOBODY = "nobody"


class TillError(Exception):
    """The till refused or did not answer; the text is its own."""


class Till:
    """The till's HTTP door, entered with a PIN."""

    def __init__(self, port: int, person: Person) -> None:
        self._port = port
        self._person = person
        self._cookie = ""
        self._entering = Lock()

    def ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """GET a path, or POST JSON to it; what is refused (409) is an answer too. Raises TillError."""
        answer = self._send(path, body)
        if answer.status == UNAUTHORISED:
            self.enter()
            answer = self._send(path, body)
        told = json.load(answer)
        if not isinstance(told, dict) or answer.status >= http.client.INTERNAL_SERVER_ERROR:
            raise TillError(f"{path}: {answer.status}")
        return told

    def stream(self, path: str) -> http.client.HTTPResponse:
        """Open an event stream. Raises TillError."""
        answer = self._request("GET", path, None, {"Accept": "text/event-stream"}, STREAM_PATIENCE)
        if answer.status != http.client.OK:
            self.enter()
            raise TillError(f"{path}: {answer.status}")
        return answer

    def enter(self) -> None:
        """Sign in as a browser would: find the name on the page, send it with the PIN. Raises TillError."""
        with self._entering:
            page = self._request("GET", "/sign-in", None, {}).read().decode()
            # The page lists each person as a radio button with the name behind it.
            found = re.search(rf'value="(staff:\d+)"[^>]*>\s*<span><strong>{self._person.name}</strong>', page)
            if found is None:
                raise TillError(f"the sign-in page has no {self._person.name}")
            form = urlencode({"who": found[1], "pin": self._person.pin}).encode()
            answer = self._request("POST", "/sign-in", form, {"Content-Type": "application/x-www-form-urlencoded"})
            self._cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]

    def _send(self, path: str, body: dict[str, Any] | None) -> http.client.HTTPResponse:
        headers = {"Accept": "application/json"}
        if body is None:
            return self._request("GET", path, None, headers)
        return self._request("POST", path, json.dumps(body).encode(), {**headers, "Content-Type": "application/json"})

    def _request(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], patience: float = PATIENCE
    ) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=patience)
        try:
            connection.request(method, path, body, {**headers, "Cookie": self._cookie, "Connection": "close"})
            return connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise TillError(f"{path}: {error}") from error


class Cashier:
    """Sells what the till's scanner reads, for as long as the scanner is here."""

    def __init__(
        self, till: Till, hear: Callable[[str, dict[str, Any]], None], told: Callable[[Scanner], None]
    ) -> None:
        """`hear` gets each text and the till's answer; `told` who has the scanner, when that changes."""
        self._till = till
        self._hear = hear
        self._told = told
        self._scanner = Scanner.NOBODY
        self._wanted = Event()

    def start(self) -> None:
        """Begin, with the scanner."""
        self.take_scanner()
        Thread(target=self._run, name="cashier", daemon=True).start()

    def take_scanner(self) -> None:
        """Have the scanner again, if somebody else has it now."""
        self._wanted.set()

    def pay(self) -> dict[str, Any]:
        """Take the cart's total in cash. Raises TillError."""
        cart = self._till.ask("/till/cart")
        cash = {"method": "cash", "amount": cart["total"], "expected_total": cart["total"]}
        return self._till.ask("/till/pay", {"tender": str(uuid4()), "cart": cart["cart_id"], **cash})

    def give_back(self) -> None:
        """Empty the cart. Raises TillError."""
        self._till.ask("/till/cancel", {})

    def _run(self) -> None:
        while self._wanted.wait():
            who = self._listen()
            if who is Scanner.ELSEWHERE:
                self._wanted.clear()
            self._is_with(who)
            if who is Scanner.NOBODY:
                time.sleep(RETRY_SECONDS)

    def _listen(self) -> Scanner:
        """Sell until the stream ends; says who has the scanner then."""
        try:
            with self._till.stream("/till/scans") as stream:
                self._is_with(Scanner.HERE)
                for line in stream:
                    if line.startswith(TAKEN):
                        return Scanner.ELSEWHERE
                    if line.startswith(DATA):
                        self._sell(json.loads(line.removeprefix(DATA)))
        except (TillError, OSError, http.client.HTTPException, ValueError) as error:
            log.debug("the till's scanner: %s", error)
        return Scanner.NOBODY

    def _sell(self, text: str) -> None:
        self._hear(text, self._till.ask("/till/scan", {"text": text, "beside": ""}))

    def _is_with(self, scanner: Scanner) -> None:
        if self._scanner is not scanner:
            self._scanner = scanner
            self._told(scanner)
