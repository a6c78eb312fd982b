"""The permits' page: leaders alone give and end them, and what makes no sense is told at its field."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from shared.roles import LEADERS, PEOPLE, Role
from tests.pos.pages.conftest import SignIn
from tests.pos.pages.test_rubbish import VALUES
from tests.shop import JAKARTA, Shop

ENGLISH = {"Accept-Language": "en"}
SOON = (datetime.now(JAKARTA) + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
ONE = {"kind": "repair", "for": "item", "serial": "SHOE-0001", "until": SOON}
BATCH = {"kind": "transfer", "for": "batch", "product": "SHOE", "batch": "B7", "until": SOON}
COURIER = f"staff:{sorted(PEOPLE).index(Role.CLERK) + 1}"
WHAT_SOMEBODY_CARRIES = {"kind": "staff_purchase", "for": "person", "person": COURIER, "until": SOON}


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    """Sign a manager in."""
    return sign_in(Role.MANAGER)


def give(client: FlaskClient, **form: str) -> int:
    return client.post("/office/permits", data=form).status_code


@pytest.mark.parametrize("role", sorted(PEOPLE))
def test_leaders_alone_give_and_end_permits(shop: Shop, sign_in: SignIn, role: Role) -> None:
    client, may = sign_in(role), role in LEADERS
    assert client.get("/office/permits").status_code == (200 if may else 403)
    assert give(client, **ONE) == (303 if may else 403)
    assert shop.count("permit") == may
    permit = shop.permit("SHOE-0001", 1)
    assert client.post(f"/office/permits/{permit}/end").status_code == (303 if may else 403)
    assert shop.count("permit", "ended_by <> ''") == may


def test_a_permit_ends_at_the_shops_own_time_and_is_listed_with_its_unit(shop: Shop, manager: FlaskClient) -> None:
    assert give(manager, **ONE, note="<b>the sole</b>") == 303
    end = datetime.fromisoformat(SOON).replace(tzinfo=JAKARTA)
    assert shop.count("permit", f"until = {int(end.timestamp())}000000") == 1
    page = manager.get("/office/permits", headers=ENGLISH).text
    for text in ("SHOE-0001", "Repair", "&lt;b&gt;the sole", "A manager", "Valid"):
        assert text in page


def test_a_batch_is_one_permit(shop: Shop, manager: FlaskClient) -> None:
    shop.receive("SHOE", "SHOE-0002", "SHOE-0003", batch="B7")
    assert give(manager, **BATCH) == 303
    assert shop.count("permit", "batch = 'B7' AND item_id IS NULL AND product_id IS NOT NULL") == 1
    assert "Batch B7" in manager.get("/office/permits", headers=ENGLISH).text


def test_what_a_person_carries_is_one_permit_and_the_list_names_the_person(shop: Shop, manager: FlaskClient) -> None:
    assert "A clerk (no badge yet)" in manager.get("/office/permits", headers=ENGLISH).text
    shop.badge(sorted(PEOPLE).index(Role.CLERK) + 1)
    assert give(manager, **WHAT_SOMEBODY_CARRIES) == 303
    assert shop.count("permit", f"person = '{COURIER}' AND item_id IS NULL AND product_id IS NULL") == 1
    page = manager.get("/office/permits", headers=ENGLISH).text
    assert "<strong>A clerk</strong>What somebody carries" in page
    assert "no badge yet)" in page
    assert "A clerk (no badge yet)" not in page
    assert not shop.broken()


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (ONE | {"kind": "theft"}, "Choose one from the list."),
        (ONE | {"for": "shop"}, "Choose one from the list."),
        (ONE | {"serial": "SHOE-9999"}, "No unit has this serial."),
        (ONE | {"serial": "SAME-1"}, "Several units have this serial."),
        (ONE | {"until": "2020-01-01T10:00"}, "Choose a time to come"),
        (ONE | {"until": "9999-12-31T23:59"}, "Choose a time to come"),
        (ONE | {"until": "tomorrow"}, "Choose a time to come"),
        (ONE | {"note": "x" * 151}, "A note has at most"),
        (BATCH | {"product": "HAT"}, "No product has this code."),
        (BATCH | {"batch": "B8"}, "No unit of this product is of that batch."),
        (WHAT_SOMEBODY_CARRIES | {"person": "staff:99"}, "Choose somebody of the staff."),
        (WHAT_SOMEBODY_CARRIES | {"person": ""}, "Choose somebody of the staff."),
        (BATCH | {"batch": ""}, "No unit of this product is of that batch."),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field_and_gives_nothing(
    shop: Shop, manager: FlaskClient, form: dict[str, str], told: str
) -> None:
    shop.receive("SHOE", "SHOE-0002", batch="B7")
    shop.receive("SHOE", "SAME-1")
    shop.receive("BAG", "SAME-1")
    answer = manager.post("/office/permits", data=form, headers=ENGLISH)
    assert (answer.status_code, shop.count("permit")) == (400, 0)
    assert told in answer.text


@pytest.mark.parametrize("field", ["kind", "for", "serial", "product", "batch", "person", "until", "note"])
def test_no_value_in_any_field_is_a_fault(manager: FlaskClient, field: str) -> None:
    for value in VALUES:
        for form in (ONE, BATCH, WHAT_SOMEBODY_CARRIES):
            assert give(manager, **form | {field: str(value).encode("utf-8", "replace").decode()}) in {303, 400}


@pytest.mark.parametrize("permit", ["nowhere", "%00", "..."])
def test_a_permit_that_is_not_there_cannot_be_ended(manager: FlaskClient, permit: str) -> None:
    assert manager.post(f"/office/permits/{permit}/end").status_code == 404
