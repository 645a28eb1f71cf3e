"""The alarm clock of a worker: APScheduler wakes the dispatcher at the next due moment and runs the housekeeping.

It keeps no data of its own: the database is the truth, so a restart loses nothing and a missed wake-up is caught up.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import clock
from bot.errors import DatabaseAway
from bot.outbox.claims import release_expired
from bot.outbox.dispatch import Dispatcher
from bot.outbox.follow_up import follow_up
from bot.outbox.lost import TellStaff, open_task
from bot.outbox.overdue import watch_overdue
from bot.outbox.reconcile import reconcile
from bot.outbox.waker import Waker
from bot.records.database import Database
from bot.records.heartbeats import beat
from bot.records.leadership import Leadership
from bot.sms.gateway import Gateway

log = structlog.get_logger(__name__)

LOOK_AT_LEAST_EVERY = 1.0  # seconds: SQLite has no NOTIFY between processes, and a pause ends by itself
DATABASE_ASKED_AGAIN_AFTER = 1.0
BACK_AFTER = 3.0  # seconds
FINISH_WITHIN = 7.0  # of the ten seconds that hosts give after SIGTERM
CHORES_END_WITHIN = 2.0
BEAT_EVERY = timedelta(seconds=5)
TIDY_EVERY = timedelta(seconds=2)
FOLLOW_UP_EVERY = timedelta(seconds=30)


@dataclass(frozen=True)
class Chore:
    """Housekeeping that one worker at a time does, the leader; `run` may raise DatabaseAway."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


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


async def run_worker(parts: Parts, stop: asyncio.Event) -> None:
    """Send what is due, when it is due, until `stop` is set; then finish what is in flight and give back the rest."""
    async with Waker(parts.database) as waker:
        housekeeping = Housekeeping(parts)
        alarm_clock = _alarm_clock()
        stopping = asyncio.create_task(_wake_when_stopped(stop, waker))
        housekeeping.arrange(alarm_clock)
        alarm_clock.start()
        try:
            await _send_until(stop, parts, waker, alarm_clock)
        finally:
            stopping.cancel()
            alarm_clock.shutdown(wait=False)
            await _wind_up(parts, housekeeping)


async def drain(parts: Parts, *, chores: bool = False) -> None:
    """Run steps until nothing is due and nothing in flight; with `chores` do the housekeeping once as well.

    For rehearsals with a clock that is moved: APScheduler knows only the real time.
    """
    await _send_all(parts)
    if chores:
        await Housekeeping(parts).once()
        await _send_all(parts)


class Housekeeping:
    """What a worker does besides sending: its heartbeat always, the rest only while it leads."""

    def __init__(self, parts: Parts):
        self._parts = parts
        self._started_at = parts.now()
        self._leadership = Leadership(parts.database)
        self._leads = False
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
        parts, at = self._parts, self._started_at
        await asyncio.to_thread(
            parts.database.write, lambda s: beat(s, parts.worker, started_at=at, now=parts.now()), safe_to_repeat=True
        )

    async def lead(self) -> None:
        """Find out whether this worker leads; whoever takes the lead does every chore at once.

        Otherwise a daily chore would wait for a worker that leads for a day, and hosts restart theirs daily.
        """
        led, self._leads = self._leads, await asyncio.to_thread(self._leadership.holds)
        if self._leads and not led:
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
        parts = self._parts
        render = parts.dispatcher.house.render
        await reconcile(parts.database, parts.gateway, now=parts.now, tell_staff=parts.tell_staff, render=render)

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
            if always or self._leads:
                self._start(chore)

        soon = clock.now() - clock.shifted_for()
        alarm_clock.add_job(run, "interval", seconds=chore.every.total_seconds(), id=chore.name, next_run_time=soon)

    def _start(self, chore: Chore) -> None:
        if chore.name not in self._running:
            task = self._running[chore.name] = asyncio.create_task(self._guarded(chore))
            task.add_done_callback(lambda _: self._running.pop(chore.name))

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


def _alarm_clock() -> AsyncIOScheduler:
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it tells of every run at INFO
    # What a chore raises is logged where it is run; a chore that is cut off when the worker stops is no error.
    logging.getLogger("apscheduler.executors.default").setLevel(logging.CRITICAL)
    # A wake-up that comes late is still wanted, once: the default would drop what is a second late.
    defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    return AsyncIOScheduler(jobstores={"default": MemoryJobStore()}, job_defaults=defaults, timezone=UTC)


async def _wake_when_stopped(stop: asyncio.Event, waker: Waker) -> None:
    await stop.wait()
    waker.wake()


async def _send_until(stop: asyncio.Event, parts: Parts, waker: Waker, alarm_clock: AsyncIOScheduler) -> None:
    outage = Outage()
    while not stop.is_set():
        try:
            worked = await parts.dispatcher.step()
            outage.over()
        except DatabaseAway as away:
            outage.met(away)
            await waker.wait(DATABASE_ASKED_AGAIN_AFTER)
            continue
        except Exception:
            log.exception("a step failed; the next one follows")
            worked = False
        if not worked:
            _wake_when_due(alarm_clock, waker, parts.dispatcher.next_due_at)
            await waker.wait(LOOK_AT_LEAST_EVERY)


def _wake_when_due(alarm_clock: AsyncIOScheduler, waker: Waker, due_at: datetime | None) -> None:
    async def wake() -> None:  # a plain function would run in a thread of APScheduler's
        waker.wake()

    if due_at is not None:
        real = due_at - clock.shifted_for()
        alarm_clock.add_job(wake, "date", run_date=real, id="wake", replace_existing=True)


async def _wind_up(parts: Parts, housekeeping: Housekeeping) -> None:
    finished, _ = await asyncio.gather(parts.dispatcher.finish(within=FINISH_WITHIN), housekeeping.stop())
    if not finished:
        log.warning("some calls did not end in time; their texts will be looked up")
    try:
        await parts.dispatcher.give_back()
    except DatabaseAway:
        log.warning("claims could not be given back; their leases will end")


async def _send_all(parts: Parts) -> None:
    worked = True
    while worked:
        worked = await parts.dispatcher.step()
        if not worked:
            await parts.dispatcher.finish()
            worked = await parts.dispatcher.step()
