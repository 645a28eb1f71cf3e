"""The migrations lead to the schema that the code believes in, from nothing, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

from bot.records import tables  # noqa: F401 - fills the metadata
from bot.records.database import Database
from bot.records.migrations import migrate, migrations_pending


def test_the_migrated_schema_is_the_one_in_tables_py(database: Database):
    with database.session() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_nothing_is_pending_after_migrating_and_migrating_again_changes_nothing(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    assert migrations_pending(url)
    migrate(url)
    migrate(url)
    assert not migrations_pending(url)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_several_processes_may_migrate_at_once(kind: str, tmp_path: Path, request: pytest.FixtureRequest):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    if kind == "postgres":
        url = request.getfixturevalue("empty_postgres_url")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: migrate(url), range(4)))
    assert not migrations_pending(url)
