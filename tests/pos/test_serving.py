"""The till's server answers wherever the settings let it listen."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers.program import Program
from tests.shop import Shop
from tests.shops import on_sqlite


@on_sqlite
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - it is what a shop may say
def test_it_serves_on_loopback_and_beyond(
    shop: Shop, host: str, tmp_path: Path, free_port: Callable[[], int], start_program: Callable[..., Program]
) -> None:
    port = free_port()
    settings = shop.write_settings(tmp_path, port)
    given = settings.read_text()
    settings.write_text(given.replace('listen = "127.0.0.1', f'insecure = true\nlisten = "{host}'))
    till = start_program("--config", str(settings), "till")
    till.wait_until_healthy(f"127.0.0.1:{port}", seconds=60)
    assert till.terminate() == 0
