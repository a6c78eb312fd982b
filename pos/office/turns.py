"""What a page of the office writes: one turn of the office's register."""

from collections.abc import Callable
from typing import TypeVar

from flask import g

from pos.office.register import OFFICE
from pos.till_server import TillServer
from shared import ledger
from shared.ledger import Turn

T = TypeVar("T")


def in_office(server: TillServer, work: Callable[[Turn], T]) -> T:
    """One transaction of whoever sent this request. Raises what `work` raises."""
    return ledger.take_turn(server.database, server.counter.store, OFFICE, g.actor.id, work)
