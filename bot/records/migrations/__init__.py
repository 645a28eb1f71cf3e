"""Brings a database to the newest schema, and says whether it is there. Changes no data beyond that."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.records.database import Database, open_database

# Any constant will do: it only has to be the same in every process that migrates.
MIGRATION_LOCK = 727_001


def migrate(url: str) -> None:
    """Upgrade the database at `url` to the newest schema; several processes may do so at once."""
    database = open_database(url)
    try:
        with database.transaction() as session:
            connection = session.connection()
            _wait_for_turn(connection, database)
            command.upgrade(_config(connection), "head")
    finally:
        database.close()


def migrations_pending(url: str) -> bool:
    """Whether the database at `url` still lacks a migration that this version needs."""
    database = open_database(url)
    try:
        with database.session() as session:
            there = MigrationContext.configure(session.connection()).get_current_revision()
        return there != ScriptDirectory.from_config(_config(None)).get_current_head()
    finally:
        database.close()


def _wait_for_turn(connection: Connection, database: Database) -> None:
    # On SQLite the transaction itself is the lock: it began with BEGIN IMMEDIATE.
    if not database.is_sqlite:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    attributes: dict[str, Any] = config.attributes
    attributes["connection"] = connection
    return config
