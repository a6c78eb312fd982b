"""How often the receipt of each sale was printed, so that a copy can say so."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("sale", sa.Column("prints", WHOLE, nullable=False, server_default="0"))
