"""What a worker does besides sending: its heartbeat always, and while it leads leases, look-ups and other chores.

It sends nothing itself, and what it knows it reads from the database each time.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import clock
from bot.errors import DatabaseAway
from bot.outbox.claims import release_expired
from bot.outbox.dispatch import Dispatcher
from bot.outbox.follow_up import follow_up
from bot.outbox.lost import TellStaff, open_task
from bot.outbox.overdue import watch_overdue
from bot.outbox.reconcile import BATCH, reconcile
from bot.records.database import Database
from bot.records.leadership import Leadership
from bot.records.pulse import Pulse
from bot.sms.gateway import Gateway

log = structlog.get_logger(__name__)

BACK_AFTER = 3.0  # seconds
CHORES_END_WITHIN = 2.0
BEAT_EVERY = timedelta(seconds=5)
TIDY_EVERY = timedelta(seconds=2)
FOLLOW_UP_EVERY = timedelta(seconds=30)


@dataclass(frozen=True)
class Chore:
    """Housekeeping that one worker at a time does, the leader; `run` may raise DatabaseAway.

    What is done `before_look_ups` bears on what a text in doubt would have said.
    """

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]
    before_look_ups: bool = False


@dataclass(frozen=True)
class Parts:
    """What a worker is made of. `chores` come on top of its own: leases, look-ups and heartbeats."""

    database: Database
    gateway: Gateway
    dispatcher: Dispatcher
    worker: str
    now: Callable[[], datetime]
    chores: Sequence[Chore] = field(default=())
    tell_staff: TellStaff = open_task


class Housekeeping:
    """What a worker does besides sending: its heartbeat always, the rest only while it leads."""

    def __init__(self, parts: Parts):
        self._parts = parts
        self.pulse = Pulse(parts.database, parts.worker, parts.now)
        self._leadership = Leadership(parts.database)
        self._leads = False
        self._caught_up = False
        self._running: dict[str, asyncio.Task[None]] = {}
        self._away = Outage()

    def arrange(self, alarm_clock: AsyncIOScheduler) -> None:
        """Put every chore on the alarm clock."""
        self._every(alarm_clock, Chore("heartbeat", BEAT_EVERY, self.beat), always=True)
        self._every(alarm_clock, Chore("leadership", TIDY_EVERY, self.lead), always=True)
        for chore in self._chores():
            self._every(alarm_clock, chore, always=False)

    async def once(self) -> None:
        """Do every chore once, now."""
        await self.beat()
        for chore in self._chores():
            await chore.run()

    async def beat(self) -> None:
        """Say that this worker is alive."""
        await asyncio.to_thread(self.pulse.beat)

    async def lead(self) -> None:
        """Find out whether this worker leads; whoever takes the lead does every chore at once.

        Otherwise a daily chore would wait for a worker that leads for a day, and hosts restart theirs daily.
        """
        led, self._leads = self._leads, await asyncio.to_thread(self._leadership.holds)
        if self._leads and not led:
            self._caught_up = False
            for chore in self._chores():
                self._start(chore)

    async def stop(self) -> None:
        """Let the chores that are running end, and another worker lead."""
        if self._running:
            _, late = await asyncio.wait(self._running.values(), timeout=CHORES_END_WITHIN)
            for task in late:
                task.cancel()
        self._leads = False
        await asyncio.to_thread(self._leadership.resign)

    def _chores(self) -> list[Chore]:
        return [
            Chore("leases", TIDY_EVERY, self._release),
            Chore("look-ups", TIDY_EVERY, self._reconcile),
            Chore("follow-ups", FOLLOW_UP_EVERY, self._follow_up),
            Chore("overdue", FOLLOW_UP_EVERY, self._watch_overdue),
            *self._parts.chores,
        ]

    async def _release(self) -> None:
        parts = self._parts
        released = await asyncio.to_thread(
            parts.database.write, lambda s: release_expired(s, now=parts.now()), safe_to_repeat=True
        )
        if released:
            log.warning("claims of a worker that died were given back", messages=released)

    async def _reconcile(self) -> None:
        await self._catch_up()
        parts, settled = self._parts, BATCH
        render = parts.dispatcher.house.render
        while settled == BATCH:
            settled = await reconcile(
                parts.database, parts.gateway, now=parts.now, tell_staff=parts.tell_staff, render=render
            )

    async def _catch_up(self) -> None:
        """Do once what bears on the look-ups: a text is known by its words, and DONE or a move changes those.

        It is tried once for each time this worker takes the lead: where it fails the look-ups must go on all the same.
        """
        if not self._caught_up:
            self._caught_up = True
            for chore in self._parts.chores:
                if chore.before_look_ups:
                    await self._start(chore)

    async def _follow_up(self) -> None:
        parts = self._parts
        await follow_up(parts.database, parts.gateway, now=parts.now, tell_staff=parts.tell_staff)

    async def _watch_overdue(self) -> None:
        parts = self._parts
        overdue = await asyncio.to_thread(
            parts.database.write, lambda s: watch_overdue(s, now=parts.now()), safe_to_repeat=True
        )
        if overdue:
            log.error("messages are an hour overdue", messages=overdue)

    def _every(self, alarm_clock: AsyncIOScheduler, chore: Chore, *, always: bool) -> None:
        async def run() -> None:
            # The job itself ends at once: APScheduler would cancel it in the middle when it is shut down.
            if always or await self._leads_still():
                self._start(chore)

        soon = clock.now() - clock.shifted_for()
        alarm_clock.add_job(run, "interval", seconds=chore.every.total_seconds(), id=chore.name, next_run_time=soon)

    async def _leads_still(self) -> bool:
        # Asked each time: a process that was frozen believes what was true when it froze.
        self._leads = self._leads and await asyncio.to_thread(self._leadership.keeps)
        return self._leads

    def _start(self, chore: Chore) -> asyncio.Task[None]:
        if chore.name not in self._running:
            task = self._running[chore.name] = asyncio.create_task(self._guarded(chore))
            task.add_done_callback(lambda _: self._running.pop(chore.name))
        return self._running[chore.name]

    async def _guarded(self, chore: Chore) -> None:
        try:
            await chore.run()
            self._away.over()
        except DatabaseAway as away:
            self._away.met(away)
        except Exception:
            log.exception("a chore failed; it is tried again next time", chore=chore.name)


class Outage:
    """Says once, loudly, that the database is away, and once that it is back.

    A database that stops or starts answers some and refuses others for a moment: it is back when nobody was refused
    for BACK_AFTER seconds.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._last_met: float | None = None

    def met(self, away: DatabaseAway) -> None:
        """The database did not answer."""
        if self._last_met is None:
            log.error("the database is away; waiting for it", why=str(away))
        self._last_met = self._seconds()

    def over(self) -> None:
        """It answered."""
        if self._last_met is not None and self._seconds() - self._last_met >= BACK_AFTER:
            log.warning("the database is back")
            self._last_met = None
