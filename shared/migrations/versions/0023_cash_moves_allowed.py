"""Who allowed that cash was put into a drawer or taken out of it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("cash_move", sa.Column("approved_by", sa.Text(), nullable=False, server_default=""))
