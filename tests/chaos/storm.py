"""What happens to a running scene: texts, moves, kills, outages; then calm, until everything is settled.

It notes figures and judges nothing. Nothing in it hangs on how fast the machine is but how long it lasts: a process is
killed only once it has been up, and the calm ends when all is settled.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import text
from sqlmodel import col, func, or_, select

from bot.errors import DatabaseAway
from bot.outbox.model import State
from bot.records.database import Database
from bot.records.tables import Heartbeat, Inbound, Message
from tests.chaos.aim import Aim
from tests.chaos.reading import WAITING
from tests.chaos.scene import API_KEY, Crew, Scene, until_it_answers
from tests.chaos.town import Call, Text, Town

POSTGRES_DOWN_FOR = 3.0
AT_ONCE = 40
WEB_KILLED_EVERY = 10.0
UP_WITHIN = 120.0


@dataclass(frozen=True)
class Limits:
    """How long, in seconds, the bulk may take to leave, and everything to be settled after the last fault."""

    drained_within: float = 900.0
    calm_for: float = 120.0


@dataclass
class Weather:
    """The figures of a storm, in seconds and numbers; `judged_at` is the run's time up to which it can be judged."""

    kills: int = 0
    web_kills: int = 0
    database_stops: int = 0
    web_outages: int = 0
    fallen: int = 0
    up_after: float = 0.0
    machine_lag: float = 0.0
    stormed_for: float = 0.0
    settled_after: float | None = None
    ended_cleanly: bool = True
    judged_at: datetime | None = None
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


class Storm:
    """One storm over one scene. `now` gives the run's time in UTC."""

    def __init__(
        self, scene: Scene, town: Town, database: Database, *, kill_every: float, now: Callable[[], datetime],
        limits: Limits, aim: Aim,
    ):  # fmt: skip
        self._scene, self._town, self._database, self._now = scene, town, database, now
        self._kill_every, self._limits, self._aim = kill_every, limits, aim
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
            await self._all_up()
            self._began = time.monotonic()
            async with asyncio.TaskGroup() as background:
                for each in (self._kill, self._kill_webs, self._stop_database, self._fell_webs):
                    background.create_task(each())
                for each in (self._raise_the_fallen, self._measure_the_machine):
                    background.create_task(each())
                await self._happen()
            await self._client.post(f"{self._scene.standin_url}/standin/faults", json={})
            self._weather.stormed_for = round(time.monotonic() - self._began, 1)
            await self._calm()
        return self._weather

    async def _all_up(self) -> None:
        """Every process has come up, which tells how long that takes here."""
        starting = self._began = time.monotonic()
        await until_it_answers(self._client, f"{self._scene.standin_url}/standin/alerts")
        await until_it_answers(self._client, f"{self._scene.web_url}/healthz")
        await self._until(self._workers_beat, UP_WITHIN, every=0.1)
        self._weather.up_after = round(time.monotonic() - starting, 1)
        self._web_is_up.set()

    def _workers_beat(self) -> bool:
        with self._database.session() as session:
            return session.exec(select(func.count()).select_from(Heartbeat)).one() >= (self._scene.workers.number or 1)

    async def _happen(self) -> None:
        """Everything of the town's script, and then until the bulk has left."""
        async with asyncio.TaskGroup() as script:
            for said in self._town.texts:
                script.create_task(self._text(said))
            for call in self._town.calls:
                script.create_task(self._call(call))
        self._note("the script is over")
        await self._until(self._drained, self._limits.drained_within)
        self._note("the bulk has left")
        self._over.set()

    async def _calm(self) -> None:
        calm_since = time.monotonic()
        self._note("calm")
        if await self._until(self._settled, self._limits.calm_for):
            self._weather.settled_after = round(time.monotonic() - calm_since, 1)
        else:
            self._weather.judged_at = self._now() - timedelta(seconds=5)
        await self._client.post(f"{self._scene.standin_url}/standin/settled")
        self._note("settled")
        statuses = await asyncio.to_thread(lambda: [*self._scene.workers.end(), *self._scene.webs.end()])
        self._weather.ended_cleanly = set(statuses) == {0}

    async def _kill(self) -> None:
        crew = self._scene.workers if self._scene.workers.number else self._scene.webs
        while not await self._pause(self._kill_every):
            if crew is self._scene.webs:
                await self._web_is_up.wait()
            victim = await asyncio.to_thread(self._aim.at_one, crew, up_after=self._weather.up_after)
            self._weather.kills += _kill_and_start(crew, victim)

    async def _kill_webs(self) -> None:
        """Single ones, while the others go on."""
        webs = self._scene.webs
        while webs.number > 1 and not await self._pause(WEB_KILLED_EVERY):
            if self._web_is_up.is_set():
                victim = self._aim.at_any(webs, up_after=self._weather.up_after)
                self._weather.web_kills += _kill_and_start(webs, victim)

    async def _raise_the_fallen(self) -> None:
        while not await self._pause(0.3):
            self._scene.workers.raise_the_fallen()
            self._weather.fallen = self._scene.workers.fell + self._scene.webs.fell
            if self._web_is_up.is_set() or self._webs_start:
                self._scene.webs.raise_the_fallen()

    async def _measure_the_machine(self) -> None:
        """The longest that the stand-in takes to answer what asks it to do nothing."""
        while not await self._pause(0.5):
            asked = time.monotonic()
            await self._client.get(f"{self._scene.standin_url}/nothing-here")
            self._weather.machine_lag = max(self._weather.machine_lag, round(time.monotonic() - asked, 1))

    async def _stop_database(self) -> None:
        postgres = self._scene.postgres
        if postgres is None:
            return
        for share, mode in ((0.35, "fast"), (0.7, "immediate")):
            await asyncio.sleep(max(0.0, self._began + share * self._town.lasts_for - time.monotonic()))
            began_at = self._now()
            self._note(f"PostgreSQL stops ({mode})")
            await asyncio.to_thread(postgres.stop, mode)
            await asyncio.sleep(POSTGRES_DOWN_FOR)
            await asyncio.to_thread(postgres.start)
            self._note("PostgreSQL is back")
            self._weather.database_stops += 1
            self._weather.outages.append((began_at, self._now()))

    async def _fell_webs(self) -> None:
        for at in self._town.web_down_at:
            await asyncio.sleep(max(0.0, self._began + at - time.monotonic()))
            began_at = self._now()
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
            if not self._scene.workers.number:
                self._weather.outages.append((began_at, self._now()))

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
        await asyncio.gather(*(self._ask(call) for _ in range(2 if call.twice else 1)))

    async def _ask(self, call: Call) -> None:
        """Until it is taken, as a clinic's calendar would."""
        url = f"{self._scene.web_url}/api/appointments"
        request: dict[str, Any] = {"headers": {"Authorization": f"Bearer {API_KEY}"}}
        if call.booking is not None:
            request |= {"method": "POST", "url": url, "json": call.booking}
        else:
            request |= {"method": "PATCH", "url": f"{url}/{call.appointment}", "json": call.changes}
        while True:
            try:
                async with self._gate:
                    answer = await self._client.request(**request)
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

    async def _until(self, met: Callable[[], bool], within: float, *, every: float = 1.0) -> bool:
        give_up_at = time.monotonic() + within
        while time.monotonic() < give_up_at:
            try:
                if await asyncio.to_thread(met):
                    return True
            except DatabaseAway:
                pass
            await asyncio.sleep(every)
        return False

    def _drained(self) -> bool:
        """Whether the bulk has left: what is still in doubt is settled in the calm."""
        return self._count([State.SCHEDULED], self._now()) == 0

    def _settled(self) -> bool:
        now = self._now()
        with self._database.session() as session:
            handled = select(func.count()).where(col(Inbound.handled_at).is_not(None))
            answered = session.exec(handled).one()
        if answered < len(self._town.texts) or self._count(list(WAITING), now):
            return False
        self._weather.judged_at = now
        return True

    def _count(self, states: list[State], now: datetime) -> int:
        """What is due by now, and what was and has been put off to be tried again."""
        was_due = or_(col(Message.due_at) <= now, col(Message.rule) == "tried-again")
        waiting = select(func.count()).where(col(Message.state).in_(states), was_due)
        with self._database.session() as session:
            session.connection().execute(text("SELECT 1"))
            return session.exec(waiting).one()


def _kill_and_start(crew: Crew, victim: int | None) -> int:
    """How many were killed: one, or none where nobody was to be."""
    if victim is None:
        return 0
    crew.kill(victim)
    crew.start_all()
    return 1
