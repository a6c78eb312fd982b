"""A till that runs as it does in a shop: `lunas till` as a process, a SQLite file, Chromium before it."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from hardware.cable import Cable
from shared import staff
from shared.roles import Role
from tests.browser.counter import GONE, PIN, Counter
from tests.servers.chromium import PageOpener
from tests.servers.program import Program
from tests.shop import Shop

PEOPLE = {"Sari": Role.CASHIER, "Rina": Role.MANAGER, "Budi": Role.SECURITY}
PRODUCTS = [
    ("SHOE", "Sepatu Jelajah", "689000"),
    ("WATCH", "Jam Senja", "1250000"),
    ("KETTLE", "Ketel Uap", "315000"),
    ("BAG", "Kantong belanja", "2000"),
]
UNITS = [
    ("SHOE", "SHOE-0001"),
    ("WATCH", "WATCH-0001"),
    ("KETTLE", "KETTLE-0001"),
    ("SHOE", "12345"),
    ("WATCH", "12345"),
]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Furnish a shop once: people, units, a shared serial and carrier bags."""
    file = tmp_path_factory.mktemp("furnished") / "shop.db"
    with Shop(f"sqlite:///{file}") as shop:
        shop.list_products(*PRODUCTS)
        for product, serial in UNITS:
            shop.receive(product, serial)
        for name, role in PEOPLE.items():
            shop.in_office(partial(staff.add_person, name=name, role=role, pin=PIN))
    return file


@pytest.fixture
def shop(furnished: Path, tmp_path: Path) -> Iterator[Shop]:
    """Open a copy of the furnished shop."""
    file = tmp_path / "shop.db"
    shutil.copy(furnished, file)
    with Shop(f"sqlite:///{file}", is_ready=True) as shop:
        yield shop


@pytest.fixture
def start_till(
    start_fork: Callable[..., Program], free_port: Callable[[], int], tmp_path: Path, open_page: PageOpener
) -> Callable[..., Counter]:
    """Give a function that starts `lunas till` for a shop; `scanner` is the path of an attached one.

    `printer` is the TCP port of its printer, `more` more of its settings; with `shifts` one has to be open.
    """

    def start(
        shop: Shop,
        scanner: Path | None = None,
        till: str = "till-1",
        printer: int | None = None,
        more: str = "",
        shifts: bool = False,
    ) -> Counter:
        port = free_port()
        settings = shop.write_settings(tmp_path, port, till)
        if shifts:
            with settings.open("a") as file:
                file.write("shifts = true\n")
        if scanner:
            with settings.open("a") as file:
                file.write(f'[[till.scanner]]\nname = "counter"\nkind = "serial"\nport = "{scanner}"\n')
        if printer:
            with settings.open("a") as file:
                file.write(f'[till.printer]\nkind = "network"\nhost = "127.0.0.1"\nport = {printer}\n')
        with settings.open("a") as file:
            file.write(more)
        program = start_fork("--config", str(settings), "till")
        address = f"127.0.0.1:{port}"
        program.wait_until_healthy(address, 60)  # on a busy machine
        return Counter(f"http://{address}", shop, program, open_page)

    return start


@pytest.fixture
def counter(shop: Shop, start_till: Callable[..., Counter]) -> Counter:
    """Start the shop's till."""
    return start_till(shop)


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[Cable]:
    """Lay the cable of a serial scanner."""
    with Cable(tmp_path / "scanner") as cable:
        yield cable


@pytest.fixture
def hidden_database(shop: Shop) -> Iterator[Callable[[], None]]:
    """Give a function that takes the database's file away; it is back after the test."""
    file = shop.database.file
    assert file is not None

    def hide() -> None:
        file.rename(file.with_suffix(GONE))

    yield hide
    if file.with_suffix(GONE).exists():
        file.with_suffix(GONE).rename(file)
