"""Looking up what was not heard of: found once, absent only in a list that had its time, and never two for one."""

from datetime import timedelta

import pytest
from sqlmodel import col, update

from bot.outbox import reconcile as reconcile_module
from bot.outbox import store
from bot.outbox.model import Kind, NewMessage, State
from bot.outbox.reconcile import reconcile
from bot.records.numbers import record_opt_out
from bot.records.tables import Message
from bot.sms.gateway import Outgoing
from bot.sms.standin import Ending
from tests.outbox.world import LEFT, MARIA, World, send_all

pytestmark = pytest.mark.anyio


async def look_up(world: World, gateway, *, after: float) -> int:
    world.clock.move(seconds=after)
    return await reconcile(world.database, gateway, now=world.clock)


async def test_a_list_that_lags_is_asked_again_before_anything_is_sent_again(world: World, standin, gateway):
    standin.faults.list_lag = 3600
    standin.faults.next("create", "drop_after")
    message = world.text()
    await send_all(world.dispatcher(gateway))
    assert await look_up(world, gateway, after=15) == 0
    assert world.row(message).look_up_at == world.clock() + timedelta(seconds=15)
    standin.messages[0].visible_at = 0.0
    assert await look_up(world, gateway, after=15) == 1
    assert world.state(message) in LEFT


async def test_what_is_absent_after_a_minute_is_scheduled_again_at_its_old_time(world: World, standin, gateway):
    standin.faults.next("create", "drop_before")
    message = world.text(due_in=-5)
    due_at = world.row(message).due_at
    await send_all(world.dispatcher(gateway))
    for after in (15, 15):
        assert await look_up(world, gateway, after=after) == 0
    assert await look_up(world, gateway, after=30) == 1
    row = world.row(message)
    assert (row.state, row.due_at, row.reason) == ("scheduled", due_at, "Twilio did not have it")


async def test_an_absent_text_whose_patient_opted_out_meanwhile_is_not_sent(world: World, standin, gateway):
    standin.faults.next("create", "drop_before")
    message = world.text()
    dispatcher = world.dispatcher(gateway)
    await send_all(dispatcher)
    with world.database.transaction() as session:
        record_opt_out(session, MARIA, at=world.clock(), words="STOP", via="text")
        store.suppress_for_number(session, MARIA, reason="STOP", now=world.clock())
    assert world.state(message) == State.UNKNOWN  # perhaps it was sent
    await look_up(world, gateway, after=61)
    await send_all(dispatcher)
    assert (world.state(message), standin.messages) == (State.SUPPRESSED, [])


async def test_two_texts_of_the_same_words_settle_one_row_each(world: World, standin, gateway):
    standin.faults.next("create", "drop_after")
    standin.faults.next("create", "drop_before")
    first = world.text("a", kind=Kind.NOTICE, body="We are on our way.")
    second = world.text("b", kind=Kind.NOTICE, body="We are on our way.")
    dispatcher = world.dispatcher(gateway)
    await send_all(dispatcher)
    assert len(standin.messages) == 1
    await look_up(world, gateway, after=61)
    assert sorted([world.state(first) in LEFT, world.state(second) in LEFT]) == [False, True]
    await send_all(dispatcher)
    assert len(standin.messages) == 2
    assert {world.row(first).sid, world.row(second).sid} == {m.sid for m in standin.messages}


async def test_a_text_that_another_row_has_is_not_taken_for_ours(world: World, standin, gateway):
    sent = world.text("a", kind=Kind.NOTICE, body="See you soon.")
    dispatcher = world.dispatcher(gateway)
    await send_all(dispatcher)
    standin.faults.next("create", "drop_before")
    lost = world.text("b", kind=Kind.NOTICE, body="See you soon.")
    await send_all(dispatcher)
    await look_up(world, gateway, after=61)
    assert (world.state(sent), world.state(lost)) == ("accepted", "scheduled")


async def test_an_old_text_of_the_same_words_is_not_taken_for_ours(world: World, standin, gateway):
    await gateway.send(Outgoing(MARIA, "text of day-of 0", None))
    world.clock.move(minutes=10)
    standin.faults.next("create", "drop_before")
    message = world.text()
    await send_all(world.dispatcher(gateway))
    await look_up(world, gateway, after=61)
    assert world.state(message) == "scheduled"


async def test_a_twilio_that_is_away_leaves_it_unknown_and_is_asked_again(world: World, gateway_to, gateway, standin):
    standin.faults.next("create", "drop_before")
    message = world.text()
    await send_all(world.dispatcher(gateway))
    assert await look_up(world, gateway_to("http://127.0.0.1:9"), after=61) == 0
    assert world.state(message) == State.UNKNOWN
    assert world.row(message).look_up_at == world.clock() + timedelta(seconds=15)


