"""Discounts and taxes: of products, of carts, of sales."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AMOUNTS = ("discount", "share", "tax", "amount")


def upgrade() -> None:
    op.add_column("product", sa.Column("tax_class", sa.Text(), nullable=False, server_default="general"))
    for name in AMOUNTS:
        op.add_column("sale_line", sa.Column(name, WHOLE, nullable=False, server_default="0"))
    op.add_column("sale_line", sa.Column("tax_class", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE sale_line SET amount = price * quantity")
    op.create_table(
        "cart_discount",
        sa.Column("cart", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("percent", WHOLE, nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("reason", "note", "given_by", "approved_by")],
        sa.PrimaryKeyConstraint("cart", "line"),
    )
    op.create_table(
        "sale_discount",
        sa.Column("sale_id", sa.Text(), nullable=False),
        *[sa.Column(name, WHOLE, nullable=False) for name in ("line", "off", "amount", "percent")],
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("reason", "note", "note_salt")],
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("given_by", "approved_by")],
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"]),
        sa.PrimaryKeyConstraint("sale_id", "line"),
    )
    op.create_table(
        "sale_tax",
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("sale_id", "tax_class", "rate", "base")],
        *[sa.Column(name, WHOLE, nullable=False) for name in ("net", "taxed", "tax")],
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"]),
        sa.PrimaryKeyConstraint("sale_id", "tax_class"),
    )
