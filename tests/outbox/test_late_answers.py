"""Twilio's own answer comes when its message was settled otherwise already: that Twilio took it is a proof."""

import asyncio

import pytest

from bot.outbox.attempts import record_attempts
from bot.outbox.model import Sendable, State
from bot.outbox.moves import back, lock_messages
from bot.outbox.receipts import take_in
from bot.outbox.reconcile import reconcile
from bot.outbox.settle import Settlement, settle
from bot.outbox.store import cancel, suppress_for_number
from bot.records.tables import Message
from bot.sms.gateway import Accepted, Outcome, Throttled
from tests.outbox.world import LEFT, MARIA, World, send_all

SID, OTHER = "SM" + "1" * 32, "SM" + "2" * 32


@pytest.mark.anyio
async def test_a_text_that_a_lagging_list_did_not_have_is_not_sent_again_once_twilio_answers(
    world: World, standin, gateway
):
    message = world.text()
    dispatcher = world.dispatcher(gateway)
    batch = await asyncio.to_thread(dispatcher._prepare, 1)
    outcome = await dispatcher._call(batch.ready[0], batch)
    standin.messages[0].visible_at = float("inf")
    world.clock.move(seconds=61)
    await reconcile(world.database, gateway, now=world.clock)
    assert world.state(message) == State.SCHEDULED
    _settle(world, batch.ready[0], outcome)
    await send_all(dispatcher)
    assert world.state(message) in LEFT
    assert len(standin.messages) == 1


@pytest.mark.parametrize("meanwhile", ["scheduled", "claimed", "cancelled", "suppressed"])
def test_whatever_was_thought_of_it_meanwhile_it_left(world: World, meanwhile: str):
    message = world.text()
    sendable = _attempt(world, message)
    _absent(world, message)
    with world.database.transaction() as session:
        match meanwhile:
            case "cancelled":
                cancel(session, [message], reason="moved", rule="replanned", now=world.clock())
            case "suppressed":
                suppress_for_number(session, MARIA, reason="STOP", now=world.clock())
    if meanwhile == "claimed":
        world.claim()
    assert world.state(message) == meanwhile
    _settle(world, sendable, Accepted(SID, "queued", 2))
    row = world.row(message)
    assert (row.state, row.sid, row.segments, row.rule) == (State.ACCEPTED, SID, 2, None)
    assert world.claim() == []


def test_a_proof_of_the_first_attempt_keeps_a_second_that_did_not_leave_from_a_third(world: World):
    message = world.text()
    first = _attempt(world, message)
    _absent(world, message)
    second = _attempt(world, message)
    _settle(world, second, Throttled(20429, 1.0))
    _settle(world, first, Accepted(SID, "queued", 1))
    assert (world.state(message), world.row(message).sid) == (State.ACCEPTED, SID)


def test_a_late_answer_does_not_bring_back_an_attempt_that_is_over(world: World):
    message = world.text()
    sendable = _attempt(world, message)
    with world.database.transaction() as session:
        off = {"sid": SID, "status": "undelivered", "error_code": 30003, "message_id": message}
        take_in(session, now=world.clock(), **off)
    assert world.state(message) == State.SCHEDULED  # to be tried again, the phone was off
    _settle(world, sendable, Accepted(SID, "queued", 1))
    assert (world.state(message), world.row(message).sid) == (State.SCHEDULED, None)


def test_a_second_sid_does_not_replace_the_first(world: World):
    message = world.text()
    sendable = _attempt(world, message)
    _settle(world, sendable, Accepted(SID, "queued", 1))
    _settle(world, sendable, Accepted(OTHER, "queued", 1))
    assert world.row(message).sid == SID


def _attempt(world: World, message: str) -> Sendable:
    world.claim()
    with world.database.transaction() as session:
        (sendable,) = record_attempts(session, [message], worker="w1", house=world.house(), now=world.clock())
    return sendable


def _absent(world: World, message: str) -> None:
    with world.database.transaction() as session:
        row: Message = lock_messages(session, [message])[message]
        back(row, row.due_at, "Twilio did not have it", world.clock())


def _settle(world: World, sendable: Sendable, outcome: Outcome) -> None:
    with world.database.transaction() as session:
        settle(session, [Settlement(sendable, outcome)], now=world.clock())
