"""A shop with a few units, and a gate at its exit."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.gate.guarded_exit import GuardedExit
from tests.shop import WATCH, Shop

OpenExit = Callable[..., GuardedExit]


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    """A shop that sells watches with serials."""
    with Shop(database_url) as opened:
        opened.list_products((WATCH, "Watch", "250000"), ("W2", "Other watch", "90000"))
        opened.receive(WATCH, "SN-0001", "SN-0002", "SN-0003", "SN-0004")
        yield opened


@pytest.fixture
def open_exit(shop: Shop, tmp_path: Path) -> Iterator[OpenExit]:
    """Give a function that opens a gate at the shop's exit."""
    with ExitStack() as stack:

        def opened(**options: object) -> GuardedExit:
            return stack.enter_context(GuardedExit(shop.url, tmp_path, **options))  # type: ignore[arg-type] # a test's own

        yield opened
