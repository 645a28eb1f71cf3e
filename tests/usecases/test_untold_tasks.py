"""What our texts could not ask or say in time is asked and said by staff: one task, before the treatment."""

from datetime import timedelta

import pytest

from bot.outbox.model import State
from bot.records.database import Database
from bot.usecases.untold import tell_of_untold, tells_at
from tests.usecases.front_desk import KIM, FrontDesk, clinic, local


def tell(desk: FrontDesk) -> int:
    return tell_of_untold(desk.clinic, desk.database, now=desk.now)


def test_staff_hear_at_once_of_a_booking_in_the_night_before_an_early_treatment(database: Database):
    desk = FrontDesk(database, now=local("2026-03-16 21:00"))
    desk.book(starts_at=local("2026-03-17 07:30"), flags=["cold_sores"])
    assert tell(desk) == 1
    reason = desk.case().reason
    for words in ("Accutane", "blood thinners or anti-inflammatories", "no retinoids", "IPL or laser", "the antiviral"):
        assert words in reason
    assert "cold sores" not in reason and "shaving" not in reason
    assert desk.case().urgency == "routine"
    desk.send()
    assert "Please do so when she comes" in desk.heard(KIM)[0]
    desk.wait(minutes=5)
    assert tell(desk) == 0


def test_nothing_is_told_where_everything_was_asked_and_said(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.at("2026-03-17 13:59")
    assert tell(desk) == 0
    assert desk.cases() == []


def test_questions_that_the_silence_left_no_time_for_are_named(database: Database):
    desk = FrontDesk(database, now=local("2026-03-17 11:30"))
    desk.book()
    desk.wait(minutes=31)
    assert tell(desk) == 1
    assert "whether she takes blood thinners" in desk.case().reason
    assert "whether she is prone to cold sores" in desk.case().reason
    assert "Accutane" not in desk.case().reason


def test_a_question_answered_at_booking_is_not_missing(sqlite_database: Database):
    desk = FrontDesk(sqlite_database, now=local("2026-03-17 11:30"))
    desk.book()
    desk.change(flags={"cold_sores": False, "accutane": False, "medicines": False})
    desk.wait(minutes=31)
    assert tell(desk) == 0


def test_staff_tell_the_after_care_of_a_treatment_that_ends_in_the_night(database: Database):
    desk = FrontDesk(database)
    desk.book(starts_at=local("2026-03-17 19:00"))
    desk.at("2026-03-17 16:59")
    assert tell(desk) == 0
    desk.wait(minutes=1)
    assert tell(desk) == 1
    assert "Before she leaves tell her: wash gently" in desk.case().reason
    assert "ask or say before" not in desk.case().reason
    desk.at("2026-03-18 08:01")
    assert "until 8:00 PM. Avoid the sun" in desk.heard()[-2]
    assert desk.heard()[-1].startswith("Bright Skin: sore?")
    assert desk.row("after-care").state == State.SUPPRESSED


def test_a_treatment_called_off_needs_no_task(sqlite_database: Database):
    desk = FrontDesk(sqlite_database, now=local("2026-03-16 21:00"))
    desk.book(starts_at=local("2026-03-17 07:30"))
    desk.change(status="cancelled")
    assert tell(desk) == 0


def test_taking_the_task_tells_the_patient_nothing(sqlite_database: Database):
    desk = FrontDesk(sqlite_database, now=local("2026-03-17 11:30"))
    desk.book()
    desk.wait(minutes=31)
    tell(desk)
    before = len(desk.heard())
    assert "is yours" in (desk.text(f"A {desk.case().id}", KIM) or "")
    desk.wait(minutes=1)
    assert len(desk.heard()) == before


@pytest.mark.parametrize(
    ("starts", "tells"),
    [
        ("2026-03-17 14:00", "2026-03-17 12:00"),
        ("2026-03-17 09:00", "2026-03-17 08:00"),
        ("2026-03-17 08:15", "2026-03-16 19:59"),
        ("2026-03-17 06:30", "2026-03-16 19:59"),
    ],
)
def test_staff_hear_in_the_daytime_and_before_the_treatment(starts: str, tells: str):
    assert tells_at(clinic(), local(starts)) == local(tells)
    assert tells_at(clinic(), local(starts)) < local(starts) - timedelta(minutes=29)


# Changes in the night -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "changes", "words"),
    [
        ("2026-03-17 07:50", {"status": "cancelled"}, "(called-off): quiet hours end only"),
        ("2026-03-17 14:00", {"starts_at": local("2026-03-17 07:45")}, "(moved): quiet hours end only"),
        ("2026-03-17 07:50", {"starts_at": local("2026-03-17 14:00")}, "(moved): she would come before our text"),
    ],
    ids=["cancelled", "moved to the early morning", "moved from it"],
)
def test_a_change_in_the_night_that_is_texted_too_late_is_told_by_staff_at_once(
    database: Database, starts: str, changes: dict[str, object], words: str
):
    desk = FrontDesk(database)
    desk.book(starts_at=local(starts))
    desk.at("2026-03-16 20:05")
    desk.change(**changes)
    desk.send()
    assert desk.case().reason.startswith(f"too late to text {words}")
    assert any("her treatment" in heard for heard in desk.heard(KIM))
    desk.change(flags={"prp": True})
    assert len(desk.cases()) == 1


@pytest.mark.parametrize("changes", [{"status": "cancelled"}, {"starts_at": local("2026-03-17 15:00")}])
def test_a_change_in_the_night_that_the_morning_can_tell_is_no_task(
    sqlite_database: Database, changes: dict[str, object]
):
    desk = FrontDesk(sqlite_database)
    desk.book()
    desk.at("2026-03-16 20:05")
    desk.change(**changes)
    desk.at("2026-03-17 13:00")
    assert not any("too late" in case.reason for case in desk.cases())
    assert any("is off" in words or "is now" in words for words in desk.heard())


# What an outage left no time for ------------------------------------------------------------------------------------

WASH = "Please ask or tell her: wash gently, hands only, no earlier than 4 hours after"


def test_after_care_that_came_too_late_in_an_outage_is_told_by_staff(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.at("2026-03-17 14:50")
    desk.change(procedure_ended_at=local("2026-03-17 14:49"))
    desk.now = local("2026-03-17 19:20")
    desk.send()
    assert desk.row("after-care", rule="too-late").state == State.EXPIRED
    assert WASH in desk.case().reason and "Maria G" in desk.alerts(KIM)[0]
    desk.wait(hours=12)
    assert len(desk.cases()) == 1


def test_an_end_reported_in_an_outage_when_after_care_is_too_late_is_told_by_staff(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.at("2026-03-17 14:50")
    desk.now = local("2026-03-17 19:20")
    desk.change(procedure_ended_at=local("2026-03-17 14:49"))
    desk.send()
    assert WASH in desk.case().reason


def test_an_outage_over_the_treatment_is_one_task_that_names_everything(database: Database):
    desk = FrontDesk(database, now=local("2026-03-17 10:00"))
    desk.book()
    desk.now = local("2026-03-17 19:30")
    desk.send()
    for words in ("no shaving that day", "Accutane", "wash gently, hands only"):
        assert words in desk.case().reason


def test_what_came_too_late_and_matters_little_is_no_task(sqlite_database: Database):
    desk = FrontDesk(sqlite_database)
    desk.book()
    desk.at("2026-03-18 14:00")
    desk.now = local("2026-03-19 12:00")
    desk.send()
    assert desk.row("exercise-again").state == State.EXPIRED
    assert desk.cases() == []
