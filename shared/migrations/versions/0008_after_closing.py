"""After-closing mode of a gate."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("gate", sa.Column("closed_until", WHOLE, nullable=True))
    op.add_column("gate", sa.Column("closed_at", WHOLE, nullable=True))
    op.add_column("gate", sa.Column("closed_by", sa.Text(), nullable=True))
