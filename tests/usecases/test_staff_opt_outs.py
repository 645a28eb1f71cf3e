"""A member of staff who texts STOP is cut off by Twilio: the next one is alerted, and the operator hears of it."""

import pytest
from sqlmodel import col

from bot.records.database import Database
from bot.records.numbers import ensure_numbers, record_opt_out
from bot.records.tables import Alarm
from tests.usecases.front_desk import KIM, LEE, FrontDesk, local


@pytest.fixture
def desk(database: Database) -> FrontDesk:
    """Maria was treated yesterday; Kim is asked first, then Lee."""
    desk = FrontDesk(database, now=local("2026-03-17 10:00"))
    desk.book()
    desk.now = local("2026-03-18 12:00")
    return desk


def alarms(desk: FrontDesk) -> list[str]:
    return [alarm.words for alarm in desk.rows(Alarm, col(Alarm.cleared_at).is_(None))]


@pytest.mark.parametrize("words", ["STOP", "stop.", "Cancel", "END"])
def test_a_task_goes_to_the_next_person_at_once(desk: FrontDesk, words: str):
    assert desk.text(words, KIM) is None
    desk.text("do you validate parking")
    assert desk.alerts(KIM) == []
    assert desk.alerts(LEE)[0].startswith("TASK 1")
    assert "Kim of the staff has texted STOP" in alarms(desk)[0]


def test_what_only_twilio_knows_counts_as_well(desk: FrontDesk):
    with desk.database.transaction() as session:
        ensure_numbers(session, [KIM])
        record_opt_out(session, KIM, at=desk.now, words=None, via="twilio 21610")
    desk.text("do you validate parking")
    assert desk.alerts(LEE)[0].startswith("TASK 1")
    assert len(alarms(desk)) == 1


def test_a_task_taken_before_goes_on_with_somebody_who_is_reached(desk: FrontDesk):
    desk.text("do you validate parking")
    desk.text("A 1", KIM)
    desk.text("STOP", KIM)
    desk.text("and is there a lift")
    assert "lift" in desk.alerts(LEE)[-1]


def test_where_nobody_is_reached_everybody_is_tried(desk: FrontDesk):
    desk.text("STOP", KIM)
    desk.text("STOP", LEE)
    desk.text("theres yellow pus coming out of my cheek")
    assert desk.alerts(KIM) and desk.alerts(LEE)


def test_start_brings_the_alerts_back(desk: FrontDesk):
    desk.text("STOP", KIM)
    assert "alerts again" in (desk.text("START", KIM) or "")
    assert alarms(desk) == []
    desk.text("do you validate parking")
    assert desk.alerts(KIM)[0].startswith("TASK 1")


def test_yes_is_no_start_where_nobody_has_stopped(desk: FrontDesk):
    assert "not understood" in (desk.text("yes", KIM) or "")


def test_other_words_do_not_stop_anything(desk: FrontDesk):
    assert "not understood" in (desk.text("stop that patient from running", KIM) or "")
    assert desk.rows(Alarm) == []


def test_a_stop_of_staff_who_are_patients_counts_for_both(desk: FrontDesk):
    desk.book("A-2", "Kim Park", KIM, starts_at=local("2026-03-30 10:00"))
    assert "taken off" in (desk.text("STOP", KIM) or "")
    assert len(alarms(desk)) == 1
    assert "again" in (desk.text("START", KIM) or "")
    assert alarms(desk) == []
