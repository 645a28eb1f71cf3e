"""The same external_id posted again: for the same person it is an update, for another she starts from nothing."""

import pytest

from bot.outbox.model import State
from bot.records.database import Database
from bot.records.tables import Message, Patient
from tests.usecases.front_desk import ANA, MARIA, FrontDesk, local


@pytest.fixture
def answered(database: Database) -> FrontDesk:
    """Maria was welcomed, has answered every question and confirmed; it is two days before her treatment."""
    desk = FrontDesk(database)
    desk.book(flags=["eyes"])
    for answer in ("Y", "N", "N"):
        desk.wait(minutes=5)
        desk.text(answer)
    desk.at("2026-03-15 12:00")
    desk.text("C")
    return desk


OTHERS = {
    "another person on another number": ("Ana Silva", ANA),
    "another person on the same number": ("Ana Gomez", MARIA),
    "the same name on another number": ("Maria Gomez", ANA),
}


@pytest.mark.parametrize(("name", "phone"), OTHERS.values(), ids=OTHERS)
def test_whoever_else_it_is_now_starts_with_what_was_posted(answered: FrontDesk, name: str, phone: str):
    since = answered.now
    answered.book(name=name, phone=phone, flags=["prp"])
    row = answered.appointment()
    assert (row.flags, row.confirmed_at) == ({"prp": True}, None)
    answered.wait(hours=7)
    heard = answered.heard(phone, since=since)
    assert any(f"hi {name.split()[0]}, your micro-needling is" in words for words in heard)
    assert any("prone to cold sores?" in words for words in heard)
    assert not any("antiviral today" in words for words in heard)


def test_who_was_told_of_the_date_hears_that_it_is_off(answered: FrontDesk):
    answered.book(name="Ana Silva", phone=ANA)
    answered.send()
    assert answered.heard()[-1].startswith("Bright Skin: your micro-needling on Tue Mar 17 is off.")
    answered.at("2026-03-20 12:00")
    assert answered.heard()[-1].startswith("Bright Skin: your micro-needling on Tue Mar 17 is off.")
    assert sum("is off" in words for words in answered.heard()) == 1


def test_given_back_before_she_heard_that_it_is_off_she_never_hears_it(answered: FrontDesk):
    answered.at("2026-03-15 22:00")
    answered.book(name="Ana Silva", phone=ANA)
    answered.wait(minutes=5)
    answered.book()
    assert answered.row("called-off").state == State.CANCELLED
    answered.at("2026-03-17 13:00")
    assert not any("is off" in words or "is now" in words for words in answered.heard())


def test_given_back_after_she_heard_that_it_is_off_she_hears_that_it_stands(answered: FrontDesk):
    for _ in range(2):
        answered.book(name="Ana Silva", phone=ANA)
        answered.wait(minutes=5)
        assert "is off" in answered.heard()[-1]
        answered.book()
        answered.wait(minutes=5)
        assert "your micro-needling is now Tue Mar 17 at 2:00 PM" in answered.heard()[-1]


def test_given_to_and_fro_in_a_night_nobody_hears_what_is_untrue(answered: FrontDesk):
    answered.book(name="Ana Silva", phone=ANA)
    answered.at("2026-03-15 22:00")
    for _ in range(2):
        answered.book()
        answered.book(name="Ana Silva", phone=ANA)
    answered.change(status="cancelled")
    answered.book()
    answered.at("2026-03-17 13:00")
    told = [words for words in answered.heard() if "is off" in words or "is now" in words]
    assert "is now Tue Mar 17 at 2:00 PM" in told[-1]
    assert "is off" in answered.heard(ANA)[-1]


def test_on_one_phone_it_is_said_whose_is_off(answered: FrontDesk):
    answered.book(name="Ana Gomez", phone=MARIA)
    answered.send()
    assert any(words.startswith("Bright Skin (for Maria): your micro-needling on Tue") for words in answered.heard())


def test_at_night_it_waits_for_the_morning(answered: FrontDesk):
    answered.at("2026-03-15 22:00")
    answered.book(name="Ana Silva", phone=ANA)
    assert answered.row("called-off").due_at == local("2026-03-16 08:00")


