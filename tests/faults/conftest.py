"""Shops for the tests in which things go wrong."""

from tests.shops import postgres_shop, shop, shop_url, sqlite_template

__all__ = ["postgres_shop", "shop", "shop_url", "sqlite_template"]
