"""Cash rounding, payments taken for open carts, references that pay once, vouchers and store credit, reconciling."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("sale", sa.Column("rounding", WHOLE, nullable=False, server_default="0"))
    op.add_column("payment", sa.Column("standing", sa.Text(), nullable=False, server_default=""))
    op.add_column("payment", sa.Column("version", WHOLE, nullable=False, server_default="0"))
    op.create_table(
        "taken",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("cart", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("given_back", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("taken_by_cart", "taken", ["cart"])
    op.create_table(
        "payment_reference",
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sale", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("method", "key"),
    )
    op.create_table(
        "credit",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("balance", WHOLE, nullable=False),
        sa.Column("sale", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("issued_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
