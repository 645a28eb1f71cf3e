"""A text comes in: kept before it is understood, acted on once, answered once, whatever happens in between."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.outbox.model import State
from bot.records.database import Database
from bot.records.tables import Inbound, Message
from bot.usecases import inbound
from tests.usecases.front_desk import KIM, STRANGER, FrontDesk, at_once, the_day_after

SID = "SM" + "1" * 32
PUS = "theres yellow pus coming out of my cheek"


@pytest.fixture
def treated(database: Database) -> FrontDesk:
    """Noon on the day after Maria's treatment."""
    return the_day_after(database)


@pytest.fixture
def booked(database: Database) -> FrontDesk:
    """Some days after the booking, with everything asked and nothing answered."""
    desk = FrontDesk(database)
    desk.book()
    return desk.at("2026-03-07 12:00")


def break_understanding(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def broken(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("bot.usecases.patient_texts.understand", broken)
    monkeypatch.setattr("bot.usecases.unknown_numbers.understand", broken)


def test_the_answer_carries_a_clock_time_and_our_id(treated: FrontDesk):
    xml = treated.xml("CAN I EXERCISE")
    (reply,) = treated.rows(Message, Message.kind == "reply")
    assert "2:40 PM" in (reply.body or "")
    assert f"https://bot.brightskin.test/twilio/status?m={reply.id}" in xml
    assert (reply.state, reply.attempts) == (State.UNKNOWN, 1)


def test_the_same_text_twice_gets_the_same_bytes_and_acts_once(treated: FrontDesk):
    answers = [treated.xml(PUS, sid=SID) for _ in range(2)]
    assert answers[0] == answers[1] != ""
    assert (
        len(treated.cases()) == len(treated.rows(Inbound)) == len(treated.rows(Message, Message.kind == "reply")) == 1
    )
    assert len(treated.alerts(KIM)) == 1


def test_the_same_text_at_the_same_time_gets_the_same_bytes_and_acts_once(treated: FrontDesk):
    answers = at_once(*[lambda: treated.xml(PUS, sid=SID)] * 4)
    assert len(set(answers)) == 1
    assert (
        len(treated.cases()) == len(treated.rows(Inbound)) == len(treated.rows(Message, Message.kind == "reply")) == 1
    )


def test_two_warnings_at_the_same_time_open_one_case(treated: FrontDesk):
    at_once(*[lambda words=words: treated.text(words) for words in (PUS, "its bleeding a lot now", "i have a fever")])
    assert len(treated.cases()) == 1
    assert len(treated.rows(Inbound)) == 3


def test_a_text_that_was_stored_when_we_died_is_answered_by_itself(treated: FrontDesk):
    treated.only_store("CAN I EXERCISE")
    assert treated.answer_unanswered() == 0  # the webhook may still be at it
    treated.wait(minutes=2)
    assert treated.answer_unanswered() == 1
    treated.send()
    assert sum("until 2:40 PM" in words for words in treated.heard()) == 1
    assert treated.answer_unanswered() == 0


def test_the_webhook_that_comes_again_after_a_crash_finds_the_answer_given(treated: FrontDesk):
    treated.only_store("CAN I EXERCISE")
    (row,) = treated.inbound()
    treated.wait(minutes=2)
    treated.answer_unanswered()
    assert treated.text("CAN I EXERCISE", sid=row.sid) is None
    assert len(treated.rows(Message, Message.kind == "reply")) == 1


FAULTS = [KeyError("x"), RuntimeError("x"), RecursionError(), AssertionError(), OSError("x")]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_fault_inside_understanding_goes_to_staff_and_answers(booked: FrontDesk, monkeypatch, fault):
    break_understanding(monkeypatch, fault)
    assert "passed this on to our team" in (booked.text("what is the meaning of this") or "")
    assert booked.case().reason == "could not be read by the bot"
    (row,) = booked.inbound()
    assert (row.outcome, row.handled_at) == ("fault", booked.now)


def test_a_fault_does_not_hold_up_the_texts_behind_it(booked: FrontDesk, monkeypatch):
    booked.only_store("one")
    booked.only_store("two", STRANGER)
    booked.wait(minutes=2)
    break_understanding(monkeypatch, RuntimeError("x"))
    assert booked.answer_unanswered() == 2


def test_a_fault_never_answers_somebody_who_opted_out(booked: FrontDesk, monkeypatch):
    booked.text("STOP")
    break_understanding(monkeypatch, RuntimeError("x"))
    assert booked.text("hello?") is None
    assert any("could not be read" in words for words in booked.alerts(KIM))


def test_a_fault_is_logged_without_the_patient_s_words(booked: FrontDesk, monkeypatch):
    break_understanding(monkeypatch, ValueError("invalid literal: 'my face is weird'"))
    with capture_logs() as logged:
        booked.text("my face is weird")
    (line,) = [each for each in logged if each["log_level"] == "error"]
    assert line["fault"] == "ValueError"
    assert any(where.startswith("patient_texts.py:") for where in line["where"])
    assert "weird" not in str(logged)


def test_what_is_late_is_told_to_be_late_but_a_warning_is_answered_as_one(treated: FrontDesk):
    for words in ("CAN I EXERCISE", PUS):
        treated.only_store(words, sent_at=treated.now - timedelta(hours=7))
    treated.wait(minutes=2)
    assert treated.answer_unanswered() == 2
    treated.send()
    heard = treated.heard()
    assert any("reached us late" in words for words in heard)
    assert any("staff have been alerted" in words for words in heard)
    assert treated.case().urgency == "urgent"


def test_an_answer_that_is_not_too_late_is_still_given(treated: FrontDesk):
    treated.only_store("CAN I EXERCISE", sent_at=treated.now - inbound.STILL_HELPS_FOR + timedelta(minutes=5))
    treated.wait(minutes=2)
    treated.answer_unanswered()
    treated.send()
    assert sum("until 2:40 PM" in words for words in treated.heard()) == 1
