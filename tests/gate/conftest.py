"""A shop with a few units, and a gate at its exit."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from gate.http_source import HttpSource
from shared.roles import Role
from shared.table_reader import Address
from tests.gate.following import following, token_file
from tests.gate.guarded_exit import GuardedExit
from tests.servers.till_thread import serving
from tests.shop import WATCH, Shop
from tests.shops import postgres_shop, shop_url, sqlite_template

__all__ = ["postgres_shop", "shop_url", "sqlite_template"]

GATES = ("gate-1", "gate-2")
OpenExit = Callable[..., GuardedExit]


@pytest.fixture
def shop(shop_url: str) -> Iterator[Shop]:
    """A shop that sells watches with serials."""
    with Shop(shop_url, is_ready=True) as opened:
        opened.list_products((WATCH, "Watch", "250000"), ("W2", "Other watch", "90000"))
        opened.receive(WATCH, "SN-0001", "SN-0002", "SN-0003", "SN-0004")
        yield opened


@pytest.fixture(params=["database", "till"])
def follow(request: pytest.FixtureRequest, shop: Shop, tmp_path: Path) -> Iterator[Address | None]:
    """What gates follow: the database itself, or a till's server at this address; the test runs once with each."""
    if request.param == "database":
        yield None
        return
    for gate in GATES:
        token_file(tmp_path, gate, shop.token(Role.GATE, gate))
    with serving(shop, tmp_path) as address:
        yield address


@pytest.fixture
def open_exit(shop: Shop, follow: Address | None, tmp_path: Path) -> Iterator[OpenExit]:
    """Give a function that opens a gate at the shop's exit."""
    with ExitStack() as stack:

        def opened(name: str = "gate-1", **options: object) -> GuardedExit:
            source = follow and stack.enter_context(closing(HttpSource(following(follow, tmp_path, name), name)))
            return stack.enter_context(GuardedExit(shop.url, tmp_path, name=name, source=source, **options))  # type: ignore[arg-type] # a test's own

        yield opened
