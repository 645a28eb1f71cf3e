"""`bot work`: a worker of its own, beside any number of others on one PostgreSQL."""

import asyncio
import signal

import structlog

from bot.commands.starting import start
from bot.errors import SettingsError
from bot.scheduler import run_worker
from bot.settings import read_settings
from bot.wiring import Parts, worker_of

ONE_PROCESS = "DATABASE_URL: on SQLite one process does everything. Run `python -m bot serve` alone, or use PostgreSQL."

log = structlog.get_logger(__name__)


def work() -> None:
    """Send what is due until SIGTERM or SIGINT; then finish what is in flight and give back the rest."""
    if read_settings().is_sqlite:
        raise SettingsError([ONE_PROCESS])
    parts = start()
    try:
        asyncio.run(_until_told(parts))
    finally:
        parts.database.close()


async def watch_worker(parts: Parts, stop: asyncio.Event) -> None:
    """Run a worker until `stop` is set; close its connections to Twilio whatever ends it."""
    gateway = parts.open_gateway()
    try:
        await run_worker(worker_of(parts, gateway), stop)
    finally:
        await gateway.aclose()


async def _until_told(parts: Parts) -> None:
    stop = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, stop.set)
    log.info("working")
    await watch_worker(parts, stop)
