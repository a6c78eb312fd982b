"""Lets a request in by its bearer token."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from flask import Response, g, request

from pos.api.json_body import NAME
from pos.api.problems import Problem
from pos.till_server import TillServer
from shared.gate_name import GateName
from shared.gate_wire import DIGEST_HEADER, SCHEMA_HEADER, content_digest
from shared.roles import Role
from shared.schema import SCHEMA
from shared.source import DatabaseSource
from shared.staff import Actor, token_holder

View = Callable[..., Response]


class Doorkeeper:
    """Knows who holds which token, and what its role may do."""

    def __init__(self, server: TillServer) -> None:
        self._database = server.database
        self._store = server.counter.store

    def roles(self, roles: Collection[Role]) -> Callable[[View], View]:
        """Only for holders of a token with one of these roles."""

        def guard(view: View) -> View:
            @wraps(view)
            def guarded(**values: Any) -> Response:
                g.actor = self._holder(roles)
                return view(**values)

            return guarded

        return guard

    def gate(self, view: View) -> View:
        """Only for the gate of the address: it is the one whose token bears its name.

        So a token that was stolen at one door speaks for that door alone. The view gets the database as this gate's
        source.
        """

        @wraps(view)
        def guarded(gate: str, **rest: str) -> Response:
            _refuse_another_gate(self._holder({Role.GATE}), gate)
            _refuse_another_version()
            _refuse_a_changed_body()
            return view(DatabaseSource(self._database, GateName(self._store, gate)), **rest)

        return guarded

    def _holder(self, roles: Collection[Role]) -> Actor:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Problem(401, "no_token", "expected the header Authorization: Bearer TOKEN")
        with self._database.reading() as connection:
            holder = token_holder(connection, token.strip())
        if holder is None:
            raise Problem(
                401, "unknown_token", "nobody holds this token. Make one with: lunas token add NAME --role ROLE"
            )
        if holder.role not in roles:
            raise Problem(403, "not_allowed", f"expected a token with one of the roles {', '.join(sorted(roles))}")
        return holder


def _refuse_another_gate(holder: Actor, gate: str) -> None:
    if holder.name != gate or not NAME.fullmatch(gate):
        detail = f"this is the token of {holder.name!r}. Each gate has its own: lunas token add GATE --role gate"
        raise Problem(403, "not_your_gate", detail)


def _refuse_another_version() -> None:
    schema = request.headers.get(SCHEMA_HEADER, "none")
    if schema != SCHEMA:
        raise Problem(
            409,
            "another_version",
            f"the till is of schema {SCHEMA}, the gate of {schema[:20]}. Install the same version of Lunas on both",
        )


def _refuse_a_changed_body() -> None:
    body = request.get_data()
    if body and request.headers.get(DIGEST_HEADER) != content_digest(body):
        raise Problem(400, "changed_on_the_way", f"expected a body that the header {DIGEST_HEADER} fits; send it again")
