"""Statements search indexes, whatever they are asked for."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import bindparam, exc, select, text

from shared import schema
from shared.database import Database
from shared.statements import Among, Statement
from tests.shop import Shop

MODULES = [
    "pos.api.alarm_feed",
    "pos.lookup",
    "pos.office.alarms",
    "pos.office.happened",
    "pos.office.people",
    "pos.office.products",
    "pos.office.receiving",
    "pos.office.timeline",
    "pos.signing_in",
    "pos.till.cart",
    "pos.till.sale",
    "shared.deliveries",
    "shared.ledger",
    "shared.source",
    "shared.staff",
]
# One row for each till, gate, person and the shop itself.
SMALL = ("SCAN register", "SCAN gate", "SCAN staff", "SCAN shop", "SCAN CONSTANT ROW", "SCAN json_each")


def statements() -> Iterator[tuple[str, Statement]]:
    for name in MODULES:
        for called, value in vars(importlib.import_module(name)).items():
            if isinstance(value, Statement):
                yield f"{name}.{called}", value


@pytest.mark.parametrize(("name", "statement"), list(statements()))
def test_no_statement_reads_a_whole_table_of_a_growing_shop(
    sqlite_template: Path, name: str, statement: Statement
) -> None:
    with Database(f"sqlite:///{sqlite_template}") as database, database.reading() as connection:
        sql = statement.sql(connection.dialect)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?")).all()
    assert [row[3] for row in plan if row[3].startswith("SCAN") and not row[3].startswith(SMALL)] == []


def test_a_list_of_any_length_is_one_statement(shop: Shop) -> None:
    product = schema.table(schema.Product).c
    by_code = Statement(select(product.name).where(Among(product.code, "codes")).order_by(product.name))
    with shop.database.reading() as connection:
        assert by_code.run(connection, codes=[]).all() == []
        assert by_code.run(connection, codes=["BAG"]).scalar_one() == "Kantong"
        many = [f"X{number}" for number in range(5000)]
        assert [row[0] for row in by_code.run(connection, codes=[*many, "BAG", "8991234567891"])] == [
            "Arloji",
            "Kantong",
        ]
        assert by_code.run(connection, codes=['"]', "'; DROP TABLE item"]).first() is None


def test_a_lists_condition_joins_others(shop: Shop) -> None:
    product = schema.table(schema.Product).c
    found = Statement(select(product.code).where(Among(product.code, "codes"), product.price < bindparam("price")))
    with shop.database.reading() as connection:
        assert found.run(connection, codes=["BAG", "8991234567891"], price=1000).all() == [("BAG",)]


def test_an_error_of_the_driver_is_one_of_sqlalchemy(shop: Shop) -> None:
    twice = Statement(text("INSERT INTO shop (id, epoch, cookie_key) VALUES (1, '', '')"))
    with pytest.raises(exc.IntegrityError):
        shop.database.write(twice.run)
    with pytest.raises(exc.IntegrityError):
        shop.database.write(lambda connection: twice.run_many(connection, [{}]))
    assert shop.count("shop") == 1


def test_one_row_is_one_row(shop: Shop) -> None:
    with shop.database.reading() as connection, pytest.raises(ValueError, match="unpack"):
        Statement(text("SELECT code FROM product")).run(connection).one()
