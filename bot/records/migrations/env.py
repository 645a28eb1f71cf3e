"""What Alembic runs around each migration: the caller's own transaction, nothing else."""

from alembic import context
from sqlmodel import SQLModel

from bot.records import tables  # noqa: F401 - fills the metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
context.run_migrations()
