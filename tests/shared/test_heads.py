"""Against heads that were kept, no change of the ledger goes unseen."""

import json
import random
import stat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from pos.till.sale import GoodsLine
from shared import heads, incidents, ledger, staff
from shared.backup import back_up
from shared.differences import Broken
from shared.incidents import Fact, Resolution
from shared.restore import restore
from shared.roles import Role
from shared.signing_key import SigningKey
from shared.verify import verify
from tests.gate.guarded_exit import GuardedExit
from tests.lunas_command import Lunas
from tests.shared.forger import ROWS, WAYS, Forger
from tests.shop import BAG, STORE, WATCH, Shop
from tests.shops import on_sqlite

HEADS_KEY = "lunas-heads.key"


@pytest.fixture
def busy(shop: Shop, tmp_path: Path) -> Shop:
    """A shop with some of everything: two tills, a gate that saw units leave, people, a program."""
    shop.sell("WATCH-1", GoodsLine(BAG, 2), cash=151_000)
    shop.counter = shop.open_till("till-2")
    shop.sell("WATCH-2", cash=150_000)
    shop.in_office(lambda turn: staff.add_person(turn, "Sari", Role.CASHIER, "2468"))
    shop.token(Role.CASHIER)
    shop.know_key()
    shop.move("WATCH-2", "returned", "returned")
    shop.list_products((BAG, "Bag", "600"))
    with GuardedExit(shop.url, tmp_path) as gate:
        gate.follow()
        gate.scan("WATCH-1", "WATCH-3")
        gate.wait(0.2)
        gate.deliver()
    incident = gate.shown["alarm"]["incident"]
    found = Resolution(Fact.GIVEN_BACK, "it was in the other bag", "staff:1", 9)
    shop.in_office(lambda turn: incidents.resolve(turn, incident, found))
    assert shop.broken() == []
    return shop


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return SigningKey.load_or_make(tmp_path / HEADS_KEY)


@pytest.fixture
def kept(busy: Shop, key: SigningKey) -> list[str]:
    with busy.database.snapshot() as connection:
        return heads.sign(connection, key)


class _UndoneError(Exception):
    """Ends a transaction of which nothing may stay; holds what was found in it."""

    def __init__(self, found: tuple[list[Broken], list[Broken]]) -> None:
        super().__init__()
        self.found = found


def found_after(shop: Shop, forge: Any, kept: list[str], key: SigningKey) -> tuple[list[Broken], list[Broken]]:
    """What `verify` and what the kept heads say after a forgery, which is undone again."""

    def work(connection: Connection) -> None:
        forge(connection)
        raise _UndoneError((verify(connection).broken, heads.compare(connection, kept, key).broken))

    with pytest.raises(_UndoneError) as undone:
        shop.database.write(work)
    return undone.value.found


def forge_often(shop: Shop, kept: list[str], key: SigningKey, times: int) -> int:
    """Forge so many times, in all ways; give how many were found by nothing but the kept heads."""
    only_by_heads = 0
    for number in range(times):
        dice = random.Random(number)
        how, mends = list(WAYS)[number % len(WAYS)], number // len(WAYS) % 2 == 1

        def forge(connection: Connection, how: str = how, mends: bool = mends, dice: random.Random = dice) -> None:
            Forger(connection, dice, mends=mends).forge(how)

        by_verify, by_heads = found_after(shop, forge, kept, key)
        assert by_verify or by_heads, f"forgery {number}, {how}, was not found"
        if mends:
            assert by_heads, f"forgery {number}, {how}, chained anew, was not found by the kept heads"
        only_by_heads += not by_verify
    return only_by_heads


@pytest.mark.long
def test_each_of_many_forgeries_is_found(busy: Shop, kept: list[str], key: SigningKey) -> None:
    assert forge_often(busy, kept, key, 1000 if busy.database.file else 200) > 10
    with busy.database.snapshot() as connection:
        assert heads.compare(connection, kept, key).broken == verify(connection).broken == []


