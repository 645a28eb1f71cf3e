"""One housekeeping leader at a time: an advisory lock that PostgreSQL takes back when its holder dies or falls silent.

On SQLite there is one process, and it leads. What a leader does is not known here.
"""

import threading
from datetime import timedelta

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.records.database import Database

# Any constant will do: it only has to be the same in every worker.
LEADER_LOCK = 727_002
# A leader asks every two seconds. One whose host vanished or that is frozen says nothing at all, and its connection
# would stand for hours. Shorter than a lease, so that a dead leader's own claims are back within 30 s too.
SILENT_FOR = timedelta(seconds=15)


class Leadership:
    """One worker's claim to lead, for as long as it lives."""

    def __init__(self, database: Database):
        self._database = database
        self._connection: Connection | None = None
        self._one_at_a_time = threading.Lock()
        self._resigned = False

    def holds(self) -> bool:
        """Whether this worker leads now; takes the lead where nobody has it. Never raises."""
        if self._database.is_sqlite:
            return True
        with self._one_at_a_time:
            if self._resigned:
                return False
            try:
                return self._still() if self._connection else self._try()
            except SQLAlchemyError:
                self._let_go()
                return False

    def keeps(self) -> bool:
        """Whether this worker, which led, leads still; it does not take the lead anew. Never raises.

        A leader that was frozen must ask before it does anything: another may lead by now.
        """
        if self._database.is_sqlite:
            return True
        with self._one_at_a_time:
            try:
                return self._connection is not None and self._still()
            except SQLAlchemyError:
                self._let_go()
                return False

    def resign(self) -> None:
        """Let another worker lead, and never lead again."""
        with self._one_at_a_time:
            self._resigned = True
            self._let_go()

    def _try(self) -> bool:
        self._connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if self._connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LEADER_LOCK}).scalar():
            # PostgreSQL before 14 does not know the setting; there the keepalives of the connection have to do.
            end_silence = "SELECT set_config(name, :after, false) FROM pg_settings WHERE name = 'idle_session_timeout'"
            self._connection.execute(text(end_silence), {"after": f"{SILENT_FOR / timedelta(milliseconds=1):.0f}ms"})
            return True
        self._let_go()
        return False

    def _still(self) -> bool:
        # The lock lives as long as the connection: one that answers still holds it.
        assert self._connection is not None  # noqa: S101 - for the type checker
        self._connection.execute(text("SELECT 1"))
        return True

    def _let_go(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.invalidate()  # closes it for real: back in the pool it would keep the lock
            connection.close()
