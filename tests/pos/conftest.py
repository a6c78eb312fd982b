"""Shops for the tests of the till and the back office."""

from tests.shops import postgres_shop, shop, shop_url, sqlite_template

__all__ = ["postgres_shop", "shop", "shop_url", "sqlite_template"]
