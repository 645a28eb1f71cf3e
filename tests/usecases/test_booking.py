"""Booking: the plan's rows in one transaction, once however often it is asked for, and nothing half-written."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col

from bot.errors import BadRequest, NotFound
from bot.outbox.model import State
from bot.records.database import Database
from bot.records.tables import AppointmentRow, Consent, Message, Patient
from bot.usecases.appointment import book
from bot.usecases.bookings import Booking, ConsentGiven
from tests.usecases.front_desk import ANA, CLINIC, MARIA, FrontDesk, at_once, local


def test_booking_writes_the_whole_plan(database: Database):
    view = FrontDesk(database).book(flags=["cold_sores"])
    assert (view.revision, view.status) == (1, "booked")
    steps = [m.step for m in view.messages if m.state == State.SCHEDULED]
    assert {"welcome", "antiviral-start", "confirm", "day-of", "after-care", "two-weeks"} <= set(steps)
    assert steps[0] == "welcome"
    assert all(m.text for m in view.messages if m.state == State.SCHEDULED)


def test_a_plan_that_fails_leaves_nothing(database: Database):
    desk = FrontDesk(database)
    content = desk.clinic.contents["micro-needling"]
    twice = replace(content.timeline, steps=(*content.timeline.steps, content.timeline.steps[3]))
    desk.clinic = replace(desk.clinic, contents={"micro-needling": replace(content, timeline=twice)})
    with pytest.raises(Exception, match=r"(?i)unique"):
        desk.book()
    assert desk.rows(AppointmentRow) == desk.rows(Patient) == desk.rows(Message) == []


def test_the_same_call_twice_changes_nothing(database: Database):
    desk = FrontDesk(database)
    assert desk.book(flags=["eyes"]) == desk.book(flags=["eyes"])


def test_the_same_call_an_hour_later_changes_nothing(database: Database):
    desk = FrontDesk(database)
    booked = desk.book()
    desk.wait(hours=1)
    again = desk.book()
    assert again.revision == booked.revision
    assert [m.id for m in again.messages] == [m.id for m in booked.messages]


def test_the_same_call_twice_at_once_books_once(database: Database):
    desk = FrontDesk(database)
    views = at_once(*[desk.book] * 4)
    assert len({view.id for view in views}) == 1
    assert len(desk.rows(AppointmentRow)) == len(desk.rows(Patient)) == 1
    assert desk.steps().count("welcome") == 1


def test_two_appointments_of_one_patient_at_once_make_one_patient(database: Database):
    desk = FrontDesk(database)
    at_once(lambda: desk.book("A-1"), lambda: desk.book("A-2", starts_at=local("2026-04-21 10:00")))
    assert len(desk.rows(Patient)) == 1


def test_two_patients_swapping_numbers_at_once_both_get_through(database: Database):
    desk = FrontDesk(database)
    desk.book("A-1"), desk.book("A-2", "Ana Silva", ANA)
    at_once(lambda: desk.book("A-1", phone=ANA), lambda: desk.book("A-2", "Ana Silva", MARIA))
    assert desk.steps("scheduled").count("day-of") == desk.steps("scheduled", phone=ANA).count("day-of") == 1


def test_whether_it_is_new_is_said(database: Database):
    desk = FrontDesk(database)
    booking = Booking("A-1", "Maria Gomez", MARIA, None, "micro-needling", local("2026-03-17 14:00"))
    assert [book(desk.clinic, database, booking, now=desk.now)[1] for _ in range(2)] == [True, False]


def test_an_end_nobody_gave_is_the_usual_length_on(database: Database):
    view = FrontDesk(database).book()
    assert view.ends_at - view.starts_at == timedelta(hours=1)


def test_the_welcome_goes_before_everything_else(database: Database):
    desk = FrontDesk(database, now=local("2026-03-17 11:00"))  # the day itself, with its time-critical text
    desk.book(flags=["cold_sores"])
    held = desk.claim()
    assert desk.rows(Message, Message.id == held[0])[0].step == "welcome"


def test_consent_is_kept_once(database: Database):
    desk = FrontDesk(database)
    consent = ConsentGiven("paper form", local("2026-03-01 10:00"))
    desk.book(consent=consent)
    desk.book(consent=consent)
    assert [each.method for each in desk.rows(Consent)] == ["paper form"]


REFUSED = {
    "the number we text from": ({"phone": CLINIC}, "patient.phone", CLINIC, "patient's own"),
    "a treatment nobody offers": ({"treatment": "botox"}, "treatment", "botox", "micro-needling"),
    "a flag nobody knows": ({"flags": ["freckles"]}, "flags", "freckles", "cold_sores"),
    "a start that is past": ({"starts_at": local("2026-03-03 11:59")}, "starts_at", "11:59", "coming"),
    "a start this very minute": ({"starts_at": local("2026-03-03 12:00")}, "starts_at", "12:00", "coming"),
    "an end before the start": ({"ends_at": local("2026-03-17 13:00")}, "ends_at", "13:00", "after starts_at"),
    "an end at the start": ({"ends_at": local("2026-03-17 14:00")}, "ends_at", "14:00", "after starts_at"),
    "a treatment of a day": ({"ends_at": local("2026-03-18 14:00")}, "ends_at", "03-18", "12 hours"),
}


@pytest.mark.parametrize(("given", "field", "value", "remedy"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_and_nothing_is_written(database: Database, given, field, value, remedy):
    desk = FrontDesk(database)
    with pytest.raises(BadRequest) as refused:
        desk.book(**given)
    assert refused.value.field == field
    assert value in str(refused.value.value)
    assert remedy in refused.value.remedy
    assert desk.rows(AppointmentRow) == desk.rows(Patient) == desk.rows(Message) == []


@pytest.mark.parametrize(("given", "field", "value", "remedy"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_leaves_a_known_appointment_as_it_was(sqlite_database: Database, given, field, value, remedy):
    desk = FrontDesk(sqlite_database)
    before = desk.book()
    with pytest.raises(BadRequest):
        desk.book(**{"name": "Mary Gomez", "phone": ANA, **given})
    assert desk.show() == before
    assert len(desk.rows(Patient)) == 1


def test_an_unknown_appointment_is_not_found(database: Database):
    with pytest.raises(NotFound, match="A-9"):
        FrontDesk(database).change("A-9", status="cancelled")


def test_an_opted_out_number_gets_a_plan_that_is_held_back(database: Database):
    desk = FrontDesk(database)
    desk.text("STOP")
    view = desk.book()
    states = {m.state for m in view.messages if m.step != "catch-up"}
    assert State.SCHEDULED not in states
    assert desk.row("day-of").rule == "opted-out"


def test_the_ledger_says_what_will_not_go_and_why(database: Database):
    desk = FrontDesk(database, now=local("2026-03-15 15:00"))  # two days ahead
    desk.book(flags=["cold_sores"])
    left_out = {(m.step, m.rule): m for m in desk.rows(Message, col(Message.settled_at).is_not(None))}
    assert {("sun-and-laser", "merged"), ("confirm", "late"), ("antiviral-again", "late")} <= set(left_out)
    assert all(m.reason and m.settled_at == desk.now for m in left_out.values())
    assert left_out["sun-and-laser", "merged"].state == State.CANCELLED
    assert left_out["confirm", "late"].state == State.EXPIRED


def test_the_ledger_is_not_doubled_by_planning_again(database: Database):
    desk = FrontDesk(database, now=local("2026-03-15 15:00"))
    desk.book(flags=["cold_sores"])
    before = sorted((m.step, m.rule) for m in desk.rows(Message) if m.rule)
    desk.change(flags=["eyes"])
    assert sorted((m.step, m.rule) for m in desk.rows(Message) if m.rule) == before
