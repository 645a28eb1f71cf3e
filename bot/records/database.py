"""Opens the database and gives out sessions and transactions, on SQLite and on PostgreSQL.

It knows no table and no rule of the clinic; it only turns "the database does not answer" into DatabaseAway.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy import exc as sa
from sqlmodel import Session

from bot.errors import DatabaseAway, DatabaseUnready

T = TypeVar("T")

WAKE = "wake"
TRIES = 5
# What a second try may mend: SQLite's lock, PostgreSQL's serialization failure, deadlock and lock timeout.
PASSING_STATES = frozenset({"40001", "40P01", "55P03"})
# Twilio waits 15 seconds for an answer: whoever cannot get a lock or a connection says so well before.
WAITS_FOR, GIVES_UP_AFTER = 8, 8.0  # seconds
SWITCHES_AGAIN_WITHIN = 0.05  # seconds
POSTGRES_OPTIONS = (
    f"-c statement_timeout=30000 -c lock_timeout={WAITS_FOR}000 -c idle_in_transaction_session_timeout=60000"
    " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
)
# A host that vanished without a word answers no probe: each side lets go of the connection, and of its locks, within
# half a minute. (A server that is only stopped goes on acknowledging; for that the web keeps time itself.)
KEEPALIVES = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15000,  # milliseconds
}


def open_database(url: str) -> "Database":
    """The database at `url` (sqlite:/// or postgresql+psycopg://); nothing is connected before the first use."""
    return Database(_sqlite(url) if url.startswith("sqlite") else _postgres(url))


class Database:
    """One engine, and the ways to use it: `session` to read, `transaction` to write, all or nothing."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self._readers = engine.execution_options(only_reads=True)
        self._wakers: list[Callable[[], None]] = []

    @property
    def is_sqlite(self) -> bool:
        """True where one process has the database to itself."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session for reading; whatever is written in it is rolled back."""
        with _translated(), Session(self._readers, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises. Raises DatabaseAway."""
        with _translated(), Session(self.engine, expire_on_commit=False) as session:
            with session.begin():
                yield session
            if session.info.get(WAKE):
                self._wake()

    def write(self, body: Callable[[Session], T], *, safe_to_repeat: bool = False) -> T:
        """Run `body` in a transaction and return its result.

        Only where the body is `safe_to_repeat` (it does nothing but write to this session) is it run again, up to
        five times within eight seconds, after a lock, a deadlock or a serialization failure.
        """
        begun = time.monotonic()
        for attempt in range(1, TRIES + 1):
            try:
                with self.transaction() as session:
                    return body(session)
            except DatabaseAway as away:
                is_last = attempt == TRIES or time.monotonic() - begun >= GIVES_UP_AFTER
                if is_last or not safe_to_repeat or not _passes(away.__cause__):
                    raise
                time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - spreads rivals, guards nothing
        raise AssertionError("unreachable")

    def answers(self) -> bool:
        """Whether a trivial query comes back."""
        try:
            with self.session() as session:
                session.connection().execute(text("SELECT 1"))
            return True
        except DatabaseAway:
            return False

    def on_new_work(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Call `wake` after each commit of this process that put work into the outbox; returns how to stop that."""
        self._wakers.append(wake)
        return lambda: self._wakers.remove(wake)

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()

    def _wake(self) -> None:
        for wake in list(self._wakers):
            wake()


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": WAITS_FOR}, pool_timeout=WAITS_FOR)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would open transactions by itself, late and not for every statement; we open them in _begin_sqlite.
    connection.isolation_level = None
    for pragma in (f"busy_timeout={WAITS_FOR}000", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    _write_ahead(connection)


def _write_ahead(connection: Any) -> None:
    """Switch a new file to write-ahead logging. While two do so at once (the web and the worker at their first start)
    SQLite refuses one of them without waiting, whatever the timeout.
    """
    until = time.monotonic() + WAITS_FOR
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(random.uniform(0.0, SWITCHES_AGAIN_WITHIN))  # noqa: S311 - apart, or the two meet again


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another writes in between; taking the
    # write lock at the start makes it wait instead.
    reads = connection.get_execution_options().get("only_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgres(url: str) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=8,
        pool_timeout=WAITS_FOR,
        connect_args={"options": POSTGRES_OPTIONS, "connect_timeout": 5, **KEEPALIVES},
    )


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (sa.OperationalError, sa.InterfaceError, sa.TimeoutError) as error:
        if "no such table" in str(error) or "no such column" in str(error):
            raise
        raise DatabaseAway(f"The database does not answer ({_kind(error)}). Check DATABASE_URL; try again.") from error
    except sa.DBAPIError as error:
        if "file is not a database" in str(error):
            raise DatabaseUnready("DATABASE_URL names a file that is no SQLite database. Name another.") from error
        if not error.connection_invalidated:
            raise
        raise DatabaseAway("The connection to the database was lost. Try again.") from error


def _kind(error: Exception) -> str:
    return type(getattr(error, "orig", None) or error).__name__


def _passes(cause: BaseException | None) -> bool:
    origin = getattr(cause, "orig", None)
    return getattr(origin, "sqlstate", None) in PASSING_STATES or "locked" in str(origin)
