"""People and programs: who they are, and that guessing does not pay."""

import pytest
from werkzeug.security import generate_password_hash

from shared import staff
from shared.ledger import history
from shared.roles import PEOPLE, Role
from shared.staff import Actor, StaffError
from tests.shop import Shop


@pytest.fixture
def slow_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash PINs as slowly as a shop does."""
    monkeypatch.setattr(staff, "generate_password_hash", generate_password_hash)


def add(shop: Shop, name: str = "Sari", role: Role = Role.CASHIER, pin: str = "1234") -> str:
    return f"staff:{shop.in_office(lambda turn: staff.add_person(turn, name, role, pin))}"


@pytest.mark.usefixtures("slow_pins")
def test_a_person_signs_in_with_the_pin(shop: Shop) -> None:
    sari = add(shop)
    assert staff.sign_in(shop.database, sari, "1234") == Actor(sari, "Sari", Role.CASHIER)
    for wrong in ("", "123", "12345", "4321", "1" * 5000, "\u0661\u0662\u0663\u0664"):
        assert staff.sign_in(shop.database, sari, wrong) is None


def test_five_wrong_pins_lock_the_name_for_a_while_and_no_other(shop: Shop) -> None:
    sari, budi = add(shop), add(shop, "Budi", pin="9876")
    for _ in range(staff.FREE_TRIES):
        assert staff.sign_in(shop.database, sari, "0000") is None
    assert staff.sign_in(shop.database, sari, "1234") is None
    assert staff.sign_in(shop.database, budi, "9876") is not None
    shop.alter("UPDATE staff SET locked_until = locked_until - 30000000")
    assert staff.sign_in(shop.database, sari, "0000") is None
    assert staff.sign_in(shop.database, sari, "1234") is None
    shop.alter("UPDATE staff SET locked_until = locked_until - 30000000")
    assert staff.sign_in(shop.database, sari, "1234") is not None
    for _ in range(staff.FREE_TRIES - 1):
        assert staff.sign_in(shop.database, sari, "0000") is None
    assert staff.sign_in(shop.database, sari, "1234") is not None


@pytest.mark.parametrize(
    "who", ["", "staff:", "staff:0", "staff:999", "staff:-1", "staff:1e3", "token:1", "staff:\u0661"]
)
def test_nobody_signs_in_as_nobody(shop: Shop, who: str) -> None:
    add(shop)
    assert staff.sign_in(shop.database, who, "1234") is None


def test_who_has_left_does_not_sign_in(shop: Shop) -> None:
    sari = add(shop)
    shop.alter(f"UPDATE staff SET active = {'false' if 'postgres' in shop.url else 0}")
    assert staff.sign_in(shop.database, sari, "1234") is None
    with shop.database.reading() as connection:
        assert staff.people(connection) == []


@pytest.mark.parametrize("pin", ["", "123", "1" * 13, "12a4", "12 34", "\u0661\u0662\u0663\u0664", "-123"])
def test_a_pin_is_four_to_twelve_digits(shop: Shop, pin: str) -> None:
    with pytest.raises(StaffError, match="expected a PIN of 4 to 12 digits"):
        add(shop, pin=pin)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 61, "\ud800"])
def test_a_name_is_short_and_printable(shop: Shop, name: str) -> None:
    with pytest.raises(StaffError, match="expected a name of 1 to 60 printable characters"):
        add(shop, name=name)


def test_a_name_is_taken_once_and_a_gate_is_no_person(shop: Shop) -> None:
    add(shop)
    with pytest.raises(StaffError, match="'Sari ' is on the staff already"):
        add(shop, "Sari ")
    with pytest.raises(StaffError, match="a gate is a program"):
        add(shop, "Gate", Role.GATE)
    shop.token(Role.GATE, "gate-1")
    with pytest.raises(StaffError, match="there is a token 'gate-1' already"):
        shop.token(Role.GATE, "gate-1")


def test_people_are_listed_by_name(shop: Shop) -> None:
    for name, role in (("Wati", Role.MANAGER), ("Agus", Role.SECURITY), ("Sari", Role.CASHIER)):
        add(shop, name, role)
    with shop.database.reading() as connection:
        assert [(who.name, who.role) for who in staff.people(connection)] == [
            ("Agus", Role.SECURITY),
            ("Sari", Role.CASHIER),
            ("Wati", Role.MANAGER),
        ]


@pytest.mark.parametrize("role", Role)
def test_a_token_names_its_holder(shop: Shop, role: Role) -> None:
    token = shop.token(role, "webshop")
    with shop.database.reading() as connection:
        holder = staff.token_holder(connection, token)
        assert holder is not None
        assert (holder.name, holder.role) == ("webshop", role)
        for wrong in ("", token[:-1], token + "x", token.upper()):
            assert staff.token_holder(connection, wrong) is None


def test_secrets_are_nowhere_in_the_database(shop: Shop) -> None:
    add(shop, pin="83920175")
    token = shop.token(Role.CASHIER)
    with shop.database.reading() as connection:
        for table in ("staff", "token", "event"):
            kept = repr(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            assert "83920175" not in kept
            assert token not in kept


def test_joining_is_in_the_ledger_without_the_name(shop: Shop) -> None:
    sari = add(shop)
    with shop.database.reading() as connection:
        (event,) = history(connection, "staff", sari.partition(":")[2])
    assert (event.what, event.facts()) == ("joined", {"role": "cashier"})


def test_a_gate_is_no_person() -> None:
    assert set(Role) - PEOPLE == {Role.GATE}
