"""What was written by an older program means the same after an upgrade."""

import pytest
from alembic import command

from shared.database import Database
from shared.upgrade import upgrade

OLD_SALE = """
INSERT INTO product (id, code, key, gtin, name, price, serialised, version)
    VALUES (1, 'BAG', 'BAG', '', 'Bag', 500, false, 1);
INSERT INTO sale (id, request_hash, register, number, total, actor, at, reply)
    VALUES ('s', '', 'till-1', 'till-1-000001', 1500, 'staff:1', 1, '{}');
INSERT INTO sale_line (sale_id, line, product_id, quantity, price) VALUES ('s', 1, 1, 3, 500)
"""
ALARM = """
INSERT INTO alarm (id, incident, gate, scanner, at, serial, price, reason, state, last_till)
    VALUES ('{0}', '{0}', 'gate-1', 'left', 1, 'S', 1, 'bypass', 'bypass', '');
INSERT INTO event (store, register, seq, kind, subject, version, what, state, actor, at, details, hash)
    VALUES ('main', 'gate-1', {1}, 'alarm', '{0}', 1, 'raised', 'bypass', 'gate:gate-1', 1, '{2}', '')
"""
OLD_ALARMS = ALARM.format("a", 1, '{"by":"staff:1"}') + ";" + ALARM.format("b", 2, "{}")


def upgrade_from(version: str, database_url: str, rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a database of an older schema with these rows, and upgrade it."""
    to_head = command.upgrade
    with monkeypatch.context() as older:
        older.setattr(command, "upgrade", lambda config, _: to_head(config, version))
        upgrade(database_url)
    with Database(database_url) as database:
        database.write(lambda connection: [connection.exec_driver_sql(one) for one in rows.split(";")])
    upgrade(database_url)


def test_an_old_sale_cost_what_its_lines_did(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade_from("0012", database_url, OLD_SALE, monkeypatch)
    with Database(database_url) as database, database.reading() as connection:
        line = "SELECT amount, discount, share, tax, tax_class FROM sale_line"
        assert tuple(connection.exec_driver_sql(line).one()) == (1500, 0, 0, 0, "")
        assert connection.exec_driver_sql("SELECT tax_class FROM product").scalar_one() == "general"


def test_whose_badge_let_something_out_is_taken_over_from_the_ledger(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade_from("0021", database_url, OLD_ALARMS, monkeypatch)
    with Database(database_url) as database, database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT id, carried_by, last_till_at FROM alarm ORDER BY id").all()
    assert [tuple(row) for row in rows] == [("a", "staff:1", 0), ("b", "", 0)]
