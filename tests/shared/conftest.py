"""Shops for the tests of what both programs share."""

from tests.shops import postgres_shop, shop, shop_url, sqlite_template

__all__ = ["postgres_shop", "shop", "shop_url", "sqlite_template"]
