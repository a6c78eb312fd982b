"""What a gate on another machine asks the till's server, and nobody else: as described, and problems for all else."""

import gzip
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from pos.app import create_app
from pos.till_server import TillServer
from shared import gate_wire, product_pictures, staff
from shared import settings as lunas_settings
from shared.gate_wire import DIGEST_HEADER, SCHEMA_HEADER, content_digest
from shared.roles import PEOPLE, Role
from shared.schema import SCHEMA
from tests.shop import Shop
from tests.shops import on_sqlite

DESCRIPTION = json.loads(Path("pos/api/openapi.json").read_text())
PROBLEM = "application/problem+json"
HOME = "/api/v1/gates/gate-1"
EVENTS = "/events?store=main&register=office&after=0&limit=10"
ENTRY = {"boot": "0" * 16, "n": 1, "body": "{}", "fresh": False}
REQUESTS = [
    ("PUT", "", {"armed": False, "policy": {}}),
    ("GET", "/heads", None),
    ("GET", EVENTS, None),
    ("POST", "/truths", {"items": [1]}),
    ("GET", "/people", None),
    ("GET", "/products/1/picture", None),
    ("POST", "/sign-in", {"person": "staff:1", "pin": "1234"}),
    ("POST", "/entries", {"entries": [ENTRY]}),
    ("GET", "/copy", None),
]
every_request = pytest.mark.parametrize(("method", "path", "content"), REQUESTS, ids=str)


