"""A text comes in: kept before it is understood, acted on once, answered once, whatever happens in between."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlmodel import col
from structlog.testing import capture_logs

from bot.conversation.model import Kind
from bot.outbox.model import State
from bot.records.database import Database
from bot.records.tables import Inbound, Message
from bot.usecases import inbound
from tests.usecases.front_desk import KIM, MARIA, STRANGER, FrontDesk, at_once, clinic, local

SID = "SM" + "1" * 32
PUS = "theres yellow pus coming out of my cheek"


@pytest.fixture
def treated(database: Database) -> FrontDesk:
    """The day after Maria's treatment, noon; what was to be texted has been."""
    return the_day_after(database)


@pytest.fixture
def treated_on_sqlite(sqlite_database: Database) -> FrontDesk:
    """The same, where only the words differ from test to test."""
    return the_day_after(sqlite_database)


def the_day_after(database: Database) -> FrontDesk:
    """Booked on the very day, so that little has to be sent before it is over."""
    desk = FrontDesk(database, now=local("2026-03-17 10:00"))
    desk.book()
    desk.at("2026-03-17 14:50")
    desk.change(procedure_ended_at=local("2026-03-17 14:40"))
    return desk.at("2026-03-18 12:00")


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
    assert "2:40 PM" in treated.heard()[-1]
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


# Answers to our questions -----------------------------------------------------------------------------------------


def test_a_fault_is_logged_without_the_patient_s_words(booked: FrontDesk, monkeypatch):
    break_understanding(monkeypatch, ValueError("invalid literal: 'my face is weird'"))
    with capture_logs() as logged:
        booked.text("my face is weird")
    (line,) = [each for each in logged if each["log_level"] == "error"]
    assert line["fault"] == "ValueError"
    assert any(where.startswith("patient_texts.py:") for where in line["where"])
    assert "weird" not in str(logged)


ANSWERS = {
    "ask-cold-sores": ("cold_sores", "Y", True),
    "ask-cold-sores no": ("cold_sores", "nope never had one", False),
    "ask-cold-sores in words": ("cold_sores", "yeah since i was a kid", True),
}


