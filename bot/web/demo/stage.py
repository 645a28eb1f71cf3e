"""One run of the demo behind the page: the real app, its worker and its database, and the stand-in for the carrier.

It starts and ends them and passes on what the visitor does; it decides nothing and shows nothing.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from starlette.types import ASGIApp

from bot import clock, scheduler
from bot.records.migrations import migrate
from bot.sms.standin import Pace, StandIn, running
from bot.web.app import create_app
from bot.web.demo.house import CLINIC_NUMBER, OPENS_AT, demo_settings
from bot.wiring import Parts, wire, worker_of

PACE = Pace(queued_after=0.005, sent_after=0.02, delivered_after=0.04)


class Worker:
    """The real worker in the background, which can rest while the clock is moved."""

    def __init__(self, parts: scheduler.Parts):
        self.parts = parts
        self.moving = asyncio.Lock()
        self._stop = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._retired = False

    def begin(self) -> None:
        """Send what falls due from here on."""
        if self._retired:
            return
        self._stop = asyncio.Event()
        self._work = asyncio.create_task(scheduler.run_worker(self.parts, self._stop))

    async def end(self) -> None:
        """Finish what is in flight, then rest."""
        if self._work is not None:
            self._stop.set()
            await self._work
            self._work = None

    async def retire(self) -> None:
        """Rest for good, once the clock stands."""
        async with self.moving:
            self._retired = True
            await self.end()


@dataclass
class Stage:
    """Everything that runs while one demo is played."""

    parts: Parts
    app: ASGIApp
    standin: StandIn
    worker: Worker

    async def text(self, number: str, body: str) -> int | None:
        """Text the clinic from this number; the HTTP status with which the bot answered, None where it did not."""
        return (await self.standin.text(number, body)).http_status

    async def call_api(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """(status, JSON) of a call to our own API, over HTTP and with the key, as a clinic's system makes it."""
        settings = self.parts.settings
        headers = {"Authorization": f"Bearer {settings.api_key}"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.request(method, settings.public_base_url + path, json=body) as answer,
        ):
            return answer.status, await answer.json()

    @asynccontextmanager
    async def at_rest(self) -> AsyncIterator[None]:
        """While the block lasts the worker sends nothing by itself; one block at a time."""
        async with self.worker.moving:
            await self.worker.end()
            try:
                yield
            finally:
                self.worker.begin()


@asynccontextmanager
async def house(base_url: str) -> AsyncIterator[Parts]:
    """The parts that outlast a "start over": settings, words and a folder for the database; all gone afterwards."""
    with TemporaryDirectory(prefix="needling-demo-") as folder:
        settings = demo_settings(folder=Path(folder), base_url=base_url, carrier=f"http://127.0.0.1:{_free_port()}")
        parts = await asyncio.to_thread(wire, settings)
        try:
            yield parts
        finally:
            parts.database.close()
            clock.reset()


@asynccontextmanager
async def staged(parts: Parts) -> AsyncIterator[Stage]:
    """A fresh clinic on the demo's first morning: nobody booked, nothing sent."""
    clock.shift_to(OPENS_AT)
    await asyncio.to_thread(_empty_database, parts)
    standin, gateway = _standin(parts), parts.open_gateway()
    async with running(standin, urlsplit(parts.settings.twilio_api_base).port or 0):
        worker = Worker(worker_of(parts, gateway))
        worker.begin()
        try:
            yield Stage(parts, create_app(parts), standin, worker)
        finally:
            await worker.retire()
            await standin.settled()
            await gateway.aclose()


def _empty_database(parts: Parts) -> None:
    parts.database.close()
    file = Path(parts.settings.database_url.removeprefix("sqlite:///"))
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()
    migrate(parts.settings.database_url)


def _standin(parts: Parts) -> StandIn:
    return StandIn(
        parts.settings.twilio_account_sid,
        parts.settings.twilio_auth_token,
        number=CLINIC_NUMBER,
        now=clock.now,
        seed=None,
        webhook_url=f"{parts.settings.public_base_url}/twilio/inbound#rc=3&rp=all",
        pace=PACE,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
