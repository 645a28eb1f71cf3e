"""Status callbacks in any order, repeated, late and strange: a message only ever moves on."""

from datetime import timedelta
from itertools import permutations

import pytest
from sqlmodel import select

from bot.outbox.attempts import record_attempts
from bot.outbox.model import Kind, Priority, State
from bot.outbox.receipts import Taken
from bot.outbox.settle import Settlement, settle
from bot.records.numbers import record_opt_in, record_opt_out
from bot.records.tables import Alarm, Receipt
from bot.sms.gateway import Accepted
from bot.sms.webhooks import StatusReceipt
from bot.usecases.delivery import record_receipt
from tests.outbox.world import MARIA, World

SID = "SM" + "0" * 32
OTHER = "SM" + "2" * 32


def sent(world: World, sid: str | None = SID, **more: object) -> str:
    """A text that was handed over; with a SID where Twilio's answer was heard."""
    message = world.text(**more)
    _hand_over(world, message, sid)
    return message


def _hand_over(world: World, message: str, sid: str | None) -> None:
    world.claim()
    with world.database.transaction() as session:
        (sendable,) = record_attempts(session, [message], worker="w1", house=world.house(), now=world.clock())
    if sid:
        with world.database.transaction() as session:
            settle(session, [Settlement(sendable, Accepted(sid, "queued", 1))], now=world.clock())


def tell(world: World, status: str, code: int | None = None, *, sid: str = SID, m: str | None = None) -> Taken:
    return record_receipt(world.database, StatusReceipt(sid, status, code, MARIA), m, world.clock())


@pytest.mark.parametrize("order", list(permutations(["queued", "sent", "delivered"])))
def test_receipts_in_any_order_end_in_delivered(world: World, order: tuple[str, ...]):
    message = sent(world)
    for status in order:
        tell(world, status, m=message)
    assert world.state(message) == State.DELIVERED


def test_a_repeated_receipt_is_kept_once(world: World):
    message = sent(world)
    assert [tell(world, "sent", m=message) for _ in range(2)] == [Taken.MOVED, Taken.REPEATED]
    with world.database.session() as session:
        assert len(session.exec(select(Receipt)).all()) == 1


def test_a_receipt_without_our_id_is_known_by_its_sid(world: World):
    message = sent(world)
    assert tell(world, "delivered") is Taken.MOVED
    assert world.state(message) == State.DELIVERED


def test_a_receipt_before_the_answer_settles_and_the_answer_only_adds_to_it(world: World):
    message = world.text()
    world.claim()
    with world.database.transaction() as session:
        (sendable,) = record_attempts(session, [message], worker="w1", house=world.house(), now=world.clock())
    assert tell(world, "delivered", m=message) is Taken.MOVED
    with world.database.transaction() as session:
        settle(session, [Settlement(sendable, Accepted(SID, "queued", 2))], now=world.clock())
    row = world.row(message)
    assert (row.state, row.sid, row.segments) == (State.DELIVERED, SID, 2)


def test_a_receipt_of_a_sid_not_yet_known_is_applied_once_it_is(world: World):
    assert tell(world, "delivered") is Taken.STRANGER
    message = sent(world)
    assert world.state(message) == State.DELIVERED


def test_a_receipt_of_nothing_we_know_is_kept_and_harms_nothing(world: World):
    assert tell(world, "delivered", sid=OTHER, m="no such id") is Taken.STRANGER


def test_a_status_we_do_not_know_is_no_news(world: World):
    message = sent(world)
    assert tell(world, "teleported", m=message) is Taken.NO_NEWS
    assert world.state(message) == State.ACCEPTED


def test_a_receipt_for_one_that_was_to_be_sent_again_proves_that_it_was_sent(world: World):
    message = sent(world, sid=None)
    with world.database.transaction() as session:
        session.get_one(type(world.row(message)), message).state = State.SCHEDULED  # the list did not have it
    assert tell(world, "sent", m=message) is Taken.MOVED
    assert world.state(message) == State.SENT
    assert world.claim() == []


@pytest.mark.parametrize(("code", "waits"), [(30003, [10, 60]), (30008, [10])])
def test_a_phone_that_is_off_is_tried_again_spaced_and_then_given_up(world: World, code: int, waits: list[int]):
    message = sent(world, priority=Priority.TIME_CRITICAL, patient_id=world.patient())
    for number, wait in enumerate(waits):
        tell(world, "undelivered", code, sid=_sid(number), m=message)
        row = world.row(message)
        assert (row.state, row.due_at) == (State.SCHEDULED, world.clock() + timedelta(minutes=wait))
        world.clock.move(minutes=wait)
        _hand_over(world, message, _sid(number + 1))
    tell(world, "undelivered", code, sid=_sid(len(waits)), m=message)
    row = world.row(message)
    assert (row.state, row.rule, row.attempts) == (State.UNDELIVERED, f"twilio-{code}", len(waits) + 1)
    (task,) = world.escalations()
    assert task.urgency == "routine"


