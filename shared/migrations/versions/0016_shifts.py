"""Shifts of tills, cash put in and taken out, and the drawer opened without a sale."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "shift",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("first_seq", WHOLE, nullable=False),
        sa.Column("opened_at", WHOLE, nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("float_amount", WHOLE, nullable=False),
        sa.Column("float_count", sa.Text(), nullable=False),
        sa.Column("closed_at", WHOLE, nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("counted", WHOLE, nullable=True),
        sa.Column("closing_count", sa.Text(), nullable=False),
        sa.Column("expected", WHOLE, nullable=True),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("heads", sa.Text(), nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("register", "number"),
    )
    op.create_table(
        "cash_move",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("shift", sa.Text(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("note_salt", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("cash_move_by_shift", "cash_move", ["shift"])
    op.create_table(
        "drawer_opening",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("shift", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("note_salt", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("drawer_opening_by_time", "drawer_opening", ["at"])
