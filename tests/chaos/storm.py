"""What happens to a running scene: texts, moves, kills, outages; then calm, until everything is settled.

It notes figures and judges nothing.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import httpx
from sqlalchemy import text
from sqlmodel import col, func, select

from bot.errors import DatabaseAway
from bot.outbox.model import State
from bot.records.database import Database
from bot.records.tables import Inbound, Message
from tests.chaos.checker import WAITING
from tests.chaos.scene import API_KEY, Scene, until_it_answers
from tests.chaos.town import Call, Text, Town

CALM_FOR = 120.0  # seconds after the last fault within which everything has to be settled
POSTGRES_DOWN_FOR = 3.0
DRAINED_WITHIN = 900.0
AT_ONCE = 40


@dataclass
class Weather:
    """The figures of a storm, in seconds and numbers."""

    kills: int = 0
    database_stops: int = 0
    web_outages: int = 0
    fallen: int = 0
    stormed_for: float = 0.0
    settled_after: float | None = None
    ended_cleanly: bool = True
    counts: Counter[str] = field(default_factory=Counter)


class Storm:
    """One storm over one scene. `now` gives the run's time in UTC."""

    def __init__(
        self, scene: Scene, town: Town, database: Database, *, kill_every: float, now: Callable[[], datetime],
        calm_for: float = CALM_FOR,
    ):  # fmt: skip
        self._scene, self._town, self._database, self._now = scene, town, database, now
        self._kill_every, self._calm_for = kill_every, calm_for
        self._chance = random.Random(scene.seed + 2)
        self._weather = Weather()
        self._over = asyncio.Event()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._web_is_up = asyncio.Event()
        self._webs_start = True

    async def blow(self) -> Weather:
        """The storm from beginning to end, and the calm after it."""
        # A connection kept open may be closed by the other side just as we use it, and a text must not be repeated.
        limits = httpx.Limits(max_connections=AT_ONCE * 2, max_keepalive_connections=0)
        async with httpx.AsyncClient(timeout=60, limits=limits) as client:
            self._client = client
            await until_it_answers(client, f"{self._scene.standin_url}/standin/alerts")
            await until_it_answers(client, f"{self._scene.web_url}/healthz")
            self._web_is_up.set()
            self._began = time.monotonic()
            async with asyncio.TaskGroup() as background:
                for each in (self._kill(), self._stop_database(), self._fell_webs(), self._raise_the_fallen()):
                    background.create_task(each)
                await self._happen()
            await self._client.post(f"{self._scene.standin_url}/standin/faults", json={})
            self._weather.stormed_for = round(time.monotonic() - self._began, 1)
            await self._calm()
        return self._weather

    async def _happen(self) -> None:
        """Everything of the town's script, and then until the bulk has left."""
        async with asyncio.TaskGroup() as script:
            for said in self._town.texts:
                script.create_task(self._text(said))
            for call in self._town.calls:
                script.create_task(self._call(call))
        self._note("the script is over")
        await self._until(self._drained, DRAINED_WITHIN)
        self._note("the bulk has left")
        self._over.set()

    async def _calm(self) -> None:
        calm_since = time.monotonic()
        self._note("calm")
        if await self._until(self._settled, self._calm_for):
            self._weather.settled_after = round(time.monotonic() - calm_since, 1)
        await self._client.post(f"{self._scene.standin_url}/standin/settled")
        self._note("settled")
        statuses = await asyncio.to_thread(lambda: [*self._scene.workers.end(), *self._scene.webs.end()])
        self._weather.ended_cleanly = set(statuses) == {0}

    async def _kill(self) -> None:
        crew = self._scene.workers if self._scene.workers.number else self._scene.webs
        while not await self._pause(self._kill_every):
            if crew is self._scene.webs:
                await self._web_is_up.wait()
            crew.kill(self._chance.randrange(len(crew.alive)))
            crew.start_all()
            self._weather.kills += 1

    async def _raise_the_fallen(self) -> None:
        while not await self._pause(0.3):
            self._scene.workers.raise_the_fallen()
            self._weather.fallen = self._scene.workers.fell + self._scene.webs.fell
            if self._web_is_up.is_set() or self._webs_start:
                self._scene.webs.raise_the_fallen()

    async def _stop_database(self) -> None:
        postgres = self._scene.postgres
        if postgres is None:
            return
        for share, mode in ((0.35, "fast"), (0.7, "immediate")):
            await asyncio.sleep(max(0.0, self._began + share * self._town.lasts_for - time.monotonic()))
            self._note(f"PostgreSQL stops ({mode})")
            await asyncio.to_thread(postgres.stop, mode)
            await asyncio.sleep(POSTGRES_DOWN_FOR)
            await asyncio.to_thread(postgres.start)
            self._note("PostgreSQL is back")
            self._weather.database_stops += 1

    async def _fell_webs(self) -> None:
        for at in self._town.web_down_at:
            await asyncio.sleep(max(0.0, self._began + at - time.monotonic()))
            self._web_is_up.clear()
            self._webs_start = False
            self._note("the web goes down")
            self._scene.webs.kill_all()
            await asyncio.sleep(self._town.web_down_for)
            self._webs_start = True
            self._note("the web starts")
            await until_it_answers(self._client, f"{self._scene.web_url}/healthz")
            self._web_is_up.set()
            self._note("the web is back")
            self._weather.web_outages += 1

    async def _text(self, said: Text) -> None:
        await asyncio.sleep(max(0.0, self._began + said.after - time.monotonic()))
        body = {"from": said.phone, "body": said.body}
        async with self._gate:
            answer = (await self._client.post(f"{self._scene.standin_url}/standin/text", json=body)).json()
        self._weather.counts[f"text {answer['http_status']}"] += 1
        if said.repeated and answer["http_status"] == 200:
            again = {"sid": answer["sid"]}
            async with self._gate:
                await self._client.post(f"{self._scene.standin_url}/standin/redeliver", json=again)

    async def _call(self, call: Call) -> None:
        await asyncio.sleep(max(0.0, self._began + call.after - time.monotonic()))
        await asyncio.gather(*(self._patch(call) for _ in range(2 if call.twice else 1)))

    async def _patch(self, call: Call) -> None:
        """Until it is taken, as a clinic's calendar would."""
        url = f"{self._scene.web_url}/api/appointments/{call.appointment}"
        headers = {"Authorization": f"Bearer {API_KEY}"}
        while True:
            try:
                async with self._gate:
                    answer = await self._client.patch(url, json=call.changes, headers=headers)
                if answer.status_code == 200:
                    return
                if answer.status_code < 500:
                    raise AssertionError(f"{call}: {answer.status_code} {answer.text[:300]}")
                self._weather.counts[f"call {answer.status_code}"] += 1
            except httpx.TransportError:
                self._weather.counts["call not answered"] += 1
            await asyncio.sleep(0.5)

    def _note(self, what: str) -> None:
        with (self._scene.folder / "storm.log").open("a", encoding="utf-8") as log:
            log.write(f"{time.monotonic() - self._began:7.1f} s  {what}\n")

    async def _pause(self, seconds: float) -> bool:
        """Wait; True where the storm ended meanwhile."""
        try:
            await asyncio.wait_for(self._over.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _until(self, met: Callable[[], bool], within: float) -> bool:
        give_up_at = time.monotonic() + within
        while time.monotonic() < give_up_at:
            try:
                if await asyncio.to_thread(met):
                    return True
            except DatabaseAway:
                pass
            await asyncio.sleep(1)
        return False

    def _drained(self) -> bool:
        """Whether the bulk has left: what is still in doubt is settled in the calm."""
        return self._count([State.SCHEDULED], self._now()) == 0

    def _settled(self) -> bool:
        with self._database.session() as session:
            handled = select(func.count()).where(col(Inbound.handled_at).is_not(None))
            answered = session.exec(handled).one()
        return answered == len(self._town.texts) and self._count(list(WAITING), self._now()) == 0

    def _count(self, states: list[State], due_by: datetime) -> int:
        waiting = select(func.count()).where(col(Message.state).in_(states), col(Message.due_at) <= due_by)
        with self._database.session() as session:
            session.connection().execute(text("SELECT 1"))
            return session.exec(waiting).one()

