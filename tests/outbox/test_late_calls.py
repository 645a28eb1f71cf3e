"""A call that cannot begin at once: what was decided is asked again, and after a freeze it is not made at all."""

import asyncio
from collections.abc import Callable

import pytest
from sqlmodel import col, update

from bot.errors import DatabaseAway
from bot.outbox.dispatch import Dispatcher
from bot.outbox.model import Kind, State
from bot.outbox.store import cancel_for_appointment, suppress_for_number
from bot.records.numbers import record_opt_out
from bot.records.tables import AppointmentRow
from bot.sms.twilio import TwilioGateway
from tests.outbox.world import LEFT, MARIA, Slow, World, send_all

pytestmark = pytest.mark.anyio


class Seconds:
    """A clock that only runs on when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def appointment(world: World) -> str:
    return world.appointment(world.patient())


def stop(world: World, appointment: str) -> None:
    with world.database.transaction() as session:
        record_opt_out(session, MARIA, at=world.clock(), words="STOP", via="text")
        suppress_for_number(session, MARIA, reason="STOP", now=world.clock())


def move(world: World, appointment: str) -> None:
    _change(world, appointment, revision=2)


def call_off(world: World, appointment: str) -> None:
    _change(world, appointment, revision=2, status="cancelled")


ENDS = [(stop, "suppressed", "opted-out"), (move, "cancelled", "superseded"),
        (call_off, "cancelled", "appointment-cancelled")]  # fmt: skip


@pytest.mark.parametrize(("change", "state", "rule"), ENDS)
async def test_a_second_text_does_not_follow_a_slow_first_one_after_a_change(
    world: World, standin, gateway, appointment: str, change: Callable, state: str, rule: str
):
    first, second = (world.text(step, appointment_id=appointment, revision=1) for step in ("a", "b"))
    slow = Slow(gateway, "text of a 0")
    dispatcher = world.dispatcher(slow)
    dispatcher._pace.take = lambda wanted: wanted  # type: ignore[method-assign]  # both in one batch
    await dispatcher.step()
    await slow.begun.wait()
    await asyncio.to_thread(change, world, appointment)
    slow.let_through.set()
    await dispatcher.finish()
    await send_all(dispatcher)
    assert [m.body for m in standin.messages] == ["text of a 0"]
    assert world.state(first) in LEFT
    assert (world.state(second), world.row(second).rule) == (state, rule)


async def test_a_second_text_follows_a_slow_first_one_where_nothing_changed(world: World, standin, gateway):
    world.text("a"), world.text("b")
    slow = Slow(gateway, "text of a 0")
    dispatcher = world.dispatcher(slow)
    dispatcher._pace.take = lambda wanted: wanted  # type: ignore[method-assign]  # both in one batch
    await dispatcher.step()
    slow.let_through.set()
    await dispatcher.finish()
    assert [m.body for m in standin.messages] == ["text of a 0", "text of b 0"]


@pytest.mark.parametrize("kind", [Kind.PLANNED, Kind.NOTICE])
async def test_a_first_call_that_could_not_begin_at_once_does_not_follow_stop(
    world: World, standin, gateway, appointment: str, kind: Kind
):
    message = world.text(kind=kind, body="Hello." if kind is Kind.NOTICE else None)
    dispatcher, seconds = _timed(world, gateway)
    batch = await asyncio.to_thread(dispatcher._prepare, 10)
    stop(world, appointment)
    seconds.now += 0.6
    await dispatcher._hand_over(batch.ready[0], batch)
    assert (world.state(message), standin.messages) == (State.SCHEDULED, [])
    await send_all(dispatcher)
    assert (world.state(message), standin.messages) == (State.SUPPRESSED, [])


async def test_what_cannot_be_asked_again_waits(world: World, standin, gateway, monkeypatch):
    message = world.text()
    dispatcher, seconds = _timed(world, gateway)
    batch = await asyncio.to_thread(dispatcher._prepare, 10)
    seconds.now += 0.6

    def away(*_: object, **__: object) -> None:
        raise DatabaseAway("away")

    monkeypatch.setattr("bot.outbox.dispatch.objection_to", away)
    await dispatcher._hand_over(batch.ready[0], batch)
    row = world.row(message)
    assert (row.state, standin.messages) == (State.SCHEDULED, [])
    assert row.due_at > world.clock()


async def test_an_attempt_that_was_settled_otherwise_while_it_waited_is_not_called(world: World, standin, gateway):
    message = world.text()
    dispatcher, seconds = _timed(world, gateway)
    batch = await asyncio.to_thread(dispatcher._prepare, 10)
    with world.database.transaction() as session:
        row = session.get_one(type(world.row(message)), message)
        row.state, row.sid = State.SENT, "SM1"
    seconds.now += 0.6
    await dispatcher._hand_over(batch.ready[0], batch)
    assert (world.state(message), standin.messages) == (State.SENT, [])


@pytest.mark.parametrize("where", ["before the commit", "after the commit"])
async def test_a_process_that_was_frozen_around_the_record_does_not_call_when_it_wakes(
    world: World, standin, gateway, where: str
):
    world.text()
    dispatcher, seconds = _timed(world, gateway)
    record = dispatcher._record

    def freeze(claimed: list[str], paused_by: str | None) -> list:
        if where == "before the commit":
            seconds.now += 6
        ready = record(claimed, paused_by)
        if where == "after the commit":
            seconds.now += 6
        return ready

    dispatcher._record = freeze  # type: ignore[method-assign]
    await dispatcher.step()
    await dispatcher.finish()
    assert standin.messages == []
    assert world.states() == ["scheduled"]


async def test_a_pace_that_takes_nothing_back_holds_up_no_text(world: World, standin, gateway):
    message = world.text()
    dispatcher = world.dispatcher(gateway)

    def away(unused: int) -> None:
        raise DatabaseAway("away")

    dispatcher._pace.give_back = away  # type: ignore[method-assign]
    await send_all(dispatcher)
    assert world.state(message) in LEFT
    assert len(standin.messages) == 1


def _timed(world: World, gateway: TwilioGateway) -> tuple[Dispatcher, Seconds]:
    dispatcher, seconds = world.dispatcher(gateway), Seconds()
    dispatcher._seconds = seconds
    return dispatcher, seconds


def _change(world: World, appointment: str, **change: object) -> None:
    with world.database.transaction() as session:
        session.exec(update(AppointmentRow).where(col(AppointmentRow.id) == appointment).values(**change))
        cancel_for_appointment(session, appointment, reason="it changed", rule="replanned", now=world.clock())
