"""The pictures of an incident: for leaders alone, and each look is written down."""

import re
from functools import partial

import pypdfium2
import pytest
from flask.testing import FlaskClient

from pos.snapshot_purge import SnapshotPurge
from shared import snapshots
from shared.database import Database
from shared.roles import LEADERS, PEOPLE, WATCHERS, Role
from shared.snapshots import Snapshot
from tests.exit_log import ExitLog
from tests.pos.pages.conftest import SignIn
from tests.shop import Shop

ENGLISH = {"Accept-Language": "en"}
JPEG = b"\xff\xd8\xff picture"
LOOK = "/office/alarms/one/pictures"


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """Let the shop's gate alarm, with two pictures, and once without."""
    now = shop.in_office(lambda turn: turn.now)
    log = ExitLog(shop)
    log.raised("one", "SHOE-0001", at=now)
    log.raised("bare", "SHOE-0001", at=now)
    shop.alter("DELETE FROM gate")  # the log put it there with no entry of the ledger
    for number in (1, 2):
        picture = Snapshot("one", number, now, JPEG + bytes([number]))
        shop.database.write(partial(snapshots.put, gate="gate-1", snapshot=picture))
    return shop


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    return sign_in(Role.MANAGER)


def addresses(page: str) -> list[str]:
    return re.findall(r'src="(/office/pictures/[^"]+)"', page)


@pytest.mark.parametrize("role", sorted(PEOPLE))
def test_only_leaders_may_look_and_are_offered_to(shop: Shop, sign_in: SignIn, role: Role) -> None:
    client = sign_in(role)
    assert client.post(LOOK).status_code == (200 if role in LEADERS else 403)
    assert shop.count("event", "kind = 'viewing'") == (role in LEADERS)
    assert client.get("/office/gates/camera-notice.pdf").status_code == (200 if role in LEADERS else 403)
    if role in WATCHERS:
        page = client.get("/office/alarms/one", headers=ENGLISH).text
        assert ("Look at 2 pictures" in page) == (role in LEADERS)


def test_each_look_is_an_entry_of_the_ledger_by_ids_alone(shop: Shop, manager: FlaskClient) -> None:
    for _ in range(2):
        page = manager.post(LOOK, headers=ENGLISH).text
        for address in addresses(page):
            manager.get(address)
    me = f"staff:{sorted(PEOPLE).index(Role.MANAGER) + 1}"
    seen = f"kind = 'viewing' AND subject = 'one' AND actor = '{me}'"
    assert shop.count("event", seen + f""" AND details = '{{"by":"{me}","incident":"one"}}'""") == 2
    assert manager.get("/office/alarms/one", headers=ENGLISH).text.count("Pictures looked at") == 2
    assert not shop.broken()


def test_the_pictures_come_and_are_kept_by_no_browser(manager: FlaskClient) -> None:
    page = manager.post(LOOK, headers=ENGLISH).text
    assert re.findall(r"<span>(.*?)</span></li>", page) == ["1 second before", "At the alarm"]
    answers = [manager.get(address) for address in addresses(page)]
    assert [answer.data for answer in answers] == [JPEG + b"\x01", JPEG + b"\x02"]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}


def test_an_address_serves_nobody_else_and_not_for_long(
    sign_in: SignIn, manager: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = addresses(manager.post(LOOK).text)[0]
    assert sign_in(Role.ADMIN).get(address).status_code == 404
    assert sign_in(Role.SECURITY).get(address).status_code == 403
    assert manager.get(address.replace("/pictures/", "/pictures/x")).status_code == 404
    assert manager.get(re.sub(r"\d\.jpg", "4.jpg", address)).status_code == 404
    monkeypatch.setattr("pos.office.picture_pages.LOOK_SECONDS", -1)
    assert manager.get(address).status_code == 404


@pytest.mark.parametrize("incident", ["bare", "nothing", "%00", "late/night"])
def test_where_there_are_none_nobody_has_looked(shop: Shop, manager: FlaskClient, incident: str) -> None:
    assert manager.post(f"/office/alarms/{incident}/pictures").status_code == 404
    assert shop.count("event", "kind = 'viewing'") == 0


def test_the_till_s_server_deletes_what_is_over_and_waits_for_a_silent_database(shop: Shop) -> None:
    shop.alter("UPDATE snapshot SET keep_until = 1 WHERE number = 1")
    assert SnapshotPurge(shop.database).purge()
    assert shop.count("snapshot") == 1
    with Database("postgresql://nobody@127.0.0.1:1/nothing", patience=2) as nothing:
        assert not SnapshotPurge(nothing).purge()


def test_the_notice_for_the_door_says_it_in_both_languages(manager: FlaskClient) -> None:
    document = pypdfium2.PdfDocument(manager.get("/office/gates/camera-notice.pdf").data)
    words = " ".join(document[0].get_textpage().get_text_bounded().split())
    document.close()
    for said in ("Kamera di pintu ini", "7 hari", "Camera at this door", "30 days for a theft", "Toko Contoh"):
        assert said in words
