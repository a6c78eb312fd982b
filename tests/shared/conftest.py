"""Shops for the tests of what both programs share."""

from tests.shops import postgres_template, shop, shop_url, sqlite_template

__all__ = ["postgres_template", "shop", "shop_url", "sqlite_template"]
