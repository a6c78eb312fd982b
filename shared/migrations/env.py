"""Runs the migrations on the connection, and in the transaction, that `shared.upgrade` hands over."""

from alembic import context

from shared.schema import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
