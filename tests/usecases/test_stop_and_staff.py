"""Who hears of a STOP: staff, where she still needs care, however the STOP reached us and whoever said it."""

from datetime import timedelta

import pytest

from bot.outbox.attempts import record_attempts
from bot.outbox.receipts import take_in
from bot.outbox.settle import Settlement, settle
from bot.records.database import Database
from bot.records.tables import Message, new_id
from bot.sms.gateway import Accepted, Rejected
from bot.sms.gateway import Kind as Refusal
from tests.usecases.front_desk import KIM, LEE, STRANGER, FrontDesk, local, the_day_after

PLEASE_CALL = "has texted STOP while under care, please call"
REFUSED = Rejected(21610, 400, Refusal.OPT_OUT)


def refuse(desk: FrontDesk, *, late: bool, to: tuple[str, ...] = ()) -> None:
    """Twilio refuses what is due to these numbers (none: to any) with 21610: at once, or after taking it."""
    with desk.database.transaction() as session:
        going = record_attempts(session, desk.claim(), worker="w1", house=desk.house(), now=desk.now)
    outcomes = {each.id: REFUSED if not late else Accepted(f"SM{new_id()}", "queued", 1) for each in going}
    kept = {each.id: Accepted(f"SM{new_id()}", "queued", 1) for each in going if to and each.to not in to}
    with desk.database.transaction() as session:
        settled = [Settlement(each, (outcomes | kept)[each.id]) for each in going]
        settle(session, settled, now=desk.now, tell_staff=desk.tell_staff)
    for each in going if late else []:
        sid = desk.rows(Message, Message.id == each.id)[0].sid
        if each.id not in kept and sid:
            _receive(desk, sid)


def _receive(desk: FrontDesk, sid: str) -> None:
    with desk.database.transaction() as session:
        take_in(
            session, sid=sid, status="failed", error_code=21610, message_id=None, now=desk.now,
            tell_staff=desk.tell_staff,
        )  # fmt: skip


@pytest.mark.parametrize("late", [False, True], ids=["at once", "after taking it"])
def test_after_care_that_the_carrier_refuses_for_a_stop_is_a_task_to_call(database: Database, late: bool):
    desk = FrontDesk(database, now=local("2026-03-17 10:00"))
    desk.book()
    desk.now = local("2026-03-17 14:50")
    desk.change(procedure_ended_at=local("2026-03-17 14:40"))
    refuse(desk, late=late)
    assert "after-care" in desk.steps("suppressed")
    assert (desk.case().reason, desk.case().urgency) == (PLEASE_CALL, "routine")
    assert any("STOP" in words for words in desk.alerts(KIM))


@pytest.mark.parametrize("late", [False, True], ids=["at once", "after taking it"])
def test_a_text_refused_weeks_before_the_treatment_bothers_nobody(database: Database, late: bool):
    desk = FrontDesk(database)
    desk.book()
    refuse(desk, late=late)
    assert desk.number().opted_out_at == desk.now
    assert desk.cases() == []


def test_a_text_refused_before_start_is_a_task_and_start_stands(database: Database):
    desk = FrontDesk(database)
    desk.book()
    with desk.database.transaction() as session:
        (going,) = record_attempts(session, desk.claim()[:1], worker="w1", house=desk.house(), now=desk.now)
    desk.now += timedelta(seconds=5)
    desk.text("STOP")
    desk.now += timedelta(seconds=5)
    desk.text("START")
    with desk.database.transaction() as session:
        settle(session, [Settlement(going, REFUSED)], now=desk.now, tell_staff=desk.tell_staff)
    assert desk.number().opted_out_at is None
    assert "confirm" in desk.steps("scheduled")
    assert "START was texted only afterwards" in desk.case().reason


@pytest.mark.parametrize("late", [False, True], ids=["at once", "after taking it"])
def test_a_task_whose_alert_is_refused_goes_to_the_others_at_once(database: Database, late: bool):
    desk = the_day_after(database)
    desk.text("do you validate parking")
    refuse(desk, late=late, to=(KIM,))
    assert desk.case().climb_at == desk.now
    desk.climb()
    assert len(desk.alerts(LEE)) == 1


def test_a_warning_that_reached_another_waits_for_her_and_climbs_when_it_reached_nobody(database: Database):
    desk = the_day_after(database)
    desk.text("theres pus coming out")
    in_time = desk.case().climb_at
    refuse(desk, late=False, to=(KIM,))
    assert desk.case().climb_at == in_time
    desk.now = in_time
    desk.climb()
    refuse(desk, late=False, to=(KIM, LEE))
    assert desk.case().climb_at == desk.now


def test_alerts_that_all_fail_come_to_an_end(database: Database):
    desk = the_day_after(database)
    desk.text("theres pus coming out")
    for _ in range(20):
        refuse(desk, late=False)
        desk.climb()
        desk.now += timedelta(seconds=5)
    assert desk.climb() == 0
    assert len(desk.alerts(KIM)) < 8


def test_stop_from_a_number_without_appointment_is_told_where_a_case_is_open(database: Database):
    desk = FrontDesk(database, now=local("2026-03-18 12:00"))
    desk.text("theres pus coming out", STRANGER)
    desk.text("STOP", STRANGER)
    assert "STOP" in desk.alerts(KIM)[-1]
    assert len(desk.cases()) == 1
    told = len(desk.alerts(KIM))
    desk.text("STOP", STRANGER)
    assert len(desk.alerts(KIM)) == told


def test_stop_from_a_number_without_appointment_and_case_bothers_nobody(database: Database):
    desk = FrontDesk(database, now=local("2026-03-18 12:00"))
    desk.text("STOP", STRANGER)
    assert desk.cases() == []


def test_a_warning_and_stop_in_one_text_of_a_stranger_do_both(database: Database):
    desk = FrontDesk(database, now=local("2026-03-18 12:00"))
    assert "taken off" in (desk.text("my cheek is oozing pus, stop texting me", STRANGER) or "")
    assert desk.number(STRANGER).opted_out_at == desk.now
    assert desk.case().urgency == "urgent"


def test_a_keyword_that_only_twilio_knows_counts_from_a_stranger_too(database: Database):
    desk = FrontDesk(database, now=local("2026-03-18 12:00"))
    desk.text("NOTEXT", STRANGER, opt_out="STOP")
    assert desk.number(STRANGER).opted_out_at == desk.now
    assert desk.cases() == []


@pytest.mark.parametrize(
    ("words", "opt_out", "answered"), [("STOP", "", True), ("Unsubscribe.", "", True), ("NOTEXT", "STOP", False)]
)
@pytest.mark.parametrize("days", [0, 15])
def test_stop_counts_even_where_nothing_can_be_understood(
    database: Database, monkeypatch: pytest.MonkeyPatch, words: str, opt_out: str, answered: bool, days: int
):
    desk = FrontDesk(database)
    desk.book()
    desk.now += timedelta(days=days)
    monkeypatch.setattr("bot.usecases.patient_texts.understand", _broken)
    answer = desk.text(words, opt_out=opt_out)
    assert desk.number().opted_out_at == desk.now
    assert desk.steps("scheduled") == []
    assert ("taken off" in (answer or "")) is answered
    assert [case.reason for case in desk.cases()] == [PLEASE_CALL] * bool(days)


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError
