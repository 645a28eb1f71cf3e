"""Handing over through the real client to the stand-in: each text once, whatever goes wrong on the way."""

import asyncio
from datetime import timedelta

import pytest

from bot.outbox.alarms import stop_sending
from bot.outbox.claims import release_expired
from bot.outbox.model import Kind, Priority, State
from bot.outbox.reconcile import reconcile
from bot.records.tables import EscalationRow
from bot.sms.standin import StandIn
from bot.sms.twilio import TwilioGateway
from bot.sms.twilio_codes import classify
from tests.outbox.conftest import GatewayTo
from tests.outbox.world import LEFT, MARIA, Slow, World, send_all

pytestmark = pytest.mark.anyio


async def test_a_due_text_is_sent_with_its_words_and_our_id_in_the_callback(world: World, standin, gateway):
    message = world.text("day-of")
    await send_all(world.dispatcher(gateway, callback_base="http://127.0.0.1:9/prefix"))
    (sent,) = standin.messages
    row = world.row(message)
    assert (sent.to, sent.body) == (MARIA, "text of day-of 0")
    assert sent.status_callback == f"http://127.0.0.1:9/prefix/twilio/status?m={message}"
    assert (row.state, row.sid, row.body, row.attempts, row.segments) == ("accepted", sent.sid, sent.body, 1, 1)
    assert row.sent_at == world.clock()


async def test_a_text_that_is_not_due_stays(world: World, standin, gateway):
    world.text(due_in=1)
    dispatcher = world.dispatcher(gateway)
    assert not await dispatcher.step()
    assert dispatcher.next_due_at == world.clock() + timedelta(seconds=1)
    assert standin.messages == []


async def test_callbacks_move_it_on_to_delivered(world: World, standin, gateway, callback_base: str):
    message = world.text()
    await send_all(world.dispatcher(gateway, callback_base=callback_base))
    await standin.settled()
    assert world.state(message) == State.DELIVERED


@pytest.mark.parametrize("fault", ["slow", "error_before", "error_after", "drop_before", "drop_after", "unreadable"])
async def test_an_answer_that_was_not_heard_ends_in_exactly_one_text(world: World, standin, gateway, fault: str):
    standin.faults.next("create", fault, 1.0)
    message = world.text()
    dispatcher = world.dispatcher(gateway)
    await send_all(dispatcher)
    assert world.state(message) == State.UNKNOWN
    for _ in range(4):
        world.clock.move(seconds=20)
        await reconcile(world.database, gateway, now=world.clock)
        await send_all(dispatcher)
    assert world.state(message) in LEFT
    assert [m.body for m in standin.messages] == ["text of day-of 0"]
    assert world.row(message).sid == standin.messages[0].sid


async def test_a_callback_that_carries_our_id_settles_what_was_not_heard(world: World, standin, gateway, callback_base):
    standin.faults.next("create", "drop_after")
    message = world.text()
    await send_all(world.dispatcher(gateway, callback_base=callback_base))
    await standin.settled()
    assert world.state(message) == State.DELIVERED
    assert world.row(message).sid == standin.messages[0].sid


async def test_throttling_backs_off_and_sends_again(world: World, standin, gateway):
    standin.faults.next("create", "throttle")
    message = world.text()
    dispatcher = world.dispatcher(gateway)
    await send_all(dispatcher)
    row = world.row(message)
    assert (row.state, row.reason) == (State.SCHEDULED, "Twilio asked us to slow down")
    assert timedelta(seconds=1) <= row.due_at - world.clock() <= timedelta(seconds=2)
    world.clock.move(seconds=2)
    await send_all(dispatcher)
    assert world.state(message) == State.ACCEPTED
    assert len(standin.messages) == 1


async def test_a_twilio_that_cannot_be_reached_is_tried_again(world: World, gateway_to: GatewayTo):
    message = world.text()
    await send_all(world.dispatcher(gateway_to("http://127.0.0.1:9")))
    assert (world.state(message), world.row(message).reason) == (State.SCHEDULED, "Twilio could not be reached")


async def test_what_can_no_longer_be_tried_in_time_expires_and_staff_are_asked_to_call(world: World, gateway_to):
    patient = world.patient()
    useful_until = world.clock() + timedelta(seconds=1)
    message = world.text(
        "after-care", useful_until=useful_until, patient_id=patient, priority=Priority.TIME_CRITICAL
    )
    await send_all(world.dispatcher(gateway_to("http://127.0.0.1:9")))
    assert world.state(message) == State.EXPIRED
    (task,) = world.escalations()
    assert task.reason.startswith("could not be texted (after-care): Twilio could not be reached")


async def test_a_wrong_number_fails_for_good_in_words_for_staff(world: World, standin, gateway):
    message = world.text(to="+15005550001", priority=Priority.TIME_CRITICAL, patient_id=world.patient("+15005550001"))
    await send_all(world.dispatcher(gateway))
    row = world.row(message)
    assert (row.state, row.error_code, row.rule) == (State.FAILED, 21211, "twilio-21211")
    assert row.reason == "This is not a phone number"
    assert [(e.urgency, e.state) for e in world.escalations()] == [("routine", "open")]


async def test_a_failed_alert_makes_its_escalation_climb_at_once(world: World, standin, gateway):
    with world.database.transaction() as session:
        climb_at = world.clock() + timedelta(minutes=5)
        escalation = EscalationRow(
            urgency="urgent", reason="discharge", opened_at=world.clock(), climb_at=climb_at
        )
        session.add(escalation)
        session.flush()
        code = escalation.id
    world.text("alert", to="+15005550001", kind=Kind.ALERT, body="A 1", escalation_id=code)
    await send_all(world.dispatcher(gateway))
    assert world.escalations()[0].climb_at == world.clock()


async def test_an_opt_out_that_only_twilio_knew_of_suppresses_everything_to_the_number(world: World, standin, gateway):
    to = "+15005550004"
    first, later = world.text("a", to=to), world.text("b", to=to, due_in=3600)
    await send_all(world.dispatcher(gateway))
    assert [world.state(first), world.state(later)] == ["suppressed", "suppressed"]
    assert world.number(to).opted_out_at == world.clock()
    assert world.number(to).opt_out_via == "twilio 21610"


async def test_a_pause_is_slept_through_until_what_falls_due_next(world: World, standin, gateway):
    world.text("held back")
    with world.database.transaction() as session:
        stop_sending(session, "configuration", classify(20003), now=world.clock(), probed=False)
    dispatcher = world.dispatcher(gateway)
    assert not await dispatcher.step()
    assert dispatcher.next_due_at is None
    world.text("later", due_in=5)
    assert not await dispatcher.step()
    assert dispatcher.next_due_at == world.clock() + timedelta(seconds=5)


async def test_a_call_that_hangs_holds_up_nobody_else(world: World, standin, gateway):
    hanging = world.text("slow", priority=Priority.NOW)
    slow = Slow(gateway, "text of slow 0")
    dispatcher = world.dispatcher(slow)
    await dispatcher.step()
    await slow.begun.wait()
    quick = [world.text(f"quick-{n}") for n in range(3)]
    while {world.state(m) for m in quick} != {"accepted"}:
        await dispatcher.step()
        await asyncio.sleep(0.01)
    assert world.state(hanging) == State.UNKNOWN
    slow.let_through.set()
    await dispatcher.finish()


async def test_a_worker_that_dies_between_claim_and_record_loses_nothing(world: World, standin, gateway):
    message = world.text()
    world.claim("dead")
    world.clock.move(seconds=21)
    with world.database.transaction() as session:
        release_expired(session, now=world.clock())
    await send_all(world.dispatcher(gateway))
    assert (world.state(message), len(standin.messages)) == ("accepted", 1)


@pytest.mark.parametrize("called", [False, True])
async def test_a_worker_that_dies_after_the_record_neither_loses_nor_doubles(
    world: World, standin: StandIn, gateway: TwilioGateway, called: bool
):
    message = world.text()
    dead = world.dispatcher(gateway, worker="dead")
    batch = await asyncio.to_thread(dead._prepare, 10)
    if called:
        await dead._call(batch.ready[0], batch)  # and dies before it can write the answer
    alive = world.dispatcher(gateway, worker="alive")
    for _ in range(4):
        world.clock.move(seconds=20)
        await reconcile(world.database, gateway, now=world.clock)
        await send_all(alive)
    assert world.state(message) in LEFT
    assert len(standin.messages) == 1
    assert world.row(message).attempts == (1 if called else 2)
