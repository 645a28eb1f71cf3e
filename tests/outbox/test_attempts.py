"""The moment of sending: words are put together, and what may not go is held or dropped with a reason."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session, select, update

from bot.outbox.attempts import record_attempts
from bot.outbox.model import Drop, State, StepRules
from bot.outbox.store import cancel, keep
from bot.records.numbers import record_opt_out
from bot.records.tables import Alarm, EscalationRow, Message
from tests.outbox.world import MARIA, World, send_all

pytestmark = pytest.mark.anyio


async def test_a_text_that_cannot_be_put_into_words_fails_alone_and_loudly(world: World, standin, gateway):
    broken, whole = world.text("broken"), world.text("whole")
    render = world.render

    def one_breaks(session, message, now):
        if message.step == "broken":
            raise KeyError("start_day")
        return render(session, message, now)

    world.render = one_breaks
    await send_all(world.dispatcher(gateway))
    assert [world.state(broken), world.state(whole)] == ["failed", "accepted"]
    assert "bot check" in _alarm_words(world)[0]


async def test_words_may_decline_to_be_said(world: World, standin, gateway):
    message = world.text("eyes")
    world.render = lambda session, row, now: Drop(State.CANCELLED, "it rode on next-day", "rides-on")
    await send_all(world.dispatcher(gateway))
    assert (world.state(message), world.row(message).reason) == ("cancelled", "it rode on next-day")
    assert standin.messages == []


async def test_a_held_text_waits_with_its_reason_and_goes_when_it_may(world: World, standin, gateway):
    world.clock.move(hours=10)  # 22:00 in New York
    message = world.text()
    dispatcher = world.dispatcher(gateway)
    await send_all(dispatcher)
    row = world.row(message)
    assert (row.state, row.reason) == ("scheduled", "it fell in quiet hours")
    assert row.due_at == world.clock() + timedelta(hours=10)
    world.clock.move(hours=10)
    await send_all(dispatcher)
    assert (world.state(message), world.row(message).reason) == ("accepted", None)


async def test_two_treatments_of_one_phone_never_tell_the_same_twice(world: World, standin, gateway):
    patient = world.patient()
    first = world.text("flaking", appointment_id=world.appointment(patient), patient_id=patient, revision=1)
    other = world.appointment(patient, external_id="A-2")
    second = world.text("flaking", appointment_id=other, patient_id=patient, revision=1)
    await send_all(world.dispatcher(gateway))
    assert sorted([world.state(first), world.state(second)]) == ["accepted", "suppressed"]
    assert len(standin.messages) == 1


async def test_another_occurrence_of_a_step_may_say_the_same_the_next_morning(world: World, standin, gateway):
    patient = world.patient()
    appointment = world.appointment(patient)
    world.words["antiviral-again"] = "Take your antiviral today."
    both = [
        world.text("antiviral-again", appointment_id=appointment, revision=1, occurrence=n, due_in=n * 86_000)
        for n in (0, 1)
    ]
    dispatcher = world.dispatcher(gateway)
    await send_all(dispatcher)
    world.clock.move(seconds=86_000)
    await send_all(dispatcher)
    assert [world.state(m) for m in both] == ["accepted", "accepted"]


async def test_two_occurrences_of_a_step_that_an_outage_brings_together_say_it_once(world: World, standin, gateway):
    patient = world.patient(timezone="America/Los_Angeles")
    appointment = world.appointment(patient)
    world.words["antiviral-again"] = "Take your antiviral today."
    world.rules["antiviral-again"] = StepRules(recurs=True)
    common = {"appointment_id": appointment, "patient_id": patient, "revision": 1}
    both = [world.text("antiviral-again", occurrence=n, due_in=(n - 2) * 86_400, **common) for n in (0, 1)]
    await send_all(world.dispatcher(gateway))
    assert sorted(world.state(m) for m in both) == ["accepted", "suppressed"]


async def test_hand_off_holds_what_can_wait_and_lets_the_rest_go(world: World, standin, gateway):
    patient = world.patient()
    appointment = world.appointment(patient)
    world.rules["flaking"] = StepRules(holds_in_hand_off=True)
    common = {"appointment_id": appointment, "patient_id": patient, "revision": 1}
    can_wait, after_care = world.text("flaking", **common), world.text("after-care", **common)
    with world.database.transaction() as session:
        session.add(EscalationRow(patient_id=patient, urgency="urgent", reason="discharge", opened_at=world.clock()))
    await send_all(world.dispatcher(gateway))
    assert [world.state(can_wait), world.state(after_care)] == ["scheduled", "accepted"]
    assert world.row(can_wait).due_at == world.clock() + timedelta(minutes=15)


async def test_an_opted_out_number_gets_nothing(world: World, standin, gateway):
    message = world.text()
    with world.database.transaction() as session:
        record_opt_out(session, MARIA, at=world.clock(), words="STOP", via="text")
    await send_all(world.dispatcher(gateway))
    assert (world.state(message), world.row(message).reason) == ("suppressed", "the patient texted STOP on Mar 10")
    assert standin.messages == []


async def test_a_text_that_cannot_be_decided_fails_alone_and_loudly(world: World, standin, gateway):
    lost = world.patient("+14155550777", "Lou", timezone="Mars/Olympus")
    stuck = world.text("stuck", to="+14155550777", patient_id=lost, due_in=-5)
    others = [world.text(f"s{n}", to=f"+1415555{n:04}") for n in range(3)]
    dispatcher = world.dispatcher(gateway)
    dispatcher._pace.take = lambda wanted: wanted  # all in one batch
    await send_all(dispatcher)
    assert [world.state(m) for m in others] == ["accepted"] * 3
    assert (world.state(stuck), world.row(stuck).rule) == ("failed", "not-decided")
    assert "could not be decided" in _alarm_words(world)[0]


async def test_staff_who_cannot_be_told_keep_no_text_from_failing(world: World, standin, gateway):
    lost = world.patient("+14155550777", "Lou", timezone="Mars/Olympus")
    stuck = world.text("stuck", to="+14155550777", patient_id=lost)

    def broken(*_: object, **__: object) -> None:
        raise KeyError("Mars/Olympus")

    dispatcher = world.dispatcher(gateway)
    dispatcher.house = replace(dispatcher.house, tell_staff=broken)
    await send_all(dispatcher)
    assert world.state(stuck) == "failed"


async def test_a_database_without_a_column_fails_no_text(world: World, standin, gateway, monkeypatch):
    message = world.text()

    def not_migrated(*_: object, **__: object) -> None:
        raise ProgrammingError("SELECT", {}, Exception("column message.new does not exist"))

    monkeypatch.setattr("bot.outbox.dispatch.record_attempts", not_migrated)
    dispatcher = world.dispatcher(gateway)
    with pytest.raises(ProgrammingError):
        await send_all(dispatcher)
    assert world.state(message) == "claimed"


@pytest.mark.parametrize("fate", ["cancelled", "scheduled"])
def test_what_planning_again_decides_about_the_rest_of_a_batch_stands(world: World, fate: str):
    of_old_plan = {"appointment_id": world.appointment(world.patient(), revision=2), "revision": 1}
    first, other = world.text("a", **of_old_plan), world.text("b", **of_old_plan)
    with world.database.transaction() as session:
        session.exec(update(Message).values(attempts=1))  # both were in doubt when the appointment changed
    later = world.clock() + timedelta(hours=1)

    def plan_again(session: Session, appointment_id: str, now: datetime) -> None:
        if fate == "cancelled":
            cancel(session, [other], reason="the appointment changed", rule="replanned", now=now)
        else:
            keep(session, other, revision=2, due_at=later, useful_until=None, now=now)

    claimed = sorted(world.claim(), key=[first, other].index)
    with world.database.transaction() as session:
        house = replace(world.house(), plan_again=plan_again)
        assert record_attempts(session, claimed, worker="w1", house=house, now=world.clock()) == []
    row = world.row(other)
    assert (row.state, row.rule) == (fate, "replanned" if fate == "cancelled" else None)


def _alarm_words(world: World) -> list[str]:
    with world.database.session() as session:
        return list(session.exec(select(Alarm.words)).all())