@pytest.mark.parametrize(("flag", "words", "holds"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_sets_its_flag_and_plans_what_follows(sqlite_database: Database, flag, words, holds):
    desk = FrontDesk(sqlite_database)
    desk.book()
    desk.wait(minutes=5)
    assert desk.text(words) is not None
    assert desk.appointment().flags == {flag: holds}
    assert ("antiviral-start" in desk.steps("scheduled")) is holds


def test_the_question_asked_last_is_the_one_answered(booked: FrontDesk):
    booked.text("Y")
    assert booked.appointment().flags == {"medicines": True}


def test_the_next_question_follows_the_answer_at_once(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.wait(minutes=5)
    desk.text("no")
    desk.wait(minutes=1)
    assert "Accutane" in desk.heard()[-1]
    desk.text("N")
    desk.wait(minutes=1)
    assert "blood thinners, or anti-inflammatories" in desk.heard()[-1]
    desk.text("no i dont take any")
    assert desk.appointment().flags == {"cold_sores": False, "accutane": False, "medicines": False}


@pytest.mark.parametrize("flag", ["accutane", "medicines"])
def test_a_yes_that_matters_goes_to_staff(database: Database, flag: str):
    desk = FrontDesk(database)
    before = {"cold_sores": False} if flag == "accutane" else {"cold_sores": False, "accutane": False}
    desk.book()
    desk.change(flags=before)
    desk.wait(minutes=5)
    desk.text("yes")
    assert desk.appointment().flags[flag] is True
    assert desk.case().reason.startswith("answered yes")


def test_a_yes_to_nothing_goes_to_staff(treated: FrontDesk):
    assert "no open question" in (treated.text("Y") or "")
    assert treated.case().urgency == "routine"


@pytest.mark.parametrize("words", ["C", "c", " C. ", "confirm", "Y", "yes i will be there"])
def test_the_appointment_is_confirmed(sqlite_database: Database, words: str):
    desk = FrontDesk(sqlite_database)
    desk.book(flags=["cold_sores"])
    desk.change(flags={"accutane": False, "medicines": False})
    desk.now = local("2026-03-15 12:00")
    desk.send()
    assert "confirmed for Tue Mar 17" in (desk.text(words) or "")
    assert desk.appointment().confirmed_at == desk.now
    assert desk.cases() == []


@pytest.mark.parametrize("words", ["MOVE", "Move please", "N"])
def test_another_time_is_asked_for(sqlite_database: Database, words: str):
    desk = FrontDesk(sqlite_database)
    desk.book()
    desk.change(flags={"cold_sores": False, "accutane": False, "medicines": False})
    desk.now = local("2026-03-15 12:00")
    desk.send()
    assert "another time" in (desk.text(words) or "")
    assert desk.case().urgency == "routine"
    assert desk.appointment().confirmed_at is None


def test_a_confirmation_of_nothing_goes_to_staff(treated: FrontDesk):
    assert "no appointment of yours ahead" in (treated.text("C") or "")
    assert treated.case().reason.startswith("confirms")


# Strange texts ----------------------------------------------------------------------------------------------------

STRANGE = {
    "a picture": {"body": "", "media": 2},
    "nothing": {"body": ""},
    "blanks": {"body": " \n\t "},
    "control characters": {"body": "\x01\x02\x1f\x7f"},
    "a NUL in the middle": {"body": "zzgh\x00qpf"},
    "half an emoji": {"body": "\ud83d"},
    "5,000 characters": {"body": "qwx zpf " * 625},
    "one word of 1,600 letters": {"body": "x" * 1600},
    "markup": {"body": "<Response><Message>&amp;</Message></Response>"},
    "braces": {"body": "{clinic} {0} {{}} %s"},
}


@pytest.mark.parametrize("given", STRANGE.values(), ids=STRANGE)
def test_strange_texts_are_kept_answered_and_seen_by_staff(treated_on_sqlite: FrontDesk, given):
    desk = treated_on_sqlite
    answer = desk.text(**given)
    (row,) = desk.inbound()
    assert row.handled_at == desk.now
    assert row.outcome
    assert answer is not None
    assert desk.cases(), "nothing a patient reports may reach no one"


@pytest.mark.parametrize("words", ["\U0001f44d", "\U0001f64f", "ok!!", "\u2764\ufe0f"])
def test_a_thumb_up_is_kept_and_gets_silence(treated_on_sqlite: FrontDesk, words: str):
    assert treated_on_sqlite.text(words) is None
    assert treated_on_sqlite.inbound()[0].outcome == Kind.CHITCHAT
    assert treated_on_sqlite.cases() == []


def test_a_warning_after_5000_characters_of_nothing_is_still_a_human_s(treated: FrontDesk):
    treated.text("blah " * 990 + "pus everywhere")
    assert treated.cases()


def test_the_same_unrecognised_text_twice_gets_another_reply(treated: FrontDesk):
    first, second, third = [treated.text("the zorp is glimming") for _ in range(3)]
    assert first != second != third


def test_a_machine_that_repeats_itself_is_not_answered_for_ever(treated: FrontDesk):
    answers = [treated.text("Please enter your PIN followed by the zorp key.") for _ in range(8)]
    assert answers[0] is not None
    assert answers[3:] == [None] * 5
    assert all(row.outcome for row in treated.inbound())


def test_the_loop_is_forgotten_after_a_while(treated: FrontDesk):
    for _ in range(5):
        treated.text("CAN I EXERCISE")
    treated.wait(minutes=11)
    assert treated.text("CAN I EXERCISE") is not None


def test_thanks_get_silence_and_bother_nobody(treated: FrontDesk):
    assert treated.text("thanks!") is None
    assert treated.cases() == []
    assert treated.inbound()[0].reading["kind"] == Kind.CHITCHAT


# Unknown numbers --------------------------------------------------------------------------------------------------


def test_a_stranger_is_told_once_and_staff_hear_of_it_once(database: Database):
    desk = FrontDesk(database)
    assert "no appointment with us" in (desk.text("is the truck for sale", STRANGER) or "")
    assert desk.text("hello??? the truck", STRANGER) is None
    assert desk.case().patient_id is None
    assert STRANGER in desk.case().reason


def test_a_stranger_in_danger_hears_of_911_and_everyone_is_alerted(database: Database):
    desk = FrontDesk(database)
    assert "911" in (desk.text("i cant breathe", STRANGER) or "")
    assert desk.case().urgency == "emergency"


def test_a_stranger_whom_staff_answer_reaches_them_with_what_follows(database: Database):
    desk = FrontDesk(database)
    desk.text("hi its me, new phone", STRANGER)
    desk.text("R 1 who is this?", KIM)
    desk.text("maria gomez, i got a new number", STRANGER)
    assert any("i got a new number" in words for words in desk.alerts(KIM))


def test_a_stranger_s_stop_and_start_count(database: Database):
    desk = FrontDesk(database)
    assert "taken off" in (desk.text("STOP", STRANGER) or "")
    assert desk.text("HELP", STRANGER) is None
    assert desk.text("is the truck for sale", STRANGER) is None
    assert "you will get our texts again" in (desk.text("START", STRANGER) or "")


# Treatments side by side ------------------------------------------------------------------------------------------


def test_the_stricter_of_two_treatments_answers(database: Database):
    desk = FrontDesk(database)
    desk.book("A-1", starts_at=local("2026-03-17 09:00"))
    desk.book("A-2", starts_at=local("2026-03-17 14:00"))
    desk.now = local("2026-03-17 16:00")
    assert "7:00 PM" in (desk.text("when can i wash my face") or "")


def test_two_treatments_never_bring_the_same_text_twice(database: Database):
    desk = FrontDesk(database)
    desk.book("A-1", starts_at=local("2026-03-17 09:00"))
    desk.book("A-2", starts_at=local("2026-03-17 14:00"))
    desk.at("2026-04-05 12:00")
    went = sorted(desk.rows(Message, col(Message.attempted_at).is_not(None)), key=lambda m: (m.body, m.attempted_at))
    again = [one.step for one, two in pairwise(went) if one.body == two.body and _within_a_day(one, two)]
    assert again == []


def _within_a_day(one: Message, two: Message) -> bool:
    return two.attempted_at - one.attempted_at < timedelta(days=1)


def test_a_limit_is_called_over_only_when_the_later_treatment_s_is(database: Database):
    desk = FrontDesk(database)
    desk.book("A-1", starts_at=local("2026-03-17 09:00"))
    desk.book("A-2", starts_at=local("2026-03-17 14:00"))
    desk.at("2026-04-05 12:00")
    over = desk.rows(Message, col(Message.step).in_(["wash-window", "exercise-again"]), Message.state == "accepted")
    assert {m.step: m.attempted_at for m in over} == {
        "wash-window": local("2026-03-17 19:00"), "exercise-again": local("2026-03-18 15:00"),
    }  # fmt: skip
    early = desk.rows(Message, Message.step == "exercise-again", Message.state == "suppressed")
    assert [m.rule for m in early] == ["later-treatment"]


# Hand-off ---------------------------------------------------------------------------------------------------------


def test_while_staff_are_in_touch_the_bot_passes_on_and_says_so_once(treated: FrontDesk):
    treated.text(PUS)
    treated.text("A 1", KIM)
    assert "went straight to Kim" in (treated.text("CAN I EXERCISE") or "")
    assert treated.text("and can i wash?") is None
    assert treated.text("thank you") is None
    assert [words.split(": ", 1)[1] for words in treated.alerts(KIM)[-3:]] == [
        "CAN I EXERCISE", "and can i wash?", "thank you",
    ]  # fmt: skip


def test_a_routine_task_nobody_took_keeps_the_bot_answering(treated: FrontDesk):
    treated.text("the zorp is glimming")
    assert "2:40 PM" in (treated.text("CAN I EXERCISE") or "")


def test_the_bot_answers_again_once_the_case_is_closed(treated: FrontDesk):
    treated.text(PUS)
    treated.text("D 1", KIM)
    assert "2:40 PM" in (treated.text("CAN I EXERCISE") or "")


def test_a_warning_in_a_hand_off_reaches_everyone_again(treated: FrontDesk):
    treated.text(PUS)
    treated.text("A 1", KIM)
    treated.wait(minutes=1)
    treated.text("now there is a big ulcer too")
    for phone in (KIM, "+12125550112"):
        assert any("ulcer too" in words for words in treated.alerts(phone)), phone
    assert len(treated.cases()) == 1


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
    assert "until 2:40 PM" in treated.heard()[-1]


def test_the_clinic_is_the_one_of_the_settings():
    assert clinic().staff[0].phone == KIM
    assert MARIA not in [person.phone for person in clinic().staff]
