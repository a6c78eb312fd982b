"""Which alarms began quietly."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("alarm", sa.Column("quiet", sa.Boolean(), nullable=False, server_default=sa.false()))
