"""A leader sees what a till sold alone and cannot be so any more, and keeps how it was settled."""

import json

from pos import disputes
from shared import ledger
from shared.roles import Role
from tests.pos.pages.conftest import SignIn
from tests.shop import STORE, Shop, new_id


def dispute(shop: Shop) -> str:
    """Let a sale be in dispute."""
    line = {"serial": "SHOE-0001", "product": {"code": "SHOE", "name": "Shoe"}, "quantity": 1, "amount": 50_000}
    row = {"id": new_id(), "number": "till-1-L-000007", "total": 50_000, "at": 1_795_000_000_000_000}
    row |= {"actor": "staff:1", "reply": json.dumps({"lines": [line]})}
    fault = {"reason": "paid", "item": 1, "serial": "SHOE-0001"}
    ledger.take_turn(
        shop.database, STORE, ("till-1", "till"), "staff:1", lambda turn: disputes.open_one(turn, row, [fault])
    )
    return str(row["id"])


def test_it_is_listed_and_settled_once(sign_in: SignIn, shop: Shop) -> None:
    sale = dispute(shop)
    leader = sign_in(Role.MANAGER)
    english = {"Accept-Language": "en"}
    listed = leader.get("/office/disputes", headers=english).text
    assert "till-1-L-000007" in listed
    assert "was sold elsewhere meanwhile" in listed
    assert '<span class="tag alarm">1</span>' in leader.get("/office/vouchers").text
    page = f"/office/disputes/{sale}"
    assert "Shoe" in leader.get(page).text
    assert leader.post(page, data={"note": " "}).status_code == 400
    assert leader.post(page, data={"note": "Customer brought it back"}).status_code == 303
    assert "Customer brought it back" in leader.get(page).text
    assert leader.post(page, data={"note": "again"}).status_code == 404
    assert '<span class="tag alarm">' not in leader.get("/office/disputes").text
    assert shop.broken() == []


def test_nobody_else_sees_or_settles_one(sign_in: SignIn, shop: Shop) -> None:
    sale = dispute(shop)
    guard = sign_in(Role.SECURITY)
    assert guard.get("/office/disputes").status_code == guard.post(f"/office/disputes/{sale}").status_code == 403
    assert sign_in(Role.MANAGER).get("/office/disputes/nothing").status_code == 404
