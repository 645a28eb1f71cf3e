"""Putting messages in, keeping, cancelling, suppressing and restoring them."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.outbox import store
from bot.outbox.model import Kind, NewMessage, State
from bot.records.numbers import record_opt_in, record_opt_out
from tests.outbox.world import MARIA, World


def test_a_new_message_is_scheduled_and_its_number_is_known(world: World):
    message = world.text("welcome", due_in=60)
    row = world.row(message)
    assert (row.state, row.attempts, row.planned_for) == (State.SCHEDULED, 0, row.due_at)
    assert world.number().opted_out_at is None


def test_the_same_step_of_the_same_revision_is_refused_a_second_time(world: World):
    appointment = world.appointment(world.patient())
    world.text("day-of", appointment_id=appointment, revision=1)
    with pytest.raises(IntegrityError):
        world.text("day-of", appointment_id=appointment, revision=1)
    world.text("day-of", appointment_id=appointment, revision=2)
    world.text("day-of", appointment_id=appointment, revision=1, occurrence=1)


def test_a_transaction_that_fails_leaves_nothing_in_the_outbox(world: World):
    new = NewMessage(kind=Kind.NOTICE, to_phone=MARIA, step="x", due_at=world.clock())
    with pytest.raises(RuntimeError), world.database.transaction() as session:
        store.enqueue(session, [new], now=world.clock())
        raise RuntimeError("the change that caused it failed")
    assert world.states() == []


def test_the_next_due_moment_is_that_of_the_earliest_scheduled_message(world: World):
    with world.database.session() as session:
        assert store.next_due_at(session) is None
    world.text("late", due_in=60)
    world.text("soon", due_in=30)
    with world.database.session() as session:
        assert store.next_due_at(session) == world.clock() + timedelta(seconds=30)


def test_a_reply_in_the_webhooks_answer_counts_as_handed_over_at_once(world: World):
    new = NewMessage(kind=Kind.REPLY, to_phone=MARIA, step="answer", due_at=world.clock(), body="Not yet")
    with world.database.transaction() as session:
        message = store.hand_over_reply(session, new, now=world.clock()).id
    row = world.row(message)
    assert (row.state, row.attempts, row.attempted_at) == (State.UNKNOWN, 1, world.clock())
    assert row.look_up_at == world.clock() + timedelta(minutes=1)
    assert world.claim() == []


def test_a_message_is_kept_over_a_move_only_while_it_has_not_left(world: World):
    appointment = world.appointment(world.patient())
    kept = world.text("day-of", appointment_id=appointment, revision=1)
    world.claim()
    later = world.clock() + timedelta(hours=5)
    with world.database.transaction() as session:
        assert store.keep(session, kept, revision=2, due_at=later, useful_until=None, now=world.clock())
    row = world.row(kept)
    assert (row.state, row.revision, row.due_at, row.claimed_by) == (State.SCHEDULED, 2, later, None)
    with world.database.transaction() as session:
        session.get_one(type(row), kept).state = State.UNKNOWN
    with world.database.transaction() as session:
        assert not store.keep(session, kept, revision=3, due_at=later, useful_until=None, now=world.clock())


def test_cancelling_an_appointment_spares_notices_what_is_kept_and_what_has_left(world: World):
    appointment = world.appointment(world.patient())
    pending, kept, left = (
        world.text(step, appointment_id=appointment, revision=1) for step in ("flaking", "eyes", "welcome")
    )
    notice = world.text("moved", kind=Kind.NOTICE, appointment_id=appointment)
    with world.database.transaction() as session:
        session.get_one(type(world.row(left)), left).state = State.SENT
    with world.database.transaction() as session:
        cancelled = store.cancel_for_appointment(
            session, appointment, reason="the appointment was moved", rule="moved", now=world.clock(), keep_ids=[kept]
        )
    assert cancelled == [pending]
    assert [world.state(m) for m in (pending, kept, left, notice)] == ["cancelled", "scheduled", "sent", "scheduled"]
    row = world.row(pending)
    assert (row.reason, row.rule, row.settled_at) == ("the appointment was moved", "moved", world.clock())


def test_stop_suppresses_everything_pending_to_the_number_but_alerts_and_its_own_confirmation(world: World):
    planned, claimed = world.text("flaking"), world.text("eyes")
    alert, confirmation = world.text("alert", kind=Kind.ALERT), world.text("stop", kind=Kind.REPLY)
    other = world.text("flaking", to="+14155550102")
    world.claim(limit=2)
    with world.database.transaction() as session:
        assert record_opt_out(session, MARIA, at=world.clock(), words="STOP", via="text")
        store.suppress_for_number(session, MARIA, reason="the patient texted STOP on Mar 10", now=world.clock())
    states = [world.state(m) for m in (planned, claimed, alert, confirmation, other)]
    assert states == ["suppressed", "suppressed", "scheduled", "scheduled", "scheduled"]
    assert world.number().opt_out_words == "STOP"


def test_start_restores_what_is_still_useful_and_nothing_else(world: World):
    useful = world.text("flaking", due_in=60, useful_until=world.clock() + timedelta(days=1))
    useless = world.text("day-of", useful_until=world.clock() + timedelta(seconds=1))
    gone = world.text("eyes")
    with world.database.transaction() as session:
        store.cancel(session, [gone], reason="the appointment was moved", rule="moved", now=world.clock())
        store.suppress_for_number(session, MARIA, reason="STOP", now=world.clock())
    world.clock.move(minutes=5)
    with world.database.transaction() as session:
        record_opt_in(session, MARIA, at=world.clock())
        assert store.restore_for_number(session, MARIA, now=world.clock()) == 1
    assert [world.state(m) for m in (useful, useless, gone)] == ["scheduled", "suppressed", "cancelled"]
    assert world.row(useful).reason is None


def test_opting_out_twice_keeps_the_first_time_and_words(world: World):
    for words in ("STOP", "please stop"):
        with world.database.transaction() as session:
            record_opt_out(session, MARIA, at=world.clock(), words=words, via="text")
    assert world.number().opt_out_words == "STOP"
