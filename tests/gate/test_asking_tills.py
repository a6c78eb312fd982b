"""A gate whose own way to the database is cut asks the tills, and believes whoever answers first."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from gate.asker import Knowing
from gate.asking import CONFIRM_SECONDS
from gate.http_source import HttpSource
from hardware.scanner import Scan
from shared.roles import Role
from shared.table_reader import Address
from tests.gate.following import following, token_file
from tests.gate.guarded_exit import GuardedExit
from tests.servers.bad_network import BadNetwork
from tests.servers.canned import answering
from tests.servers.postgres import PostgresCluster
from tests.servers.till_thread import serving
from tests.servers.waiting import wait_until
from tests.shop import Shop

GATE = "gate-1"
Cut = Callable[..., GuardedExit]
pytestmark = pytest.mark.parametrize("shop_url", ["postgresql"], indirect=True)


@pytest.fixture
def ask(shop: Shop, tmp_path: Path) -> Iterator[Callable[[Address], HttpSource]]:
    """Give a function that makes the way to a till at an address."""
    token_file(tmp_path, GATE, shop.token(Role.GATE, GATE))
    with ExitStack() as stack:
        yield lambda address: stack.enter_context(closing(HttpSource(following(address, tmp_path, GATE), GATE)))


@pytest.fixture
def cut_off(shop: Shop, postgres: PostgresCluster, tmp_path: Path) -> Iterator[Cut]:
    """Give a function that opens a gate which knows the shop, and has no way to its database any more."""
    database = make_url(shop.url).database
    with ExitStack() as stack:

        def opened(**tills: Knowing) -> GuardedExit:
            with BadNetwork(postgres.folder / ".s.PGSQL.5432", seed=1) as network:
                url = f"postgresql://postgres@{network.address}/{database}"
                gate = stack.enter_context(GuardedExit(url, tmp_path, name=GATE, tills=tills))
                gate.follow()
            return gate

        yield opened


@pytest.fixture
def till(shop: Shop, tmp_path: Path, ask: Callable[[Address], HttpSource]) -> Iterator[HttpSource]:
    """The way to a till that has the database."""
    with serving(shop, tmp_path) as address:
        yield ask(address)


@pytest.fixture
def mute(ask: Callable[[Address], HttpSource]) -> Iterator[HttpSource]:
    """The way to a till that takes every question and answers none."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield ask(Address("127.0.0.1", listener.getsockname()[1]))


def test_what_was_paid_a_moment_ago_passes_and_what_was_not_is_a_full_alarm(
    shop: Shop, cut_off: Cut, till: HttpSource
) -> None:
    gate = cut_off(till=till)
    shop.sell("SN-0001", cash=250_000)
    gate.scan("SN-0001")
    assert not gate.sounds()
    gate.scan("SN-0002")
    assert gate.sounds()
    assert gate.journaled("kind", "serial", "reason") == [
        ("passage", "SN-0001", "paid"),
        ("alarm", "SN-0002", "unpaid"),
    ]


def test_one_that_does_not_answer_holds_nobody_up(shop: Shop, cut_off: Cut, mute: HttpSource, till: HttpSource) -> None:
    gate = cut_off(mute=mute, till=till)
    gate.scan("SN-0001")
    assert gate.journaled("reason") == [("unpaid",)]


def test_only_where_all_are_silent_it_is_unconfirmed(cut_off: Cut, ask: Callable[[Address], HttpSource]) -> None:
    with answering(503, {"Content-Type": "application/problem+json"}, b"{}") as without_database:
        gate = cut_off(nobody=ask(Address("127.0.0.1", 1)), without_database=ask(without_database.address))
        gate.scan("SN-0001")
    assert gate.journaled("reason") == [("unconfirmed",)]


def test_nobody_is_waited_for_beyond_the_deadline(cut_off: Cut, mute: HttpSource) -> None:
    gate = cut_off(mute=mute)
    gate.gate.take(Scan(b"", "SN-0001", None, "left", gate.now, gate.wall))
    assert gate.journaled("reason") == []
    gate.wait(CONFIRM_SECONDS)
    assert gate.journaled("reason") == [("unconfirmed",)]


def test_how_the_tills_are_is_told(cut_off: Cut, till: HttpSource) -> None:
    gate = cut_off(till=till)

    def is_told() -> bool:
        gate.settle()
        gate.wait(1.0)
        return bool(gate.shown["health"]["tills"] == {"till": {"state": "ok"}})

    wait_until(is_told, "the till is known to answer")
