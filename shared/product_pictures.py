"""What products look like, for the till and the gate's screen: one small JPEG each."""

from sqlalchemy import Connection, bindparam, select, text

from shared import schema
from shared.statements import Statement


def keep(connection: Connection, product: int, picture: bytes) -> None:
    """Let this be the product's picture from now on."""
    _KEEP.run(connection, product=product, picture=picture)


def find(connection: Connection, product: int) -> bytes | None:
    """The product's picture, None where it has none."""
    found = _FIND.run(connection, product=product).scalar()
    return bytes(found) if found is not None else None


def has(connection: Connection, product: int) -> bool:
    """Whether it has one."""
    return _HAS.run(connection, product=product).scalar() is not None


_P = schema.table(schema.ProductPicture).c
_this = _P.product_id == bindparam("product")
_KEEP = Statement(
    text(
        "INSERT INTO product_picture (product_id, picture) VALUES (:product, :picture)"
        " ON CONFLICT (product_id) DO UPDATE SET picture = excluded.picture"
    )
)
_FIND = Statement(select(_P.picture).where(_this))
_HAS = Statement(select(_P.product_id).where(_this))
