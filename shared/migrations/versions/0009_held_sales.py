"""Carts that were put by, and what gates send to be paid."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "held_sale",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("held_by_incident", "held_sale", ["incident"])
    op.create_table(
        "held_line",
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("line", WHOLE, nullable=False),
        sa.Column("product_id", WHOLE, nullable=False),
        sa.Column("item_id", WHOLE, nullable=True),
        sa.Column("quantity", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["held"], ["held_sale.id"]),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"]),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.PrimaryKeyConstraint("held", "line"),
    )
