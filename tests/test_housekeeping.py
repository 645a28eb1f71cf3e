"""What a worker does besides sending: only while it leads, and in the order that look-ups need."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.housekeeping import Chore, Housekeeping, Parts
from bot.records.leadership import Leadership
from tests.conftest import run_on_server
from tests.outbox.world import World

pytestmark = pytest.mark.anyio


class Alarms:
    """An alarm clock that rings when told."""

    def __init__(self) -> None:
        self.jobs: dict[str, Callable] = {}

    def add_job(self, run: Callable, *_: object, id: str, **__: object) -> None:
        self.jobs[id] = run


class Nobody:
    """A carrier that has nothing."""

    async def list_sent(self, **_: object) -> list[object]:
        return []


def housekeeping(world: World, *chores: Chore) -> Housekeeping:
    dispatcher = world.dispatcher(Nobody())
    return Housekeeping(Parts(world.database, Nobody(), dispatcher, "w1", world.clock, chores))


async def test_a_leader_that_was_frozen_does_no_chore_that_is_now_anothers(postgres_database, postgres_server):
    done = []

    async def climb() -> None:
        done.append(1)

    frozen, alarms = housekeeping(World(postgres_database), Chore("climb", timedelta(seconds=5), climb)), Alarms()
    frozen.arrange(alarms)
    while not frozen._leads:  # a database that is slow to answer makes nobody leader
        await frozen.lead()
    await asyncio.gather(*frozen._running.values())
    assert done == [1]
    run_on_server(postgres_server, "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory'")
    other = Leadership(postgres_database)
    while not other.holds():
        await asyncio.sleep(0.05)
    await alarms.jobs["climb"]()
    await asyncio.gather(*frozen._running.values())
    assert done == [1]
    other.resign()
    while not frozen._leads:
        await frozen.lead()
    await frozen.stop()
    assert done == [1, 1]


async def test_look_ups_wait_for_what_bears_on_them_and_go_on_where_that_fails(world: World, monkeypatch):
    done = []

    async def missed() -> None:
        await asyncio.sleep(0)
        done.append("missed")
        raise RuntimeError

    async def reconcile(*_: object, **__: object) -> int:
        done.append("look-ups")
        return 0

    monkeypatch.setattr("bot.housekeeping.reconcile", reconcile)
    leading = housekeeping(world, Chore("missed texts", timedelta(seconds=30), missed, before_look_ups=True))
    await leading.lead()
    while "look-ups" not in done:
        await asyncio.gather(*leading._running.values())
    assert done == ["missed", "look-ups"]
    await leading.stop()


@pytest.fixture
def world(database) -> World:
    return World(database)
