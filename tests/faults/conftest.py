"""Shops for the tests in which things go wrong."""

from tests.shops import postgres_template, shop, shop_url, sqlite_template

__all__ = ["postgres_template", "shop", "shop_url", "sqlite_template"]