class Asker:
    """A program with a token; every answer is held against the description."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}", SCHEMA_HEADER: SCHEMA}

    def ask(self, method: str, path: str, content: object = None, home: str = HOME, **headers: str) -> TestResponse:
        body = content if isinstance(content, bytes) else (b"" if content is None else json.dumps(content).encode())
        given = self._headers | ({DIGEST_HEADER: content_digest(body)} if body else {}) | headers
        answer = self._client.open(home + path, method=method, data=body, headers=given)
        described = "/api/v1/gates/{gate}" + re.sub("/products/[0-9]+/", "/products/{product}/", path.partition("?")[0])
        told = DESCRIPTION["paths"][described][method.lower()]["responses"]
        wanted = told[str(answer.status_code)]["content"][answer.mimetype]["schema"]
        if not answer.is_streamed:
            assert answer.headers[DIGEST_HEADER] == content_digest(answer.data)
            Draft202012Validator({**wanted, "components": DESCRIPTION["components"]}).validate(json.loads(answer.data))
        return answer

    def told(self, method: str, path: str, content: object = None) -> Any:
        answer = self.ask(method, path, content)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def refused(self, method: str, path: str, content: object = None, **more: str) -> tuple[int, str]:
        answer = self.ask(method, path, content, **more)
        assert answer.mimetype == PROBLEM, answer.text
        return answer.status_code, answer.get_json(force=True)["reason"]


@pytest.fixture
def client(shop: Shop, tmp_path: Path) -> FlaskClient:
    chosen = lunas_settings.load(shop.write_settings(tmp_path))
    return create_app(TillServer(chosen, shop.database, shop.counter)).test_client()


@pytest.fixture
def gate(shop: Shop, client: FlaskClient) -> Asker:
    return Asker(client, shop.token(Role.GATE, "gate-1"))


def test_a_gate_is_made_known_once_and_in_trial_unless_its_settings_say_armed(shop: Shop, gate: Asker) -> None:
    for _ in range(2):
        assert gate.told("PUT", "", {"armed": False, "policy": {}}) == {"gate": "gate-1"}
    assert shop.count("gate", "name = 'gate-1' AND NOT armed") == 1
    gate.told("PUT", "", {"armed": True, "policy": {}})
    assert shop.count("gate", "name = 'gate-1' AND armed AND armed_by = 'settings'") == 1
    assert not shop.broken()


def test_heads_events_and_truths_are_what_the_ledger_says(shop: Shop, gate: Asker) -> None:
    shop.sell("WATCH-1", cash=150_000)
    _, heads = gate_wire.hear_heads(gate.told("GET", "/heads"))
    office = heads["main", "office"]
    events = gate_wire.hear_events(gate.told("GET", EVENTS.replace("=10", "=1000")))
    assert (events[-1].seq, events[-1].hash) == (office.seq, office.hash)
    assert all(after.follows(before.hash) for before, after in pairwise(events))
    items = [int(event.subject) for event in events if event.kind == "item"]
    truths = gate_wire.hear_truths(gate.told("POST", "/truths", {"items": [*items, 7]}))
    assert sorted(truth.state for truth in truths) == ["in_stock"] * 4 + ["paid"]


def test_events_come_in_the_chunks_that_are_asked_for(gate: Asker) -> None:
    first = gate.told("GET", EVENTS.replace("limit=10", "limit=2"))["events"]
    rest = gate.told("GET", EVENTS.replace("after=0", "after=2"))["events"]
    assert [event["seq"] for event in first + rest] == list(range(1, 10))


def test_the_copy_is_everything_gzipped(shop: Shop, gate: Asker) -> None:
    copy = gate_wire.read_copy(gzip.decompress(gate.ask("GET", "/copy").data).splitlines())
    assert len(list(copy.products)) == shop.count("product") == 2
    assert len(list(copy.items)) == shop.count("item") == 5
    assert len(list(copy.codes)) == shop.count("code")


def test_a_gate_is_shown_what_a_product_looks_like(shop: Shop, gate: Asker) -> None:
    with shop.database.reading() as connection:
        product = connection.exec_driver_sql("SELECT min(id) FROM product").scalar_one()
    address = f"/products/{product}/picture"
    assert gate_wire.hear_picture(gate.told("GET", address)) is None
    shop.database.write(lambda connection: product_pictures.keep(connection, product, b"a JPEG"))
    assert gate_wire.hear_picture(gate.told("GET", address)) == b"a JPEG"


def test_who_may_answer_an_incident_is_told_by_name_and_known_by_the_pin(shop: Shop, gate: Asker) -> None:
    for name, role in (("Rina", Role.SECURITY), ("Sari", Role.CASHIER)):
        shop.in_office(lambda turn, name=name, role=role: staff.add_person(turn, name, role, "1234"))  # type: ignore[misc] # as said
    (rina,) = gate_wire.hear_people(gate.told("GET", "/people"))
    assert (rina.name, rina.role) == ("Rina", Role.SECURITY)
    for pin, known in (("1234", [rina]), ("4321", []), ("", []), ("é" * 50, [])):
        asked = {"person": rina.id, "pin": pin}
        assert gate_wire.hear_people(gate.told("POST", "/sign-in", asked)) == known
    assert gate.told("POST", "/sign-in", {"person": "staff:2", "pin": "1234"}) == {"people": []}


@on_sqlite
@every_request
@pytest.mark.parametrize("role", sorted(PEOPLE))
def test_nobody_else_may_use_any_of_it(
    shop: Shop, client: FlaskClient, role: Role, method: str, path: str, content: object
) -> None:
    other = Asker(client, shop.token(role, "gate-1"))
    assert other.refused(method, path, content) == (403, "not_allowed")


@on_sqlite
@every_request
def test_a_gate_speaks_for_itself_alone_and_in_its_own_version(
    client: FlaskClient, gate: Asker, method: str, path: str, content: object
) -> None:
    assert gate.refused(method, path, content, home="/api/v1/gates/gate-2") == (403, "not_your_gate")
    assert gate.refused(method, path, content, **{SCHEMA_HEADER: "9999"}) == (409, "another_version")
    assert gate.refused(method, path, content, Authorization="Bearer lunas_x") == (401, "unknown_token")
    assert gate.refused(method, path, content, Authorization="") == (401, "no_token")


@on_sqlite
@pytest.mark.parametrize("path", ["/api/v1/items/WATCH-1", "/api/v1/alarms", "/api/v1/items?code=WATCH-1"])
def test_a_gate_may_use_nothing_else(shop: Shop, client: FlaskClient, path: str) -> None:
    headers = {"Authorization": f"Bearer {shop.token(Role.GATE, 'gate-1')}", SCHEMA_HEADER: SCHEMA}
    assert client.get(path, headers=headers).status_code == 403
    assert client.post("/api/v1/sales", data=b"{}", headers=headers).status_code == 403


@on_sqlite
def test_a_till_s_name_is_no_gate_s(shop: Shop, client: FlaskClient) -> None:
    till = Asker(client, shop.token(Role.GATE, "till-1"))
    assert till.refused("PUT", "", {"armed": True, "policy": {}}, home="/api/v1/gates/till-1") == (409, "name_taken")
    assert shop.count("gate") == 0


@on_sqlite
@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("PUT", "", {}), ("PUT", "", {"armed": 1, "policy": {}}), ("PUT", "", {"armed": True, "policy": {}, "x": 1}),
        ("PUT", "", {"armed": True, "policy": {"paid": "check"}}), ("PUT", "", {"armed": True, "policy": []}),
        ("PUT", "", {"armed": True, "policy": {"unknown": "alarm"}}), ("PUT", "", {"armed": True}),
        ("PUT", "", {"armed": True, "policy": {"unknown": {}}}), ("PUT", "", None),
        ("GET", "/events", None), ("GET", "/events?store=main&register=office&after=-1&limit=1", None),
        ("GET", "/events?store=main&register=office&after=1e3&limit=1", None),
        ("GET", "/events?store=main&register=office&after=0&limit=" + "9" * 16, None),
        ("GET", "/events?store=main&register=%00&after=0&limit=1", None),
        ("GET", "/events?store=%F0%9F%98%80&register=office&after=0&limit=1", None),
        ("POST", "/truths", {"items": 5}), ("POST", "/truths", {"items": ["1"]}),
        ("POST", "/truths", {"items": [True]}),
        ("POST", "/truths", {"items": [-1]}), ("POST", "/truths", {"items": [2**63]}),
        ("POST", "/truths", {"items": [1] * 1001}), ("POST", "/truths", [1]), ("POST", "/truths", b"{"),
        ("POST", "/truths", b"\xff"), ("POST", "/truths", b"[" * 100_000), ("POST", "/truths", None),
        ("POST", "/sign-in", {"person": "staff:1"}), ("POST", "/sign-in", {"person": 1, "pin": "1234"}),
        ("POST", "/sign-in", {"person": "staff:1", "pin": 1234}),
        ("POST", "/entries", {"entries": []}), ("POST", "/entries", {"entries": [ENTRY] * 101}),
        ("POST", "/entries", {"entries": [5]}), ("POST", "/entries", {"entries": [{}]}),
        ("POST", "/entries", {"entries": [{**ENTRY, "boot": "x"}]}),
        ("POST", "/entries", {"entries": [{**ENTRY, "n": 0}]}),
        ("POST", "/entries", {"entries": [{**ENTRY, "n": 2**63}]}),
        ("POST", "/entries", {"entries": [{**ENTRY, "body": "x" * 1003}]}),
        ("POST", "/entries", {"entries": [{**ENTRY, "body": "é" * 502}]}),
        ("POST", "/entries", {"entries": [{**ENTRY, "body": {}}]}),
        ("POST", "/entries", {"entries": [{**ENTRY, "fresh": 1}]}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_a_problem_and_changes_nothing(
    shop: Shop, gate: Asker, method: str, path: str, content: object
) -> None:
    assert gate.refused(method, path, content)[0] == 400
    assert shop.count("delivery") + shop.count("gate") == 0


@on_sqlite
@pytest.mark.parametrize("digest", ["", "sha-256=:AAAA:", "md5=:x:"])
def test_a_body_that_was_changed_on_its_way_is_not_acted_on(shop: Shop, gate: Asker, digest: str) -> None:
    headers = {DIGEST_HEADER: digest}
    assert gate.refused("POST", "/entries", {"entries": [ENTRY]}, **headers) == (400, "changed_on_the_way")
    assert shop.count("delivery") == 0


@pytest.mark.parametrize("body", ["", "{}", "\x00", '{"kind":"alarm"}', '{"kind":"resolved","incident":"x"}'])
def test_an_entry_whose_body_makes_no_sense_is_noted_and_holds_nothing_up(shop: Shop, gate: Asker, body: str) -> None:
    rows = [{**ENTRY, "body": body}, {**ENTRY, "n": 2}]
    assert gate.told("POST", "/entries", {"entries": rows}) == {"refused": []}
    assert shop.count("delivery", "substr(outcome, 1, 8) = 'refused:'") == 2
    assert not shop.broken()


@on_sqlite
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([("PUT", ""), ("POST", "/truths"), ("POST", "/entries")]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["arme", "item", "entries", "boot", "n", "body", "fresh"]), inner)
        ),
        max_leaves=12,
    ),
)
def test_any_json_is_answered_with_a_problem(gate: Asker, address: tuple[str, str], content: Any) -> None:
    assert gate.refused(*address, content)[0] == 400


@every_request
def test_a_silent_database_is_503(sqlite_url: str, tmp_path: Path, method: str, path: str, content: object) -> None:
    with Shop(sqlite_url) as shop:
        chosen = lunas_settings.load(shop.write_settings(tmp_path))
        asker = Asker(
            create_app(TillServer(chosen, shop.database, shop.counter)).test_client(), shop.token(Role.GATE, "gate-1")
        )
        (tmp_path / "shop.db").rename(tmp_path / "away.db")
        assert asker.refused(method, path, content) == (503, "database_silent")


@on_sqlite
def test_a_copy_that_nobody_reads_to_its_end_lets_the_database_go(shop: Shop, gate: Asker) -> None:
    for _ in range(100):  # more than there are connections
        gate.ask("GET", "/copy").close()
    assert gate.ask("GET", "/heads").status_code == 200


PICTURE = b"\xff\xd8\xff picture"
PICTURES = "/api/v1/gates/{gate}/snapshots/{incident}/{number}"


def put_picture(
    client: FlaskClient, shop: Shop, path: str, body: bytes = PICTURE, gate: str = "gate-1"
) -> TestResponse:
    token = shop.token(Role.GATE, gate)
    given = {"Authorization": f"Bearer {token}", SCHEMA_HEADER: SCHEMA, DIGEST_HEADER: content_digest(body)}
    answer = client.put(f"{HOME}/snapshots/{path}", data=body, headers=given, content_type="image/jpeg")
    told = DESCRIPTION["paths"][PICTURES]["put"]["responses"][str(answer.status_code)]["content"][answer.mimetype]
    whole = {**told["schema"], "components": DESCRIPTION["components"]}
    Draft202012Validator(whole).validate(json.loads(answer.data))
    return answer


def test_a_gate_brings_the_pictures_of_its_alarms(client: FlaskClient, shop: Shop) -> None:
    now = shop.in_office(lambda turn: turn.now)
    assert put_picture(client, shop, f"{'ab' * 8}/2?at={now}").status_code == 200
    assert shop.count("snapshot", f"incident = '{'ab' * 8}' AND number = 2 AND gate = 'gate-1' AND at = {now}") == 1


@pytest.mark.parametrize(
    ("path", "body", "gate", "status"),
    [
        ("AB12/2?at=1", PICTURE, "gate-1", 400),
        (f"{'ab' * 8}/5?at=1", PICTURE, "gate-1", 400),
        (f"{'ab' * 8}/2?at=-1", PICTURE, "gate-1", 400),
        (f"{'ab' * 8}/2", PICTURE, "gate-1", 400),
        (f"{'ab' * 8}/2?at=1", b"GIF89a", "gate-1", 413),
        (f"{'ab' * 8}/2?at=1", PICTURE + bytes(300_000), "gate-1", 413),
        (f"{'ab' * 8}/2?at=1", PICTURE, "gate-2", 403),
    ],
)
def test_nothing_else_is_taken_for_a_picture(
    client: FlaskClient, shop: Shop, path: str, body: bytes, gate: str, status: int
) -> None:
    assert put_picture(client, shop, path, body, gate).status_code == status
    assert shop.count("snapshot") == 0
