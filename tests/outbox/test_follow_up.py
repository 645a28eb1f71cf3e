"""Receipts that were lost are asked after, and messages that stay behind are told of."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.outbox.follow_up import follow_up
from bot.outbox.model import Priority, State
from bot.outbox.overdue import watch_overdue
from bot.records.tables import Alarm, Message
from bot.sms.standin import Ending
from tests.outbox.world import MARIA, World, send_all


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("ending", "state", "asked_again"),
    [
        (Ending("delivered"), State.DELIVERED, None),
        (Ending("undelivered", 30006), State.UNDELIVERED, None),
        (Ending("sent"), State.SENT, timedelta(minutes=15)),
    ],
)
async def test_a_text_without_a_receipt_is_asked_after(world: World, standin, gateway, ending, state, asked_again):
    standin.script(MARIA, ending)
    message = world.text()
    await send_all(world.dispatcher(gateway))
    await standin.settled()
    sent_at = world.clock()
    assert await follow_up(world.database, gateway, now=world.clock) == 0
    world.clock.move(seconds=90)
    assert await follow_up(world.database, gateway, now=world.clock) == 1
    row = world.row(message)
    assert (row.state, row.look_up_at) == (state, sent_at + asked_again if asked_again else None)


@pytest.mark.anyio
async def test_a_twilio_that_is_away_is_asked_again_later(world: World, standin, gateway, gateway_to):
    message = world.text()
    await send_all(world.dispatcher(gateway))
    world.clock.move(seconds=90)
    assert await follow_up(world.database, gateway_to("http://127.0.0.1:9"), now=world.clock) == 0
    await standin.settled()
    assert await follow_up(world.database, gateway, now=world.clock) == 1
    assert world.state(message) == State.DELIVERED


@pytest.mark.anyio
async def test_a_text_that_twilio_took_and_never_sent_is_an_alarm_until_it_is_given_up(world: World, standin, gateway):
    message = world.text(priority=Priority.TIME_CRITICAL)
    await send_all(world.dispatcher(gateway))
    with world.database.transaction() as session:
        session.get_one(Message, message).sid = "SM" + "0" * 32  # Twilio will not say a word of it
    for hours, minutes, overdue in ((0, 59, 0), (0, 2, 1), (10, 0, 1)):
        world.clock.move(hours=hours, minutes=minutes)
        await follow_up(world.database, gateway, now=world.clock)
        assert (_watch(world), world.state(message)) == (overdue, State.ACCEPTED)
    world.clock.move(hours=1)
    await follow_up(world.database, gateway, now=world.clock)
    row = world.row(message)
    assert (row.state, row.rule, row.settled_at, _watch(world)) == (State.FAILED, "never-sent", world.clock(), 0)
    assert "half a day" in world.escalations()[0].reason


@pytest.mark.anyio
async def test_a_text_that_left_late_is_not_late_at_twilio(world: World, gateway):
    world.text(due_in=-600)
    await send_all(world.dispatcher(gateway))
    world.clock.move(minutes=59)
    assert _watch(world) == 0


@pytest.mark.anyio
async def test_a_text_that_the_carrier_has_is_no_alarm(world: World, standin, gateway):
    standin.script(MARIA, Ending("sent"))
    world.text()
    await send_all(world.dispatcher(gateway))
    await standin.settled()
    world.clock.move(hours=13)
    await follow_up(world.database, gateway, now=world.clock)
    assert world.state(_only(world)) == State.SENT
    assert _watch(world) == 0


def test_a_message_that_stays_behind_for_an_hour_is_an_alarm_until_it_is_gone(world: World):
    world.text()
    for minutes, overdue in ((60, 0), (1, 1)):
        world.clock.move(minutes=minutes)
        assert _watch(world) == overdue
    world.claim()
    assert _watch(world) == 1
    with world.database.transaction() as session:
        row = session.get_one(type(world.row(_only(world))), _only(world))
        row.state = State.EXPIRED
    assert _watch(world) == 0
    with world.database.session() as session:
        assert session.exec(select(Alarm)).one().cleared_at == world.clock()


def test_a_text_that_is_given_back_at_its_old_time_has_a_moment_to_leave(world: World):
    message = world.text(due_in=-7200)
    assert _watch(world) == 0
    world.clock.move(minutes=3)
    assert (_watch(world), world.state(message)) == (1, State.SCHEDULED)


def _watch(world: World) -> int:
    with world.database.transaction() as session:
        return watch_overdue(session, now=world.clock())


def _only(world: World) -> str:
    with world.database.session() as session:
        return session.exec(select(Message.id)).one()
