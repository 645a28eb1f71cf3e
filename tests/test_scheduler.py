"""A worker on the real clock: on time, woken at once, patient with a database that is away, and quick to stop."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot import clock
from bot.outbox.model import Kind
from bot.outbox.waker import Waker
from bot.records.database import Database, open_database
from bot.records.heartbeats import last_beat_at
from bot.scheduler import Chore, Parts, drain, run_worker
from bot.sms.standin import Pace, StandIn, running
from bot.sms.twilio import TwilioGateway
from tests.conftest import run_on_server
from tests.outbox.conftest import ACCOUNT, CLINIC, TOKEN
from tests.outbox.world import LEFT, Clock, World

pytestmark = pytest.mark.anyio


class RealClock(Clock):
    """The project's own clock, which runs."""

    def __call__(self) -> datetime:
        return clock.now()


@pytest.fixture
def world(own_database: Database) -> World:
    return World(own_database, clock=RealClock())


@pytest.fixture
def standin() -> StandIn:
    return StandIn(ACCOUNT, TOKEN, number=CLINIC, now=clock.now, pace=Pace(0.001, 0.002, 0.002))


@pytest.fixture
async def parts(world: World, standin: StandIn) -> AsyncIterator[Parts]:
    async with running(standin) as url:
        gateway = TwilioGateway(
            ACCOUNT, TOKEN, sender=CLINIC, messaging_service_sid=None, api_base=url, timeout_after=2.0
        )
        dispatcher = world.dispatcher(gateway)
        yield Parts(world.database, gateway, dispatcher, "w1", clock.now)
        await gateway.aclose()


@asynccontextmanager
async def working(parts: Parts) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    worker = asyncio.create_task(run_worker(parts, stop))
    try:
        yield stop
    finally:
        stop.set()
        await worker


async def until(true, within: float = 30.0) -> None:
    async with asyncio.timeout(within):
        while not true():
            await asyncio.sleep(0.005)


def notice(world: World, **more: object) -> str:
    return world.text(**{"step": "note", "kind": Kind.NOTICE, "body": "Hello."} | more)


async def test_the_alarm_clock_wakes_a_worker_when_a_text_is_due(world: World, standin, parts, monkeypatch):
    """How punctually is a figure of `make bench`; here nothing but the alarm clock can wake the worker in time."""
    monkeypatch.setattr("bot.scheduler.LOOK_AT_LEAST_EVERY", 3600)
    due_at = clock.now() + timedelta(seconds=1.3)
    notice(world, due_at=due_at)
    async with working(parts):
        await until(lambda: standin.messages)
    assert standin.messages[0].created_at >= due_at


async def test_what_fell_due_while_nobody_worked_is_caught_up_once(world: World, standin, parts):
    for hours in (1, 30, 300):
        notice(world, step=f"n{hours}", due_in=-3600 * hours)
    async with working(parts):
        await until(lambda: len(standin.messages) == 3)
    async with working(parts):
        await asyncio.sleep(0.1)
    assert len(standin.messages) == 3


async def test_a_new_row_wakes_a_sleeping_worker_of_another_process(own_postgres: Database, postgres_url: str):
    elsewhere = open_database(postgres_url)
    async with Waker(own_postgres) as waker:
        await waker.listening()
        await waker.wait(1)
        await asyncio.to_thread(notice, World(elsewhere, clock=RealClock()))
        assert await waker.wait(30)  # how soon is a figure of `make bench`
    elsewhere.close()


async def test_a_new_row_of_this_process_is_sent_at_once(world: World, standin, parts, monkeypatch):
    monkeypatch.setattr("bot.scheduler.LOOK_AT_LEAST_EVERY", 3600)
    async with working(parts):
        await asyncio.sleep(0.3)
        await asyncio.to_thread(notice, world)
        await until(lambda: standin.messages)


async def test_stopping_finishes_what_is_in_flight_and_gives_back_the_rest(world: World, standin, parts):
    standin.faults.next("create", "slow", 0.5)
    message = notice(world)
    async with asyncio.timeout(10):  # what hosts give after SIGTERM
        async with working(parts) as stop:
            await until(lambda: standin.messages)
            world.claim("w1")
            claimed = notice(world, step="claimed", due_in=3600)
            stop.set()
    assert world.state(message) == "accepted"
    assert world.state(claimed) == "scheduled"