def test_it_is_not_tried_again_when_that_would_help_nobody(world: World):
    message = sent(world, useful_until=world.clock() + timedelta(minutes=5))
    tell(world, "undelivered", 30003, m=message)
    assert world.state(message) == State.UNDELIVERED


def test_late_news_of_an_attempt_that_is_over_does_not_touch_the_next(world: World):
    message = sent(world)
    tell(world, "undelivered", 30003, m=message)
    world.clock.move(minutes=10)
    _hand_over(world, message, None)
    assert tell(world, "sent", m=message) is Taken.EARLIER
    assert world.state(message) == State.UNKNOWN
    assert tell(world, "delivered", sid=OTHER, m=message) is Taken.MOVED
    assert world.row(message).sid == OTHER


def test_an_opt_out_told_by_receipt_suppresses_everything_to_the_number(world: World):
    message, later = sent(world), world.text("later", due_in=3600)
    tell(world, "failed", 21610, m=message)
    assert [world.state(message), world.state(later)] == ["suppressed", "suppressed"]
    assert world.number().opted_out_at == world.clock()


def test_late_news_of_an_opt_out_does_not_undo_the_start_that_came_after_it(world: World):
    message = sent(world, kind=Kind.REPLY, step="stop", body="You are taken off.")
    later = world.text("later", due_in=3600)
    with world.database.transaction() as session:
        record_opt_out(session, MARIA, at=world.clock(), words="STOP", via="text")
        record_opt_in(session, MARIA, at=world.clock() + timedelta(seconds=20))
    world.clock.move(seconds=40)
    tell(world, "failed", 21610, m=message)
    row = world.row(message)
    assert (row.state, row.rule) == (State.FAILED, "twilio-21610")
    assert (world.number().opted_out_at, world.state(later)) == (None, State.SCHEDULED)
    assert world.escalations() == []


def test_an_opt_out_told_of_a_text_that_went_after_start_counts(world: World):
    with world.database.transaction() as session:
        record_opt_out(session, MARIA, at=world.clock(), words="STOP", via="text")
        record_opt_in(session, MARIA, at=world.clock())
    world.clock.move(seconds=40)
    message = sent(world)
    tell(world, "failed", 21610, m=message)
    assert world.number().opted_out_at == world.clock()


def test_an_unregistered_number_raises_one_alarm_and_the_text_waits(world: World):
    message = sent(world)
    tell(world, "undelivered", 30034, m=message)
    assert world.state(message) == State.SCHEDULED
    (alarm,) = _alarms(world)
    assert (alarm.kind, alarm.holds_until) == ("registration", world.clock() + timedelta(minutes=1))
    world.clock.move(minutes=2)
    _hand_over(world, message, OTHER)
    tell(world, "sent", sid=OTHER, m=message)
    assert _alarms(world)[0].cleared_at == world.clock()


def test_an_ambiguous_end_is_never_sent_again(world: World):
    message = sent(world)
    tell(world, "failed", 30410, m=message)
    assert world.state(message) == State.FAILED


def test_several_lost_texts_ask_staff_to_call_once(world: World):
    patient = world.patient()
    for number in range(3):
        message = sent(world, sid=_sid(number), step=f"n{number}", kind=Kind.NOTICE, patient_id=patient)
        tell(world, "undelivered", 30006, sid=_sid(number), m=message)
    assert len(world.escalations()) == 1


def test_a_lost_text_of_the_mornings_bulk_asks_staff_to_call_as_any_other(world: World):
    message = sent(world, patient_id=world.patient())
    tell(world, "undelivered", 30006, m=message)
    assert world.row(message).reason == "This is a landline, or its carrier takes no texts"
    assert [task.urgency for task in world.escalations()] == ["routine"]


def test_a_failure_without_a_code_says_so(world: World):
    message = sent(world)
    tell(world, "failed", m=message)
    assert world.row(message).reason == "The carrier did not deliver it and gave no reason"
    assert _alarms(world) == []


def _sid(number: int) -> str:
    return "SM" + f"{number:x}" * 32


def _alarms(world: World) -> list[Alarm]:
    with world.database.session() as session:
        return list(session.exec(select(Alarm)).all())
