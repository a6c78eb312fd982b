"""Fixtures of tills that sell alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pos.alone.lonely_till import LonelyTill
from tests.shop import Shop


@pytest.fixture
def lonely(shop: Shop, tmp_path: Path) -> Iterator[LonelyTill]:
    """Have a till whose copy is whole."""
    till = LonelyTill(shop, tmp_path)
    till.keeper.step()
    yield till
    till.close()
