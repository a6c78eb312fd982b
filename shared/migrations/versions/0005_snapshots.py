"""Pictures of alarms."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "snapshot",
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("keep_until", WHOLE, nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("incident", "number"),
    )
    op.create_index("snapshot_by_end", "snapshot", ["keep_until"])
