"""Goods that come back: tickets, their lines, what was paid back, and what is to come back with an open cart."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _wholes(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, WHOLE, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "goods_return",
        *_texts("id", "register", "number"),
        *_wholes("total", "exchanged", "rounding"),
        *_texts("actor", "approved_by"),
        *_wholes("at"),
        *_texts("reply"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("return_by_time", "goods_return", ["at"])
    op.create_table(
        "return_line",
        *_texts("return_id"),
        *_wholes("line"),
        *_texts("sale_id"),
        *_wholes("sale_line", "product_id"),
        sa.Column("item_id", WHOLE, nullable=True),
        *_wholes("quantity", "amount", "tax"),
        *_texts("reason", "condition"),
        sa.ForeignKeyConstraint(["return_id"], ["goods_return.id"]),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"]),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"]),
        sa.PrimaryKeyConstraint("return_id", "line"),
    )
    op.create_index("return_line_by_sale", "return_line", ["sale_id", "sale_line"])
    op.create_table(
        "refund",
        *_texts("return_id"),
        *_wholes("line"),
        *_texts("method"),
        *_wholes("amount"),
        *_texts("reference"),
        sa.ForeignKeyConstraint(["return_id"], ["goods_return.id"]),
        sa.PrimaryKeyConstraint("return_id", "line"),
    )
    op.create_table(
        "cart_return",
        *_texts("cart", "sale_id"),
        *_wholes("sale_line", "quantity"),
        *_texts("reason", "condition", "approved_by"),
        *_wholes("at"),
        sa.PrimaryKeyConstraint("cart", "sale_id", "sale_line"),
    )
