"""The alarm clock of a worker: APScheduler wakes the dispatcher at the next due moment and runs the housekeeping.

It keeps no data of its own: the database is the truth, so a restart loses nothing and a missed wake-up is caught up.
"""

import asyncio
import logging
from datetime import UTC, datetime

import structlog
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import clock
from bot.errors import DatabaseAway
from bot.housekeeping import Chore, Housekeeping, Outage, Parts
from bot.outbox.waker import Waker
from bot.records.pulse import Pulse

__all__ = ["Chore", "Parts", "drain", "run_worker"]

log = structlog.get_logger(__name__)

LOOK_AT_LEAST_EVERY = 1.0  # seconds: SQLite has no NOTIFY between processes, and a pause ends by itself
DATABASE_ASKED_AGAIN_AFTER = 1.0
FINISH_WITHIN = 7.0  # of the ten seconds that hosts give after SIGTERM


async def run_worker(parts: Parts, stop: asyncio.Event) -> None:
    """Send what is due, when it is due, until `stop` is set; then finish what is in flight and give back the rest."""
    async with Waker(parts.database) as waker:
        housekeeping = Housekeeping(parts)
        alarm_clock = _alarm_clock()
        stopping = asyncio.create_task(_wake_when_stopped(stop, waker))
        housekeeping.arrange(alarm_clock)
        alarm_clock.start()
        try:
            await _send_until(stop, parts, waker, alarm_clock, housekeeping.pulse)
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


async def _send_until(
    stop: asyncio.Event, parts: Parts, waker: Waker, alarm_clock: AsyncIOScheduler, pulse: Pulse
) -> None:
    outage = Outage()
    while not stop.is_set():
        try:
            if not pulse.is_steady():
                await asyncio.to_thread(pulse.beat)
            worked = await parts.dispatcher.step()
            outage.over()
        except DatabaseAway as away:
            outage.met(away)
            pulse.unsettle()
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
