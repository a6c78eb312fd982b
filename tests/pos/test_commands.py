"""The `lunas` command as people and scripts use it."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from shared import staff
from tests.lunas_command import Told, run
from tests.shop import BAG, WATCH, Shop
from tests.shops import on_sqlite

Command = Callable[..., Told]


@pytest.fixture
def lunas(shop: Shop, tmp_path: Path) -> Command:
    """Give a function that runs `lunas` on this shop's settings."""
    file = shop.write_settings(tmp_path)

    def told(*arguments: str, typed: str = "", config: Path | None = file) -> Told:
        named = ["--config", str(config)] if config else []
        return run([*named, *arguments], tmp_path, typed)

    return told


@on_sqlite
def test_help_is_everywhere(lunas: Command) -> None:
    told = lunas("--help", config=None)
    assert told.status == 0
    for command in ("init", "staff", "token", "import", "receive", "till", "gate", "item", "verify", "demo"):
        assert re.search(rf"^  {command} ", told.out, re.MULTILINE), command
    for name in ("staff add", "token add", "import products", "till"):
        answer = lunas(*name.split(), "--help", config=None)
        assert (answer.status, answer.err) == (0, "")
        assert answer.out.startswith(f"Usage: lunas {name}")


@on_sqlite
@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["--nonsense"],
        ["staff", "add", "Sari"],
        ["staff", "add", "Sari", "--role", "gate"],
        ["receive", "nowhere.csv"],
        ["receive", "."],
    ],
)
def test_wrong_use_is_2_and_said_on_stderr(lunas: Command, arguments: list[str]) -> None:
    done = lunas(*arguments)
    assert (done.status, done.out) == (2, "")
    assert "Error:" in done.err


