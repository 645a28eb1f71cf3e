"""Wakes a sleeping worker when there is something new to send: at once in this process, by NOTIFY from any other.

A wake-up may be missed without harm, for the worker also looks by itself; so this never raises.
"""

import asyncio
from collections.abc import Callable
from types import TracebackType

import psycopg
import structlog

from bot.outbox.store import CHANNEL
from bot.records.database import Database

log = structlog.get_logger(__name__)

LISTEN_AGAIN_AFTER = 1.0


class Waker:
    """What a worker waits on between two steps; use it as `async with Waker(database) as waker`."""

    def __init__(self, database: Database):
        self._database = database
        self._woken = asyncio.Event()
        self._listening = asyncio.Event()
        self._listener: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Waker":
        loop = asyncio.get_running_loop()
        self._forget = self._database.on_new_work(lambda: _call_soon(loop, self.wake))
        if not self._database.is_sqlite:
            self._listener = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._forget()
        if self._listener:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)

    def wake(self) -> None:
        """End the present wait, or the next one at once."""
        self._woken.set()

    async def wait(self, at_most: float) -> bool:
        """Sleep until woken or for `at_most` seconds; True when woken."""
        try:
            await asyncio.wait_for(self._woken.wait(), at_most)
        except TimeoutError:
            return False
        self._woken.clear()
        return True

    async def listening(self) -> None:
        """Return once PostgreSQL would tell us of new work."""
        if self._listener:
            await self._listening.wait()

    async def _listen(self) -> None:
        address = self._database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "", 1)
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._listening.set()
                    self.wake()  # whatever came while nobody listened
                    async for _ in connection.notifies():
                        self.wake()
            except (psycopg.Error, OSError):
                self._listening.clear()
            await asyncio.sleep(LISTEN_AGAIN_AFTER)


def _call_soon(loop: asyncio.AbstractEventLoop, wake: Callable[[], None]) -> None:
    # The commit that tells of new work happens in some other thread.
    if not loop.is_closed():
        loop.call_soon_threadsafe(wake)
