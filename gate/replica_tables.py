"""The replica's tables, and what is asked of them."""

FORMAT = 5
TABLES = ("code", "item", "product", "permit", "key", "person", "badge", "head", "fact")
SCHEMA = (
    "CREATE TABLE code (text TEXT, scheme TEXT, scope TEXT, item, PRIMARY KEY (text, scheme, scope)) WITHOUT ROWID",
    "CREATE TABLE item (id INTEGER PRIMARY KEY, state TEXT, version INTEGER, product INTEGER, serial TEXT, batch TEXT)",
    "CREATE TABLE product (id INTEGER PRIMARY KEY, version INTEGER, name TEXT, price INTEGER)",
    # SQLite uses no index to compare with a column of another type.
    (
        "CREATE TABLE permit (id TEXT PRIMARY KEY, version INTEGER, item INTEGER, product INTEGER, batch TEXT,"
        " person TEXT, until INTEGER, is_ended INTEGER)"
    ),
    "CREATE INDEX permit_by_item ON permit (item)",
    "CREATE INDEX permit_by_batch ON permit (product, batch)",
    "CREATE TABLE key (id TEXT PRIMARY KEY, version INTEGER, public TEXT, retired INTEGER)",
    "CREATE TABLE person (id INTEGER PRIMARY KEY, role TEXT, is_active INTEGER)",
    "CREATE TABLE badge (id TEXT PRIMARY KEY, version INTEGER, person INTEGER, is_ended INTEGER)",
    "CREATE TABLE head (store TEXT, register TEXT, seq INTEGER, hash BLOB, PRIMARY KEY (store, register))",
    "CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT)",
    f"PRAGMA user_version = {FORMAT}",
)
ADD_CODE = "INSERT INTO code VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
ADD_ITEM = (
    "INSERT INTO item VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
    " product = coalesce(excluded.product, product), serial = coalesce(excluded.serial, serial),"
    " batch = coalesce(excluded.batch, batch),"
    " state = CASE WHEN excluded.version > version THEN excluded.state ELSE state END,"
    " version = max(version, excluded.version)"
)
ADD_PRODUCT = (
    "INSERT INTO product VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
    " name = excluded.name, price = excluded.price, version = excluded.version WHERE excluded.version > version"
)
ADD_PERMIT = "INSERT INTO permit VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
END_PERMIT = "UPDATE permit SET version = ?, is_ended = 1 WHERE id = ?"
PERMITS = (
    "SELECT id, until FROM permit WHERE item = ?1 AND NOT is_ended UNION ALL"
    " SELECT permit.id, permit.until FROM item JOIN permit USING (product, batch) WHERE item.id = ?1 AND NOT is_ended"
)
ADD_KEY = (
    "INSERT INTO key VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
    " public = coalesce(excluded.public, public),"
    " retired = CASE WHEN excluded.version > version THEN excluded.retired ELSE retired END,"
    " version = max(version, excluded.version)"
)
ADD_PERSON = "INSERT OR REPLACE INTO person VALUES (?, ?, ?)"
ADD_BADGE = "INSERT INTO badge VALUES (?, ?, ?, ?)"
END_BADGE = "UPDATE badge SET version = ?, is_ended = 1 WHERE id = ?"
BADGE = (
    "SELECT person.id, person.role FROM badge JOIN person ON person.id = badge.person"
    " WHERE badge.id = ? AND NOT is_ended AND is_active"
)
PERMITS_OF_PERSON = "SELECT id, until FROM permit WHERE person = ? AND NOT is_ended"
SET_HEAD = (
    "INSERT INTO head VALUES (?, ?, ?, ?)"
    " ON CONFLICT (store, register) DO UPDATE SET seq = excluded.seq, hash = excluded.hash"
)
SET_FACT = "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
FACT = "SELECT value FROM fact WHERE name = ?"
COUNT_ITEMS = "SELECT count(*) FROM item"
CHOSEN = "policy."  # before the name of a row, in the name of a fact
BELIEF = "item.id, item.state, item.version, item.serial, product.name, product.price, product.id"
RECALL = f"SELECT {BELIEF} FROM item LEFT JOIN product ON product.id = item.product WHERE item.id = ?"  # noqa: S608 - ours
STORE = "SELECT store FROM head WHERE register = ?"
LOOK_UP = (
    f"SELECT code.scheme, code.scope, code.text, {BELIEF}"  # noqa: S608 - the columns are this module's
    " FROM code JOIN item ON item.id = code.item LEFT JOIN product ON product.id = item.product WHERE code.text IN ({})"
)
