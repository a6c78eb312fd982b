"""Who bought, and a note on it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "buyer",
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("ticket", "name", "phone", "note")],
        sa.PrimaryKeyConstraint("ticket"),
    )
    op.create_index("buyer_by_phone", "buyer", ["phone"])
