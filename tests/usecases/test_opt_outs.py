"""STOP is total and instant, in the carrier's words and in plain ones; START gives back what still helps."""

from datetime import timedelta

import pytest
from sqlmodel import col

from bot.outbox.model import State
from bot.records.database import Database
from bot.records.tables import Message
from bot.usecases.inbound import handle
from tests.usecases.front_desk import ANA, KIM, LEE, MARIA, FrontDesk, at_once, local

CARRIERS = ["STOP", "stop", "Stop.", " STOP ", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL", "REVOKE", "OPTOUT"]
PLAIN = ["please stop texting me", "take me off this list", "no more texts please", "unsubscribe me", "opt out"]


@pytest.mark.parametrize("words", CARRIERS + PLAIN)
def test_every_way_to_say_stop(sqlite_database: Database, words: str):
    desk = FrontDesk(sqlite_database)
    desk.book()
    answer = desk.text(words)
    number = desk.number()
    assert (number.opted_out_at, number.opt_out_words, number.opt_out_via) == (desk.now, words, "text")
    assert desk.steps("scheduled") == []
    assert "taken off" in (answer or "")
    assert desk.at("2026-04-05 12:00").heard() == [answer]


def test_everything_pending_is_suppressed_even_what_a_worker_holds(database: Database):
    desk = FrontDesk(database)
    desk.book()
    held = desk.claim()
    desk.text("STOP")
    assert desk.hand_over(held) == []
    assert desk.row("welcome").rule == "opted-out"
    assert desk.row("welcome").reason == "the patient texted STOP"


def test_stop_at_the_very_moment_of_sending(database: Database):
    desk = FrontDesk(database)
    desk.book()
    held = desk.claim()
    going, _ = at_once(lambda: desk.hand_over(held), lambda: desk.text("STOP"))
    desk.wait(days=20)
    assert len(going) in (0, len(held))  # all before the STOP, or none
    assert len(desk.heard()) == len(going) + 1


def test_twilio_s_own_confirmation_is_the_only_one(database: Database):
    desk = FrontDesk(database)
    desk.book()
    assert desk.text("STOP", opt_out="STOP") is None
    assert desk.number().opted_out_at == desk.now
    assert desk.heard() == []


def test_a_keyword_that_only_twilio_knows_counts(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.text("NOTEXT", opt_out="STOP")
    assert desk.number().opt_out_words == "NOTEXT"
    assert desk.cases() == []
    desk.text("GOTEXT", opt_out="START")
    assert desk.number().opted_out_at is None


def test_stop_is_confirmed_once(database: Database):
    desk = FrontDesk(database)
    desk.book()
    assert desk.text("STOP") is not None
    desk.wait(minutes=5)
    first = desk.number()
    assert desk.text("STOP") is None
    assert desk.text("stop texting me!!") is None
    assert (desk.number().opted_out_at, desk.number().opt_out_words) == (first.opted_out_at, "STOP")


@pytest.mark.parametrize("words", ["CAN I EXERCISE", "HELP", "C", "MOVE", "Y", "do you validate parking", "", "thanks"])
def test_after_stop_nothing_is_answered(sqlite_database: Database, words: str):
    desk = FrontDesk(sqlite_database)
    desk.book()
    desk.at("2026-03-15 12:00")
    desk.text("STOP")
    desk.wait(minutes=1)
    before = desk.heard()
    assert desk.text(words) is None
    assert desk.at("2026-04-05 12:00").heard() == before
    assert all(row.outcome for row in desk.inbound())


@pytest.mark.parametrize("words", ["theres pus coming out", "i cant breathe"])
def test_after_stop_a_warning_still_reaches_staff(database: Database, words: str):
    desk = FrontDesk(database)
    desk.book()
    desk.text("STOP")
    desk.at("2026-03-18 12:00")
    assert desk.text(words) is None
    desk.wait(minutes=6)
    desk.climb()
    desk.wait(minutes=1)
    assert all(any(words in alert for alert in desk.alerts(phone)) for phone in (KIM, LEE))
    assert len(desk.heard()) == 1


@pytest.mark.parametrize("now", ["2026-03-17 14:05", "2026-03-18 12:00", "2026-03-31 13:00"])
def test_stop_under_care_asks_staff_to_call(database: Database, now: str):
    desk = FrontDesk(database)
    desk.book()
    desk.now = local(now)
    desk.text("STOP")
    assert desk.case().reason == "has texted STOP while under care, please call"
    assert desk.case().urgency == "routine"


@pytest.mark.parametrize("now", ["2026-03-10 12:00", "2026-04-01 12:00"])
def test_stop_without_care_bothers_nobody(database: Database, now: str):
    desk = FrontDesk(database)
    desk.book()
    desk.now = local(now)
    desk.text("STOP")
    assert desk.cases() == []


def test_stop_while_a_case_is_open_is_told_to_whoever_has_it(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.text("do you validate parking")
    desk.text("A 1", KIM)
    desk.text("STOP")
    assert "STOP" in desk.alerts(KIM)[-1]
    assert len(desk.cases()) == 1


def test_a_warning_and_stop_in_one_text_do_both(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.now = local("2026-03-18 12:00")
    assert "taken off" in (desk.text("my cheek is oozing pus, stop texting me") or "")
    assert desk.number().opted_out_at == desk.now
    assert desk.case().urgency == "urgent"
    assert "STOP" in desk.case().reason
    assert any("URGENT" in alert for alert in desk.alerts(LEE))


def test_start_gives_back_what_is_still_useful(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.text("STOP")
    desk.now = local("2026-03-16 12:00")
    assert "you will get our texts again" in (desk.text("START") or "")
    desk.at("2026-04-05 12:00")
    assert {"day-of", "after-care", "check-in", "two-weeks"} <= set(desk.steps("accepted"))


def test_start_gives_back_nothing_that_is_over(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.text("STOP")
    desk.now = local("2026-03-18 12:00")
    desk.text("START")
    back = desk.steps("scheduled")
    assert {"check-in", "two-weeks"} <= set(back)
    assert not {"welcome", "day-of", "after-care", "wash-window"} & set(back)
    desk.send()
    assert not any("Do not shave" in words for words in desk.heard())


def test_what_changed_between_stop_and_start_is_given_back_as_it_is_now(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.now = local("2026-03-17 13:00")
    desk.text("STOP")
    desk.now = local("2026-03-17 14:50")
    desk.change(procedure_ended_at=local("2026-03-17 14:40"))
    desk.text("START")
    desk.at("2026-04-05 12:00")
    assert {"after-care", "check-in", "one-week", "two-weeks"} <= set(desk.steps("accepted"))
    assert not [m.step for m in desk.rows(Message) if m.rule == "superseded"]


def test_a_move_between_stop_and_start_brings_back_one_plan_only(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.text("STOP")
    desk.change(starts_at=local("2026-03-19 10:00"))
    desk.text("START")
    assert desk.row("day-of", state="scheduled").due_at == local("2026-03-19 08:00")
    desk.at("2026-04-08 12:00")
    assert desk.steps("accepted").count("day-of") == 1


def test_start_without_stop_changes_nothing(database: Database):
    desk = FrontDesk(database)
    desk.book()
    before = desk.show()
    assert desk.text("START") is not None
    assert desk.show() == before


def test_stop_and_start_over_and_over_end_where_they_began(database: Database):
    desk = FrontDesk(database)
    desk.book()
    before = desk.steps("scheduled")
    for words in ("STOP", "START", "STOP", "START"):
        desk.text(words)
    assert desk.steps("scheduled") == before


@pytest.mark.parametrize("stops", [True, False], ids=["after START", "after an outage"])
@pytest.mark.parametrize(("silent_from", "went"), [("13 12:00", "antiviral-start"), ("14 12:00", "antiviral-again")])
def test_the_antiviral_of_several_days_is_said_once(database: Database, stops: bool, silent_from: str, went: str):
    desk = FrontDesk(database)
    desk.book(flags=["cold_sores"])
    desk.at(f"2026-03-{silent_from}")
    if stops:
        desk.text("STOP")
    desk.now = since = local("2026-03-16 12:00")
    if stops:
        desk.text("START")
    desk.wait(minutes=5)
    taken = desk.rows(Message, col(Message.step).startswith("antiviral"), col(Message.attempted_at) >= since)
    assert [m.step for m in taken] == [went]
    desk.at("2026-03-17 13:00")
    assert any("It is the day of your micro-needling" in words for words in desk.heard(since=since))


@pytest.mark.parametrize(("late", "since", "opted_out"), [("START", "STOP", True), ("STOP", "START", False)])
def test_a_text_that_reaches_us_late_does_not_undo_what_was_said_since(database: Database, late, since, opted_out):
    desk = FrontDesk(database)
    desk.book()
    desk.text("STOP" if late == "START" else "hi")
    if since == "START":
        desk.text("STOP")
    earlier = desk.now + timedelta(minutes=10)
    desk.now += timedelta(minutes=20)
    desk.text(since)
    if late == "START":
        with database.transaction() as session:  # she had said STOP anew, after the START that we missed
            number = session.get_one(type(desk.number()), MARIA)
            number.opted_out_at = desk.now
    desk.now += timedelta(minutes=5)
    handle(desk.clinic, database, desk.only_store(late, sent_at=earlier), now=desk.now, by_webhook=False)
    assert (desk.number().opted_out_at is not None) is opted_out


def test_stop_is_for_the_number_and_no_other(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.book("A-2", "Ana Silva", ANA)
    desk.text("STOP")
    assert "day-of" in desk.steps(State.SCHEDULED, phone=ANA)
