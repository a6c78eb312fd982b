"""Alembic migrations. One file per schema, numbered; `shared.schema.SCHEMA` names the newest."""