@pytest.mark.soak
def test_each_of_a_thousand_forgeries_is_found(busy: Shop, kept: list[str], key: SigningKey) -> None:
    found = forge_often(busy, kept, key, 1000)
    print(f"1000 forgeries found, {found} of them by the kept heads alone")  # noqa: T201 - the figure is the point
    assert found > 50


@pytest.mark.parametrize("statement", ROWS)
@on_sqlite
def test_a_row_changed_behind_the_ledgers_back_is_found(busy: Shop, statement: str) -> None:
    busy.alter("PRAGMA foreign_keys = OFF")
    busy.alter(statement)
    assert busy.broken()


@on_sqlite
def test_heads_are_signed_kept_and_compared_by_command(busy: Shop, lunas: Lunas, tmp_path: Path) -> None:
    assert "the heads of 4 registers, signed" in lunas.well("heads", "--out", "monday.heads")
    assert stat.S_IMODE((tmp_path / HEADS_KEY).stat().st_mode) == 0o600
    printed = [json.loads(line) for line in lunas.well("heads").splitlines()]
    assert [line["register"] for line in printed] == ["gate-1", "office", "till-1", "till-2"]
    assert "4 kept heads compared" in lunas.well("verify", "--heads", "monday.heads")
    busy.receive(WATCH, "WATCH-9")
    lunas.well("verify", "--heads", "monday.heads")
    assert "File exists" in lunas.refused("heads", "--out", "monday.heads")

    def cut(connection: Connection) -> None:
        Forger(connection, random.Random(1), mends=True).forge("remove a register")

    busy.database.write(cut)
    told = lunas("verify", "--heads", "monday.heads")
    assert told.status == 1
    assert "was kept, and is missing: the log ends before it" in told.out


@on_sqlite
def test_heads_that_were_changed_cut_or_signed_by_another_are_not_trusted(
    busy: Shop, kept: list[str], key: SigningKey, tmp_path: Path
) -> None:
    other = SigningKey.load_or_make(tmp_path / "other.key")
    line = json.loads(kept[0])
    with busy.database.snapshot() as connection:
        signed_by_other = heads.sign(connection, other)

        def said(lines: list[str]) -> str:
            return "\n".join(broken.why for broken in heads.compare(connection, lines, key).broken)

        assert "another key" in said(signed_by_other)
        assert "was changed after it was signed" in said([json.dumps({**line, "seq": 1}), *kept[1:]])
        assert "is no line of heads" in said(["rubbish", *kept])
        assert "3 of 4 lines are there" in said(kept[1:])
        assert said([*kept, *kept]) == ""


@on_sqlite
def test_heads_kept_after_the_backup_say_what_a_restore_has_lost(
    busy: Shop, kept: list[str], key: SigningKey, tmp_path: Path
) -> None:
    back_up(busy.database, tmp_path / "one.backup")
    busy.receive(WATCH, "WATCH-9")
    with busy.database.snapshot() as connection:
        later = heads.sign(connection, key)
        last = ledger.heads(connection)[STORE, "office"].seq
    restore(busy.url, tmp_path / "one.backup", tmp_path / "aside.backup")
    with busy.database.snapshot() as connection:
        assert heads.compare(connection, kept, key).broken == []
        (broken,) = heads.compare(connection, later, key).broken
    assert broken.where == f"main/office entry {last}"
    assert "put back since" in broken.why


@on_sqlite
@pytest.mark.parametrize("content", ["", "rubbish", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_key_file_that_is_none_is_said_to_be_and_never_replaced(lunas: Lunas, tmp_path: Path, content: str) -> None:
    file = tmp_path / HEADS_KEY
    file.write_text(content)
    file.chmod(0o644)
    assert "Run: chmod 600" in lunas.refused("heads")
    file.chmod(0o600)
    assert "expected an Ed25519 key" in lunas.refused("heads")
    assert file.read_text() == content


@on_sqlite
def test_comparing_makes_no_key(lunas: Lunas, tmp_path: Path) -> None:
    (tmp_path / "some.heads").touch()
    assert "cannot be read" in lunas.refused("verify", "--heads", "some.heads")
    assert not (tmp_path / HEADS_KEY).exists()
