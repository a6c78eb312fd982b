"""Keeps the till selling: follows the database while it is there, and sells from the till's own copy while it is not.

One thread, in this order: deliver what waits, go back to the database, follow it. So what the database says of a unit
never overwrites what the till itself has sold.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from threading import Event as Flag
from threading import RLock, Thread
from typing import Final

from sqlalchemy import Connection

from pos.alone import carts, following
from pos.alone.delivery import deliver
from pos.alone.own_copy import OwnCopy, let_all_wait, note_delivered, set_fact
from pos.alone.own_sale import OwnSale, read_sale
from pos.alone.standing import Standing
from pos.till import cart, checkout
from pos.till.basket import Counter
from pos.till.cart_view import CartView
from shared.database import Database, DatabaseError
from shared.roles import Role
from shared.staff import Actor

log = logging.getLogger(__name__)

POLL_SECONDS: Final = 0.5
PEOPLE_EVERY: Final = 60  # polls


class Keeper:
    """`counter` sells in the database, `own_counter` in the till's own copy. For any thread."""

    def __init__(self, source: Database, own: OwnCopy, counter: Counter) -> None:
        self.own = own
        self.counter = counter
        self._source = source
        self._lock = RLock()
        self._since = own.since if own.is_filled else 0
        self._is_back = False
        self._drawn: CartView | None = None
        self._polls = 0
        self._trouble = ""
        self._stopping = Flag()
        self._due = Flag()
        self._thread = Thread(target=self._run, name="own copy", daemon=True)

    @property
    def own_counter(self) -> Counter:
        """Where the till sells alone: receipts have numbers of a range of their own."""
        return replace(self.counter, register=self.own.register, has_shifts=False)

    @property
    def is_alone(self) -> bool:
        """Whether the till sells from its own copy now."""
        return self._since > 0

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; one that waits for a dead database is left behind."""
        self._stopping.set()
        self._due.set()
        self._thread.join(2 * POLL_SECONDS)

    def standing(self) -> Standing | None:
        """How the till stands, None while it sells in the database."""
        since = self._since
        return Standing(since, len(self.own.waiting()), self._is_back) if since else None

    def remember(self, seen: CartView) -> None:
        """The cart as it was drawn last: the till goes on with it, should the database be gone."""
        self._drawn = seen

    @contextmanager
    def serving(self) -> Iterator[bool]:
        """While a request is answered from the own copy the till does not go back; gives whether it still is alone."""
        with self._lock:
            yield self.is_alone
            if self._is_back:
                self._due.set()  # this may have been the moment between two customers

    def lose(self) -> bool:
        """The database does not answer: sell alone from here on. False where the copy was never whole."""
        with self._lock:
            if not self._since and self.own.is_filled:
                carts.carry(self.own, self._drawn)
                self._is_back = False
                self._since = self.own.begin_alone()
                log.warning("the database does not answer: selling from the till's own copy")
            return self._since > 0

    def step(self) -> None:
        """Deliver, go back, follow: whatever of it can be done now."""
        try:
            self._come_level()
            self._say("")
        except DatabaseError as error:
            if not self._answers():
                self.lose()
            self._say(str(error))

    def _come_level(self) -> None:
        with self._source.reading() as connection:
            epoch = following.epoch_of(connection)
        if self.own.is_filled and epoch != self.own.epoch:
            log.warning("the database was put back to an earlier day: it gets again what this till sold alone")
            self.own.database.write(let_all_wait)
        self._deliver()
        if self.is_alone:
            self._go_back()
        if not following.follow(self._source, self.own) and not self.is_alone:
            following.fill(self._source, self.own)
        if self._polls % PEOPLE_EVERY == 0 and not self.is_alone:
            following.refresh_people(self._source, self.own)
        self._polls += 1

    def _deliver(self) -> None:
        for sale_id in self.own.waiting():
            with self.own.database.snapshot() as connection:
                sale = read_sale(connection, sale_id)
            deliver(self._source, self.counter, sale)
            with self._source.snapshot() as there:
                self.own.database.write(partial(_settle, there, sale))

    def _go_back(self) -> None:
        """To the database; not while the copy has an open cart that the database does not know."""
        with self._lock:
            here, there = cart.view(self.own.database, self.own_counter), cart.view(self._source, self.counter)
            is_open = bool(here.lines or here.taken)
            self._is_back = True
            if self.own.waiting() or (is_open and not carts.is_same(here, there)):
                return
            if not is_open and there.id and there.id == self.own.carried:
                checkout.cancel(self._source, self.counter, Actor(f"till:{self.counter.register}", "", Role.CASHIER))
            self.own.database.write(_end_alone)
            self._drawn = there if is_open else None
            self._since = 0
            log.warning("the database is back, and has all that this till sold alone")

    def _answers(self) -> bool:
        """Whether it is not the database that failed, but the own copy."""
        try:
            with self._source.reading() as connection:
                following.epoch_of(connection)
        except DatabaseError:
            return False
        return True

    def _say(self, trouble: str) -> None:
        if trouble and trouble != self._trouble:
            log.warning("the till's own copy cannot be brought level: %s", trouble)
        self._trouble = trouble

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.step()
            except Exception:
                log.exception("bringing the till's own copy level failed; trying again")
            self._due.wait(POLL_SECONDS)
            self._due.clear()


def _settle(there: Connection, sale: OwnSale, here: Connection) -> None:
    note_delivered(here, sale.id)
    following.refresh(there, here, list(sale.serials))


def _end_alone(here: Connection) -> None:
    carts.clear(here)
    set_fact(here, "since", "")
