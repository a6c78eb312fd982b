"""Sales of before there were discounts and taxes cost what their lines did."""

import pytest
from alembic import command

from shared.database import Database
from shared.upgrade import upgrade

BEFORE = "0012"
OLD = """
INSERT INTO product (id, code, key, gtin, name, price, serialised, version)
    VALUES (1, 'BAG', 'BAG', '', 'Bag', 500, false, 1);
INSERT INTO sale (id, request_hash, register, number, total, actor, at, reply)
    VALUES ('s', '', 'till-1', 'till-1-000001', 1500, 'staff:1', 1, '{}');
INSERT INTO sale_line (sale_id, line, product_id, quantity, price) VALUES ('s', 1, 1, 3, 500)
"""


def test_an_old_sale_cost_what_its_lines_did(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    to_head = command.upgrade
    with monkeypatch.context() as older:
        older.setattr(command, "upgrade", lambda config, _: to_head(config, BEFORE))
        upgrade(database_url)
    with Database(database_url) as database:
        database.write(lambda connection: [connection.exec_driver_sql(one) for one in OLD.split(";")])
    upgrade(database_url)
    with Database(database_url) as database, database.reading() as connection:
        line = "SELECT amount, discount, share, tax, tax_class FROM sale_line"
        assert tuple(connection.exec_driver_sql(line).one()) == (1500, 0, 0, 0, "")
        assert connection.exec_driver_sql("SELECT tax_class FROM product").scalar_one() == "general"