async def test_a_reply_that_twilio_did_not_take_from_our_answer_is_sent_by_its_api(world: World, standin, gateway):
    reply = _hand_over(world)
    await look_up(world, gateway, after=59)
    assert world.state(reply) == State.UNKNOWN
    assert await look_up(world, gateway, after=1) == 1
    await send_all(world.dispatcher(gateway))
    assert [m.body for m in standin.messages] == ["Not yet: wait until Wed 3:00 PM."]
    assert world.state(reply) in LEFT


async def test_a_reply_that_twilio_sent_without_telling_us_is_found(world: World, standin, gateway):
    reply = _hand_over(world)
    await gateway.send(Outgoing(MARIA, "Not yet: wait until Wed 3:00 PM.", None))
    assert await look_up(world, gateway, after=61) == 1
    assert world.state(reply) in LEFT


async def test_a_late_look_up_takes_the_end_of_a_text_from_the_list(world: World, standin, gateway):
    standin.script(MARIA, Ending("undelivered", 30006))
    standin.faults.next("create", "drop_after")
    message = world.text()
    await send_all(world.dispatcher(gateway))
    await standin.settled()
    await look_up(world, gateway, after=61)
    row = world.row(message)
    assert (row.state, row.error_code) == (State.UNDELIVERED, 30006)


async def test_an_attempt_that_is_settled_while_twilio_is_asked_stays_as_it_is(world: World, standin, gateway):
    standin.faults.next("create", "drop_before")
    message = world.text()
    await send_all(world.dispatcher(gateway))
    asking = gateway.list_sent

    async def meanwhile(**about):
        with world.database.transaction() as session:
            session.exec(update(Message).where(col(Message.id) == message).values(state="sent", sid="SM1"))
        return await asking(**about)

    gateway.list_sent = meanwhile
    assert await look_up(world, gateway, after=61) == 0
    assert world.state(message) == State.SENT


@pytest.mark.parametrize("words", ["text of day-of 0", "text of day-of at 4:00 PM"])
async def test_another_life_may_have_said_it_in_the_words_of_an_attempt_or_in_fresh_ones(
    world: World, standin, gateway, words: str
):
    standin.faults.next("create", "throttle")
    message = world.text()
    dispatcher = world.dispatcher(gateway)
    await send_all(dispatcher)
    await gateway.send(Outgoing(MARIA, words, None))
    world.words["day-of"] = "text of day-of at 4:00 PM"
    world.clock.move(minutes=20)
    world.end_a_silence()
    await send_all(dispatcher)
    assert world.row(message).rule == "doubted"
    await reconcile(world.database, gateway, now=world.clock, render=world.render)
    assert world.state(message) in LEFT


async def test_a_text_that_cannot_be_put_into_words_holds_up_no_look_up(world: World, standin, gateway):
    stuck, other = world.text("stuck", due_in=-3600), world.text("other", due_in=-3600)
    for step in ("stuck", "other"):
        await gateway.send(Outgoing(MARIA, f"text of {step} 0", None))
    world.end_a_silence()
    await send_all(world.dispatcher(gateway))
    assert world.states() == ["unknown", "unknown"]

    def render(session, message, now):
        if message.step == "stuck":
            raise KeyError("start_day")
        return world.render(session, message, now)

    await reconcile(world.database, gateway, now=world.clock, render=render)
    assert (world.state(stuck), world.state(other) in LEFT) == (State.SCHEDULED, True)


async def test_a_number_that_cannot_be_settled_holds_up_no_other(world: World, standin, gateway, monkeypatch):
    bad, good = world.text(to="+14155550001"), world.text(to="+14155550002")
    standin.faults.next("create", "drop_after")
    standin.faults.next("create", "drop_after")
    await send_all(world.dispatcher(gateway))
    apply = reconcile_module.apply_waiting_receipts

    def breaks(session, rows, **more):
        if rows[0].id == bad:
            raise KeyError("no such status")
        apply(session, rows, **more)

    monkeypatch.setattr(reconcile_module, "apply_waiting_receipts", breaks)
    await look_up(world, gateway, after=61)
    assert (world.state(bad), world.state(good) in LEFT) == (State.UNKNOWN, True)


def _hand_over(world: World) -> str:
    words = "Not yet: wait until Wed 3:00 PM."
    new = NewMessage(kind=Kind.REPLY, to_phone=MARIA, step="answer", due_at=world.clock(), body=words)
    with world.database.transaction() as session:
        return store.hand_over_reply(session, new, now=world.clock()).id