def test_who_was_told_of_nothing_hears_nothing(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.book(name="Ana Silva", phone=ANA)
    desk.at("2026-03-16 12:00")
    assert desk.heard() == []


def test_under_a_number_of_her_own_she_does_not_hear_that_it_is_off(answered: FrontDesk):
    answered.book(phone=ANA)
    assert answered.rows(Message, Message.step == "called-off") == []


@pytest.mark.parametrize(
    ("name", "zone", "at"),
    [
        ("Maria Gomez", None, "10:00 AM"),  # in Los Angeles, where she lives
        ("Mria Gomez", None, "10:00 AM"),
        ("Maria Gomez", "America/Chicago", "12:00 PM"),
        ("Ana Silva", None, "1:00 PM"),
    ],
)
def test_a_number_put_right_leaves_her_in_her_time_zone(database: Database, name: str, zone: str | None, at: str):
    desk = FrontDesk(database)
    desk.book(timezone="America/Los_Angeles", starts_at=local("2026-03-17 13:00"))
    desk.wait(minutes=5)
    desk.book(name=name, phone=ANA, timezone=zone, starts_at=local("2026-03-17 13:00"))
    desk.wait(minutes=5)
    assert f"your micro-needling is Tue Mar 17 at {at}" in desk.heard(ANA)[0]


def test_a_number_put_right_changes_nobody_s_time_zone_who_is_known_there(sqlite_database: Database):
    desk = FrontDesk(sqlite_database)
    desk.book("A-2", phone=ANA, timezone="America/Chicago", starts_at=local("2026-04-17 13:00"))
    desk.book(timezone="America/Los_Angeles")
    desk.book(phone=ANA)
    assert {p.phone: p.timezone for p in desk.rows(Patient)}[ANA] == "America/Chicago"


def test_a_name_written_anew_is_the_same_person(answered: FrontDesk):
    before = answered.appointment()
    view = answered.book(name="Maria Gomez-Lopez")
    row = answered.appointment()
    assert (row.flags, row.confirmed_at, view.patient_name) == (before.flags, before.confirmed_at, "Maria Gomez-Lopez")
    assert len(answered.rows(Patient)) == 1
    assert "welcome" not in answered.steps("scheduled")


def test_a_name_written_anew_that_is_known_already_takes_everything_along(answered: FrontDesk):
    answered.book("A-2", "Maria Lopez", starts_at=local("2026-04-21 10:00"))
    before = answered.appointment()
    answered.book(name="Maria Lopez")
    assert answered.appointment().flags == before.flags
    assert answered.appointment().confirmed_at == before.confirmed_at
    assert answered.steps("delivered", "sent", "accepted").count("welcome") + answered.steps("scheduled").count(
        "welcome"
    ) == len({"A-1", "A-2"})


# Flags ------------------------------------------------------------------------------------------------------------


def test_what_a_booking_said_goes_with_it_and_what_she_said_stays(answered: FrontDesk):
    view = answered.book(flags=[])
    assert view.flags == {"cold_sores": True, "accutane": False, "medicines": False}
    assert any("eyes was booked before" in note for note in view.notes)
    assert any(note.startswith("cold_sores stays") for note in view.notes)


def test_a_booking_that_says_nothing_of_flags_changes_none(answered: FrontDesk):
    before = answered.appointment()
    view = answered.book()
    assert (view.flags, view.notes, view.revision) == (before.flags, (), before.revision)


def test_a_booked_yes_counts_more_than_her_no(answered: FrontDesk):
    view = answered.book(flags=["eyes", "medicines", "cold_sores"])
    assert view.flags["medicines"] is True
    assert view.notes == ("The patient answered no to medicines; the booking's yes counts.",)


def test_what_was_set_otherwise_since_is_not_her_word_any_more(answered: FrontDesk):
    answered.change(flags={"cold_sores": False})
    answered.change(flags={"cold_sores": True})
    assert answered.book(flags=["eyes"]).flags["cold_sores"] is True  # it is again what she said
    answered.change(flags={"cold_sores": False})
    assert answered.book(flags=["eyes"]).flags["cold_sores"] is False


# What was called off ------------------------------------------------------------------------------------------------


def test_posted_again_a_cancelled_appointment_stands_again(answered: FrontDesk):
    answered.change(status="cancelled")
    answered.send()
    assert "is off" in answered.heard()[-1]
    view = answered.book()
    assert (view.status, view.notes) == ("booked", ("It was cancelled and stands again.",))
    assert "day-of" in answered.steps("scheduled")
    answered.send()
    assert "Tue Mar 17" in answered.heard()[-1] and "is off" not in answered.heard()[-1]


def test_posted_again_with_a_time_to_come_whoever_did_not_come_is_expected_again(answered: FrontDesk):
    answered.now = local("2026-03-17 18:00")
    answered.change(status="no_show")
    assert answered.book().notes == ("It stays no_show, for its time is past.",)
    assert answered.appointment().status == "no_show"
    view = answered.book(starts_at=local("2026-03-24 14:00"))
    assert (view.status, view.notes) == ("booked", ("It was no_show and stands again.",))
