"""Sales in dispute: what a till sold while the database was gone, and that could not be taken over as it was."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "dispute",
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("sale_id", "register", "number")],
        *[sa.Column(name, WHOLE, nullable=False) for name in ("total", "at")],
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("actor", "reply", "faults")],
        sa.Column("opened_at", WHOLE, nullable=False),
        sa.Column("resolved_at", WHOLE, nullable=True),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("resolved_by", "note", "note_salt")],
        sa.PrimaryKeyConstraint("sale_id"),
    )
    op.create_index("dispute_open", "dispute", ["resolved_at"])
