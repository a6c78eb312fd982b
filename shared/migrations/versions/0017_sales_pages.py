"""Indexes for lists of sales, and for the units of a product."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.drop_index("sale_by_time", "sale")
    op.create_index("sale_by_time", "sale", ["at", "id", "number", "register", "actor", "total", "rounding"])
    op.create_index("sale_line_by_product", "sale_line", ["product_id", "sale_id"])
    op.create_index("item_by_product", "item", ["product_id"])
