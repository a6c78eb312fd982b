"""The language that each person chose."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("staff", sa.Column("language", sa.Text(), nullable=False, server_default=""))
