"""Shops for the tests of what both programs share."""

from pathlib import Path

import pytest

from tests.lunas_command import Lunas
from tests.shop import Shop
from tests.shops import postgres_shop, shop, shop_url, sqlite_template

__all__ = ["postgres_shop", "shop", "shop_url", "sqlite_template"]


@pytest.fixture
def lunas(shop: Shop, tmp_path: Path) -> Lunas:
    """Give the command, run on this shop's settings."""
    return Lunas(shop.write_settings(tmp_path))
