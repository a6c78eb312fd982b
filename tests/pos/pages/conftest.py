"""The till's application, asked without a browser."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pos.app import create_app
from pos.till_server import TillServer
from shared import settings, staff
from shared.roles import PEOPLE, Role
from tests.shop import Shop

PIN = "2468"
SignIn = Callable[[Role], FlaskClient]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Furnish a shop once: one person for each role, and a unit of one product."""
    file = tmp_path_factory.mktemp("furnished") / "shop.db"
    with Shop(f"sqlite:///{file}") as shop:
        shop.list_products(("SHOE", "Shoe", "50000"), ("BAG", "Bag", "2000"))
        shop.receive("SHOE", "SHOE-0001")
        for role in sorted(PEOPLE):
            shop.in_office(partial(staff.add_person, name=f"A {role}", role=role, pin=PIN))
    return file


@pytest.fixture
def shop(furnished: Path, tmp_path: Path) -> Iterator[Shop]:
    """Open a copy of the furnished shop."""
    file = tmp_path / "shop.db"
    shutil.copy(furnished, file)
    with Shop(f"sqlite:///{file}", is_ready=True) as shop:
        yield shop


@pytest.fixture
def app(shop: Shop) -> Flask:
    """Build the application; a fault in it is an answer 500, as in a shop."""
    chosen = settings.parse({"shop": {"name": "Toko Contoh"}, "database": {"url": shop.url}}, Path("lunas.toml"))
    return create_app(TillServer(chosen, shop.database, replace(shop.counter, discount_limit=1000)))


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """Give a function that signs the person of a role in."""

    def signed_in(role: Role) -> FlaskClient:
        client = app.test_client()
        number = sorted(PEOPLE).index(role) + 1
        answer = client.post("/sign-in", data={"who": f"staff:{number}", "pin": PIN})
        assert answer.status_code == 303
        return client

    return signed_in


@pytest.fixture
def cashier(sign_in: SignIn) -> FlaskClient:
    """Sign a cashier in."""
    return sign_in(Role.CASHIER)
