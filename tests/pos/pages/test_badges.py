"""The badges' page: leaders alone, and nobody prints a badge that would speak for another leader."""

import pytest

from shared.roles import LEADERS, PEOPLE, Role
from tests.pos.pages.conftest import SignIn
from tests.shop import Shop

ENGLISH = {"Accept-Language": "en"}
NUMBERS = {role: number for number, role in enumerate(sorted(PEOPLE), 1)}


def url(role: Role, what: str = "") -> str:
    return f"/office/badges/{NUMBERS[role]}{what}"


@pytest.mark.parametrize("role", sorted(PEOPLE))
def test_leaders_alone_print_and_void_badges(shop: Shop, sign_in: SignIn, role: Role) -> None:
    client, may = sign_in(role), role in LEADERS
    assert client.get("/office/badges").status_code == (200 if may else 403)
    assert client.post(url(role)).status_code == (200 if may else 403)
    assert shop.count("badge") == may
    shop.badge(NUMBERS[Role.CLERK])
    assert client.post(url(Role.CLERK, "/end")).status_code == (303 if may else 403)
    assert shop.count("badge", "ended_at IS NOT NULL") == may
    assert not shop.broken()


def test_a_badge_is_a_pdf_and_voids_the_one_before(shop: Shop, sign_in: SignIn) -> None:
    manager = sign_in(Role.MANAGER)
    for _ in range(2):
        answer = manager.post(url(Role.MANAGER))
        assert answer.data.startswith(b"%PDF")
        assert answer.headers["Cache-Control"] == "no-store"
    assert shop.count("badge") == 2
    assert shop.count("badge", "ended_at IS NULL") == 1
    assert "Valid" in manager.get("/office/badges", headers=ENGLISH).text


def test_a_leader_prints_no_badge_for_another_leader_and_may_void_it(shop: Shop, sign_in: SignIn) -> None:
    manager = sign_in(Role.MANAGER)
    assert manager.post(url(Role.ADMIN)).status_code == 404
    assert manager.post(url(Role.CLERK)).status_code == 200
    shop.badge(NUMBERS[Role.ADMIN])
    assert manager.post(url(Role.ADMIN, "/end")).status_code == 303


def test_everybody_of_the_staff_may_have_one(sign_in: SignIn) -> None:
    page = sign_in(Role.MANAGER).get("/office/badges", headers=ENGLISH).text
    assert all(f"<strong>A {role}</strong>" in page for role in PEOPLE)
    assert page.count("lets out by itself") == len(LEADERS)


@pytest.mark.parametrize("person", ["0", "99", "99999999999999999999", "x"])
def test_who_is_nobody_has_no_badge(sign_in: SignIn, person: str) -> None:
    manager = sign_in(Role.MANAGER)
    assert manager.post(f"/office/badges/{person}").status_code == 404
    assert manager.post(f"/office/badges/{person}/end").status_code == 404
