"""Keeps MESSAGES_PER_SECOND, over all workers together: a row on PostgreSQL, memory on SQLite. Sends nothing."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from bot.records.database import Database
from bot.records.tables import Pace

NAME = "outbox"
# A pace kept to the millisecond would need one round of the database for each text; a tenth of a second's worth
# may leave together.
BURST_FOR = 0.1


def grant(free_in: float, wanted: int, *, per_second: float) -> tuple[int, float]:
    """How many may leave now and how long (seconds) until the next may, where the next slot opens in `free_in`.

    A slot that has been free for long is worth no more than a burst. Pure.
    """
    backlog = max(free_in, -_burst_lasts(per_second))
    granted = min(wanted, max(0, int(-backlog * per_second + 1e-6)))
    return granted, backlog + granted / per_second


def _burst_lasts(per_second: float) -> float:
    """What a burst is worth in seconds of the pace: a tenth of a second, or one text where that is longer."""
    return max(1.0 / per_second, BURST_FOR)


class SharedPace:
    """The pace of all workers of one PostgreSQL. Its clock is the database's, for theirs may disagree."""

    def __init__(self, database: Database, per_second: float):
        self._database, self._per_second = database, per_second
        self.gap = _burst_lasts(per_second) / 2

    def take(self, wanted: int) -> int:
        """How many of the wanted texts may leave now."""

        def body(session: Session) -> int:
            row, now = self._row(session)
            granted, free_in = grant((row.free_at - now).total_seconds(), wanted, per_second=self._per_second)
            row.free_at = now + timedelta(seconds=free_in)
            return granted

        return self._database.write(body, safe_to_repeat=True) if wanted else 0

    def give_back(self, unused: int) -> None:
        """Return what was granted and did not leave."""

        def body(session: Session) -> None:
            self._row(session)[0].free_at -= timedelta(seconds=unused / self._per_second)

        if unused:
            self._database.write(body, safe_to_repeat=True)

    def _row(self, session: Session) -> tuple[Pace, datetime]:
        locked = select(Pace).where(col(Pace.name) == NAME).with_for_update()
        found = session.exec(locked).first()
        if found is None:
            free_at = func.clock_timestamp() - timedelta(seconds=_burst_lasts(self._per_second))
            first = insert(Pace).values(name=NAME, free_at=free_at)
            session.exec(first.on_conflict_do_nothing())
            found = session.exec(locked).one()
        return found, session.exec(select(func.clock_timestamp())).one()


class OwnPace:
    """The pace of the one process that has a SQLite database to itself."""

    def __init__(self, per_second: float, seconds: Callable[[], float] = time.monotonic):
        self._per_second, self._seconds = per_second, seconds
        self.gap = _burst_lasts(per_second) / 2
        # Nothing has left just now: the first text need not wait for a slot.
        self._free_at = seconds() - _burst_lasts(per_second)

    def take(self, wanted: int) -> int:
        """How many of the wanted texts may leave now."""
        now = self._seconds()
        granted, free_in = grant(self._free_at - now, wanted, per_second=self._per_second)
        self._free_at = now + free_in
        return granted

    def give_back(self, unused: int) -> None:
        """Return what was granted and did not leave."""
        self._free_at -= unused / self._per_second


def open_pace(database: Database, per_second: float) -> SharedPace | OwnPace:
    """The pace that fits this database."""
    return OwnPace(per_second) if database.is_sqlite else SharedPace(database, per_second)