async def test_a_worker_beats_and_leads_and_does_its_chores(world: World, parts):
    done = asyncio.Event()

    async def chore() -> None:
        done.set()

    async def broken() -> None:
        raise RuntimeError("a chore's own trouble")

    chores = (Chore("climb", timedelta(seconds=0.1), chore), Chore("broken", timedelta(seconds=0.1), broken))
    with capture_logs() as logs:
        async with working(Parts(**{**vars(parts), "chores": chores})):
            await asyncio.wait_for(done.wait(), 10)
            await until(lambda: any(entry.get("chore") == "broken" for entry in logs))
    with world.database.session() as session:
        assert clock.now() - last_beat_at(session) < timedelta(seconds=5)


async def test_a_database_that_goes_away_is_waited_for_and_told_of_once(own_postgres, postgres_server, standin):
    world = World(own_postgres, clock=RealClock())
    name = own_postgres.engine.url.database
    async with running(standin) as url:
        gateway = TwilioGateway(ACCOUNT, TOKEN, sender=CLINIC, messaging_service_sid=None, api_base=url)
        parts = Parts(own_postgres, gateway, world.dispatcher(gateway), "w1", clock.now)
        with capture_logs() as logs:
            async with working(parts):
                await until(own_postgres.answers)
                await asyncio.to_thread(_admit, postgres_server, name, False)
                await until(lambda: any("is away" in entry["event"] for entry in logs))
                await asyncio.sleep(1.5)
                await asyncio.to_thread(_admit, postgres_server, name, True)
                await until(own_postgres.answers)
                notice(world)
                await until(lambda: standin.messages)
        await gateway.aclose()
    assert sum("is away" in entry["event"] for entry in logs) <= 2  # the sender's, and the housekeeping's


async def test_on_a_clock_that_is_moved_drain_sends_all_that_has_become_due(world: World, standin, parts):
    notice(world, due_in=86_400)
    clock.shift_to(clock.now() + timedelta(days=2))
    try:
        await drain(parts, chores=True)
    finally:
        clock.reset()
    assert len(standin.messages) == 1


WORKER = """
import asyncio, signal, sys
from datetime import timedelta
from bot import clock
from bot.outbox import attempts, backoff, claims, dispatch
from bot.records.database import open_database
from bot.scheduler import Parts, run_worker
from bot.sms.twilio import TwilioGateway
from tests.outbox.conftest import ACCOUNT, CLINIC, TOKEN
from tests.test_scheduler import RealClock
from tests.outbox.world import World

async def main(database_url, api_base, name):
    world = World(open_database(database_url), clock=RealClock())
    gateway = TwilioGateway(
        ACCOUNT, TOKEN, sender=CLINIC, messaging_service_sid=None, api_base=api_base, timeout_after=1.0
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    dispatcher = world.dispatcher(gateway, worker=name, per_second=200)
    # A list that does not lag needs no minute to be complete. What is absent after five seconds must not be able to
    # leave later: a call begins within half a second, ends after one, and the rest is for a machine that is held up.
    dispatch.CALL_WITHIN = 0.5
    attempts.CRASH_LOOK_UP_AFTER = claims.LEASE = timedelta(seconds=2)
    backoff.LOOK_UPS_AFTER = (timedelta(seconds=2), timedelta(seconds=5))
    await run_worker(Parts(world.database, gateway, dispatcher, name, clock.now), stop)
    await gateway.aclose()
    world.database.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_killed_in_the_middle_of_sending_a_worker_loses_and_doubles_nothing(world: World, standin: StandIn):
    address = world.database.engine.url.render_as_string(hide_password=False)
    for n in range(200):
        notice(world, step=f"n{n}", to=f"+1415555{n:04}", body=f"Text {n}.")
    async with running(standin) as url:
        for _ in range(3):
            victim = await _worker(address, url, "victim")
            sent = len(standin.messages)
            await until(lambda sent=sent: len(standin.messages) > sent + 20, 20)
            victim.kill()
            await victim.wait()
        rescuer = await _worker(address, url, "rescuer")
        await until(lambda: len(standin.messages) >= 200 and set(world.states()) <= set(LEFT), 100)
        rescuer.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(rescuer.wait(), 10) == 0
    assert sorted(m.body for m in standin.messages) == sorted(f"Text {n}." for n in range(200))


async def _worker(database_url: str, api_base: str, name: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-c", WORKER, database_url, api_base, name)


def _admit(server: str, name: str, admitted: bool) -> None:
    run_on_server(server, f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {str(admitted).lower()}")
    if not admitted:
        hang_up = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608
        run_on_server(server, hang_up)