@on_sqlite
def test_settings_that_are_wrong_are_2_with_every_mistake(lunas: Command, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[shop]\nnam = "x"\n[till]\nlisten = "x"\n')
    done = lunas("verify", config=wrong)
    assert (done.status, done.out) == (2, "")
    assert done.err.splitlines() == [
        f"lunas: {wrong}: shop.nam: unknown; did you mean 'name'?",
        f'lunas: {wrong}: till.listen: expected "HOST:PORT" such as "127.0.0.1:8080", got \'x\'',
    ]


@on_sqlite
def test_no_settings_at_all_say_where_they_were_looked_for(lunas: Command) -> None:
    done = lunas("verify", config=None)
    assert done.status == 2
    assert "expected lunas.toml or /etc/lunas/lunas.toml" in done.err


def test_init_can_be_repeated(lunas: Command) -> None:
    for _ in range(2):
        done = lunas("init")
        assert (done.status, done.err) == (0, "")
        assert done.out.startswith("Ready: ")


@on_sqlite
def test_a_database_that_was_never_made_says_what_to_do(lunas: Command, tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    file.write_text('[database]\nurl = "sqlite:///new.db"\n')
    assert "no such database file" in lunas("verify", config=file).err
    assert not (tmp_path / "new.db").exists()
    (tmp_path / "new.db").touch()
    assert "new.db is damaged: the file is empty" in lunas("verify", config=file).err
    with sqlite3.connect(tmp_path / "new.db") as other:
        other.execute("CREATE TABLE other (id)")
    other.close()
    done = lunas("verify", config=file)
    assert (done.status, done.err) == (1, f"lunas: {tmp_path}/new.db holds no Lunas database. Run: lunas init\n")
    assert lunas("init", config=file).status == 0
    assert lunas("verify", config=file).status == 0


@on_sqlite
def test_a_person_is_added_with_a_pin_from_anywhere(lunas: Command, shop: Shop) -> None:
    assert lunas("staff", "add", "Sari", "--role", "cashier", "--pin", "1234").out == "Added Sari (cashier)\n"
    assert lunas("staff", "add", "Budi", "--role", "manager", "--pin", "-", typed="9876\n").status == 0
    assert lunas("staff", "add", "Wati", "--role", "clerk", typed="5555\n5555\n").status == 0
    with shop.database.reading() as connection:
        people = {who.name: who.id for who in staff.people(connection)}
    for name, pin in (("Sari", "1234"), ("Budi", "9876"), ("Wati", "5555")):
        assert staff.sign_in(shop.database, people[name], pin) is not None


@on_sqlite
@pytest.mark.parametrize(("pin", "typed"), [("12", ""), ("-", "abcd\n")])
def test_a_bad_pin_is_refused(lunas: Command, shop: Shop, pin: str, typed: str) -> None:
    done = lunas("staff", "add", "Sari", "--role", "cashier", "--pin", pin, typed=typed)
    assert (done.status, done.out, done.err) == (1, "", "lunas: expected a PIN of 4 to 12 digits\n")
    assert shop.count("staff") == 0


def test_a_prompt_that_gets_no_answer_stops(lunas: Command) -> None:
    done = lunas("staff", "add", "Sari", "--role", "cashier")
    assert done.status == 1
    assert "stopped" in done.err


def test_a_token_stands_alone_on_the_last_line_and_opens_the_door(lunas: Command, shop: Shop) -> None:
    done = lunas("token", "add", "webshop", "--role", "cashier")
    assert done.status == 0
    token = done.out.splitlines()[-1]
    assert re.fullmatch(r"lunas_[\w-]{40}", token)
    with shop.database.reading() as connection:
        holder = staff.token_holder(connection, token)
    assert holder is not None
    assert holder.name == "webshop"
    again = lunas("token", "add", "webshop", "--role", "cashier")
    assert (again.status, again.out) == (1, "")


def test_products_and_units_come_from_files(lunas: Command, shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_text("code,name,price,colour\nRING,Cincin,1000,gold\nPEN,Pena,x,blue\n")
    done = lunas("import", "products", "products.csv")
    assert (done.status, done.out) == (1, "1 lines taken, 1 bad\n")
    assert done.err.splitlines() == [
        "line 3: price: expected a whole number such as 15000, without dots or commas, got 'x'",
        "lunas: 1 lines were bad; the others were taken",
    ]
    units = "serial,product,batch,made_on,expires_on,warranty_months\n"
    (tmp_path / "units.csv").write_text(units + "RING-1,RING,B,2026-01-01,,24\nRING-2,RING,,,,\n")
    done = lunas("receive", "units.csv")
    assert (done.status, done.out, done.err) == (0, "2 lines taken, 0 bad\n", "")
    assert shop.state("RING-2") == "in_stock"
    again = lunas("receive", "units.csv")
    assert again.status == 1
    assert "line 2: serial 'RING-1' was received already and is in_stock" in again.err


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 5000,
        b"\xff\xfe\x00",
        b"serial;product\n",
        b"product\nX\n",
        b"PK\x03\x04" + bytes(range(256)) * 20,
    ],
)
def test_a_file_of_rubbish_is_a_plain_error(lunas: Command, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rubbish.csv").write_bytes(content)
    done = lunas("receive", "rubbish.csv")
    assert (done.status, done.out) == (1, "")
    assert "expected a header line with serial,product" in done.err


@on_sqlite
def test_bad_bytes_are_a_bad_line(lunas: Command, tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_bytes(f"serial,product\nNEW-1,{WATCH}\n".encode() + b"\xe9\xff,x\n")
    done = lunas("receive", "units.csv")
    assert (done.status, done.out) == (1, "1 lines taken, 1 bad\n")
    assert "line 3: expected UTF-8, got bytes that are not" in done.err


def test_an_item_is_shown_with_its_history(lunas: Command, shop: Shop) -> None:
    shop.sell("WATCH-1", cash=150_000)
    done = lunas("item", "watch-1")
    assert done.status == 0
    first, *history = done.out.splitlines()
    assert first == f"WATCH-1  Arloji ({WATCH})  paid"
    assert [line.split()[1] for line in history] == ["received", "sold"]
    for unknown in ("NOBODY-1", BAG, "\x1b[31m"):
        done = lunas("item", unknown)
        assert (done.status, done.out) == (1, "")
        assert done.err == "lunas: no unit with this serial was received\n"


def test_verify_says_what_it_checked_and_names_what_is_broken(lunas: Command, shop: Shop) -> None:
    done = lunas("verify")
    assert (done.status, done.err) == (0, "")
    assert re.fullmatch(r"\d+ entries of 2 registers and 5 items checked\n", done.out)
    shop.alter("UPDATE event SET details = '{}' WHERE register = 'office' AND seq = 4")
    done = lunas("verify")
    assert done.status == 1
    assert "broken: main/office entry 4: was changed" in done.out
    assert "lunas: the ledger does not hold: main/office entry 4" in done.err


@on_sqlite
def test_a_till_named_as_another_register_is_refused(lunas: Command, shop: Shop, tmp_path: Path) -> None:
    done = lunas("till", config=shop.write_settings(tmp_path, 1, "office"))
    assert done.status == 1
    assert "register 'office' is a office in this database, expected a till" in done.err


@on_sqlite
def test_an_address_that_cannot_be_had_is_named(lunas: Command, shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "far.toml"
    file.write_text(f'[database]\nurl = "{shop.url}"\n[till]\nlisten = "192.0.2.1:8080"\ninsecure = true\n')
    done = lunas("till", config=file)
    assert done.status == 1
    assert "till.listen: cannot listen on 192.0.2.1:8080" in done.err
