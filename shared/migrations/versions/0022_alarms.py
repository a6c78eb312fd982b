"""When a till had what set off a gate, and whose badge let it out, which until now only the ledger knew."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("alarm", sa.Column("last_till_at", WHOLE, nullable=False, server_default="0"))
    op.add_column("alarm", sa.Column("carried_by", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    raised = sa.text("SELECT subject, details FROM event WHERE kind = 'alarm' AND details LIKE '%\"by\":%'")
    for alarm, details in connection.execute(raised).all():
        by = json.loads(details).get("by", "")
        connection.execute(sa.text("UPDATE alarm SET carried_by = :by WHERE id = :id"), {"by": by, "id": alarm})
