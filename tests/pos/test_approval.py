"""A leader allows, by a badge or a name and the PIN, what somebody may not do alone."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from pos.till import approval, cart
from pos.till.approval import Lack, NotAllowedError, Shown
from shared.roles import Role
from shared.staff import Actor
from tests.shop import Shop

PIN, WRONG = "2468", "1357"


@dataclass(frozen=True)
class Staff:
    """Three people of one shop: who asks, and two leaders, the first with a badge."""

    shop: Shop
    cashier: Actor
    manager: Actor
    admin: Actor
    badge: str

    def allowed(self, actor: Actor, shown: Shown | None, *, alone: bool = False) -> Actor:
        return approval.leader(self.shop.database, actor, shown, "Refund of Rp50.000", alone=alone)

    def lack(self, actor: Actor, shown: Shown | None, *, alone: bool = False) -> Lack:
        """Ask in vain."""
        with pytest.raises(NotAllowedError) as refused:
            self.allowed(actor, shown, alone=alone)
        assert refused.value.what == "Refund of Rp50.000"
        return refused.value.lack


@pytest.fixture
def staff(database_url: str) -> Iterator[Staff]:
    """Furnish a shop with them."""
    roles = (Role.CASHIER, Role.MANAGER, Role.ADMIN)
    with Shop(database_url) as shop:
        numbers = [shop.person(role) for role in roles]
        cashier, manager, admin = (
            Actor(f"staff:{number}", f"A {role}", role) for number, role in zip(numbers, roles, strict=True)
        )
        yield Staff(shop, cashier, manager, admin, badge=shop.badge(numbers[1]))


def test_a_leader_allows_it_by_name_or_by_badge_and_the_pin(staff: Staff) -> None:
    assert staff.allowed(staff.cashier, Shown("", staff.manager.id, PIN)) == staff.manager
    assert staff.allowed(staff.cashier, Shown(staff.badge, "", PIN)) == staff.manager
    assert staff.lack(staff.cashier, Shown(staff.badge, "", WRONG)) is Lack.PIN
    assert staff.lack(staff.cashier, Shown("", staff.manager.id, "")) is Lack.PIN


def test_nobody_else_allows_anything(staff: Staff) -> None:
    assert staff.lack(staff.cashier, None) is Lack.NOBODY
    assert staff.lack(staff.cashier, Shown("", "", PIN)) is Lack.NOBODY
    assert staff.lack(staff.cashier, Shown("", staff.cashier.id, PIN)) is Lack.ROLE
    assert staff.lack(staff.cashier, Shown("LN0123456789ABC", "", PIN)) is Lack.BADGE
    new = staff.shop.badge(int(staff.manager.id.removeprefix("staff:")))
    assert staff.lack(staff.cashier, Shown(staff.badge, "", PIN)) is Lack.BADGE
    assert staff.allowed(staff.cashier, Shown(new, "", PIN)) == staff.manager


def test_a_leader_needs_another_one_only_where_the_thing_says_so(staff: Staff) -> None:
    assert staff.allowed(staff.manager, None, alone=True) == staff.manager
    assert staff.lack(staff.manager, None) is Lack.NOBODY
    assert staff.lack(staff.manager, Shown(staff.badge, "", PIN)) is Lack.SELF
    assert staff.lack(staff.manager, Shown("", staff.manager.id, PIN)) is Lack.SELF
    assert staff.allowed(staff.manager, Shown("", staff.admin.id, PIN)) == staff.admin


def test_guessing_is_slowed_as_at_sign_in(staff: Staff) -> None:
    for _ in range(5):
        assert staff.lack(staff.cashier, Shown(staff.badge, "", WRONG)) is Lack.PIN
    assert staff.lack(staff.cashier, Shown(staff.badge, "", PIN)) is Lack.PIN
    assert staff.allowed(staff.cashier, Shown("", staff.admin.id, PIN)) == staff.admin


def test_a_badge_that_is_scanned_for_an_item_is_not_read_out(staff: Staff) -> None:
    answer = cart.scan(staff.shop.database, staff.shop.counter, staff.badge)
    assert (answer.level, answer.reason, answer.text) == ("hard", "badge", "")
