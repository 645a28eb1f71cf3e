"""One worker's heartbeat, and whether it has been heard of without a break. It sends nothing and stops nobody."""

import threading
import time
from collections.abc import Callable
from datetime import datetime

from bot.records.database import Database
from bot.records.heartbeats import SILENT_AFTER, beat


class Pulse:
    """Beats for one worker. Safe to use from several threads."""

    def __init__(
        self,
        database: Database,
        worker: str,
        now: Callable[[], datetime],
        seconds: Callable[[], float] = time.monotonic,
    ):
        """`seconds` is the machine's clock: how long the break was must not depend on one that may be moved."""
        self._database, self._worker, self._now, self._seconds = database, worker, now, seconds
        self._started_at = now()
        self._one_at_a_time = threading.Lock()
        self._last: datetime | None = None
        self._lasts_until = 0.0
        self._steady = False

    def is_steady(self) -> bool:
        """Whether what was read since the last beat can be relied on; else beat before anything is sent."""
        return self._steady and self._seconds() < self._lasts_until

    def unsettle(self) -> None:
        """The database was away: what answers next may be a copy that lags behind."""
        self._steady = False

    def beat(self) -> None:
        """Say that this worker is alive; after a break it may end a silence. Raises DatabaseAway."""
        with self._one_at_a_time:
            began = self._seconds()
            now = self._now()
            last = self._last if began < self._lasts_until else None
            self._database.write(
                lambda s: beat(s, self._worker, started_at=self._started_at, now=now, last=last), safe_to_repeat=True
            )
            self._last, self._steady = now, True
            self._lasts_until = began + SILENT_AFTER.total_seconds()
