"""What all tables have in common (see `shared.schema`)."""

from typing import ClassVar, cast

from sqlalchemy import BigInteger, Integer, LargeBinary, Table, Text
from sqlalchemy.orm import DeclarativeBase

LARGEST = 2**63 - 1  # what a Whole holds
Whole = BigInteger().with_variant(Integer, "sqlite")  # SQLite gives row ids to INTEGER keys only


class Base(DeclarativeBase):
    """All tables; their metadata is what the migrations build."""

    type_annotation_map: ClassVar = {int: Whole, str: Text, bytes: LargeBinary}


def table(model: type[Base]) -> Table:
    """The table of a model, for Core statements."""
    return cast("Table", model.__table__)
