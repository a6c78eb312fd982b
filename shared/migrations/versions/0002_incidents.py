"""What people say of the incidents at a gate."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_index("alarm_by_incident", "alarm", ["incident"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("silenced_at", WHOLE, nullable=True),
        sa.Column("resolved_at", WHOLE, nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("note_salt", sa.Text(), nullable=False),
        sa.Column("is_theft", sa.Boolean(), nullable=False),
        sa.Column("theft_by", sa.Text(), nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
