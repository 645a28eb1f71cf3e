"""Escalations: who is alerted when, how they climb, and one case a number."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation.model import Urgency
from bot.outbox.model import Kind
from bot.records.database import Database
from bot.records.tables import Message
from tests.usecases.front_desk import KIM, LEE, STRANGER, FrontDesk, at_once, local

PUS, DANGER, ODD = "theres yellow pus coming out of my cheek", "i cant breathe", "do you validate parking"
CALL_US = "we have not reached our team yet"


@pytest.fixture
def desk(database: Database) -> FrontDesk:
    """Maria was treated yesterday."""
    desk = FrontDesk(database, now=local("2026-03-17 10:00"))
    desk.book()
    desk.at("2026-03-17 15:30")
    desk.now = local("2026-03-18 12:00")
    return desk


@pytest.mark.parametrize(("words", "urgency"), [(PUS, "URGENT"), (DANGER, "EMERGENCY")])
def test_a_warning_alerts_everyone_at_once(desk: FrontDesk, words: str, urgency: str):
    desk.text(words)
    for phone in (KIM, LEE):
        (alert,) = desk.rows(Message, Message.to_phone == phone)
        assert alert.body.startswith(f"{urgency} 1: Maria G, day 1 after: ")
        assert (alert.due_at, alert.priority) == (desk.now, 0)


def test_an_emergency_tells_her_to_call_911(desk: FrontDesk):
    assert "911" in (desk.text(DANGER) or "")


def test_a_warning_at_night_alerts_everyone_at_once(desk: FrontDesk):
    desk.now = local("2026-03-19 03:00")
    desk.text(PUS)
    desk.send()
    assert len(desk.heard(KIM)) == len(desk.heard(LEE)) == 1


def test_a_task_goes_to_the_first_person_alone(desk: FrontDesk):
    desk.text(ODD)
    desk.send()
    assert desk.heard(KIM)[0].startswith("TASK 1: Maria G, day 1 after: ")
    assert desk.heard(LEE) == []


def test_a_task_of_the_night_waits_for_the_morning_and_climbs_from_then(desk: FrontDesk):
    desk.now = local("2026-03-18 23:00")
    desk.text(ODD)
    desk.text("and where do i park then")
    (first, again) = desk.rows(Message, Message.to_phone == KIM)
    assert first.due_at == again.due_at == local("2026-03-19 08:00")
    desk.now = local("2026-03-19 11:59")
    assert desk.climb() == 0
    desk.now = local("2026-03-19 12:00")
    assert desk.climb() == 1


def test_words_are_left_out_where_the_clinic_has_not_turned_them_on(desk: FrontDesk):
    desk.clinic = replace(desk.clinic, alert_words=False)
    desk.text(PUS)
    desk.text("its getting worse, more pus")
    assert desk.alerts(LEE)[-1].startswith("AGAIN URGENT 1: Maria G")
    desk.text(ODD)
    desk.climb()
    assert not any("pus" in (m.body or "") for m in desk.rows(Message, Message.kind == Kind.ALERT))
    assert "has texted again" in desk.alerts(LEE)[-1]


def test_long_words_are_shortened(desk: FrontDesk):
    desk.text(PUS + " and so on" * 100)
    assert len(desk.alerts(KIM)[0]) < 400


# The climb --------------------------------------------------------------------------------------------------------


def test_after_five_minutes_everyone_is_alerted_again_and_the_patient_told_to_call_once(desk: FrontDesk):
    desk.text(PUS)
    desk.wait(minutes=4, seconds=59)
    assert desk.climb() == 0
    desk.wait(seconds=1)
    assert desk.climb() == 1
    assert desk.climb() == 0
    desk.send()
    assert "STILL OPEN URGENT 1" in desk.heard(KIM)[-1]
    assert "STILL OPEN URGENT 1" in desk.heard(LEE)[-1]
    for _ in range(200):
        desk.now += timedelta(minutes=5)
        desk.climb()
    desk.send()
    assert sum(CALL_US in words for words in desk.heard()) == 1
    assert sum("STILL OPEN" in words for words in desk.alerts(KIM)) == 4


def test_what_somebody_took_does_not_climb(desk: FrontDesk):
    desk.text(PUS)
    desk.text("A 1", LEE)
    desk.wait(hours=1)
    assert desk.climb() == 0


def test_two_housekeepers_climb_once(desk: FrontDesk):
    desk.text(PUS)
    desk.wait(minutes=5)
    assert sum(at_once(desk.climb, desk.climb, desk.climb)) == 1


def test_taking_it_while_it_climbs_leaves_it_taken(desk: FrontDesk):
    desk.text(PUS)
    desk.wait(minutes=5)
    at_once(desk.climb, lambda: desk.text("A 1", KIM))
    assert desk.case().state == "acknowledged"
    desk.wait(hours=1)
    assert desk.climb() == 0


def test_the_stranger_is_told_to_call_too(database: Database):
    desk = FrontDesk(database)
    desk.text(DANGER, STRANGER)
    desk.wait(minutes=5)
    desk.climb()
    desk.send()
    assert CALL_US in desk.heard(STRANGER)[-1]


def test_who_opted_out_is_not_told_to_call(desk: FrontDesk):
    desk.text(PUS)
    desk.text("STOP")
    desk.wait(minutes=5)
    desk.climb()
    desk.send()
    assert not any(CALL_US in words for words in desk.heard())
    for phone in (KIM, LEE):
        (again,) = [words for words in desk.heard(phone) if words.startswith("STILL OPEN URGENT 1")]
        assert "She has texted STOP, please call +14155550101." in again
        assert "was told to call" not in again


def test_who_has_texted_start_again_is_told_to_call(desk: FrontDesk):
    desk.text(PUS)
    desk.text("STOP")
    desk.text("START")
    desk.wait(minutes=5)
    desk.climb()
    desk.send()
    assert any(CALL_US in words for words in desk.heard())
    assert desk.heard(LEE)[-1].endswith("The patient was told to call.")


# One case a number ------------------------------------------------------------------------------------------------


def test_a_second_warning_joins_the_first(desk: FrontDesk):
    desk.text(PUS)
    desk.text("and its bleeding a lot")
    assert desk.case().urgency == "urgent"
    (again,) = [words for words in desk.alerts(LEE) if "bleeding" in words]
    assert again.startswith("AGAIN URGENT 1: Maria G") and "Reply A 1 to take it" in again


def test_a_second_warning_does_not_put_off_the_climb_of_what_nobody_took(desk: FrontDesk):
    desk.text(PUS)
    climb_at = desk.case().climb_at
    desk.wait(minutes=4)
    desk.text("and its bleeding a lot")
    assert (desk.case().climbs, desk.case().climb_at) == (0, climb_at)


def test_a_new_warning_in_a_case_somebody_took_waits_for_somebody_again(desk: FrontDesk):
    desk.text(PUS)
    desk.text("A 1", KIM)
    desk.now = local("2026-03-20 02:00")
    desk.text("now i have a fever and its spreading")
    case = desk.case()
    assert (case.state, case.acknowledged_by, case.climbs) == ("open", None, 0)
    assert case.climb_at == desk.now + timedelta(minutes=5)
    desk.wait(minutes=5)
    assert desk.climb() == 1
    desk.send()
    again = "STILL OPEN URGENT 1: Maria G, day 3 after: sign of infection, redness increasing."
    assert all(desk.heard(phone)[-1].startswith(again) for phone in (KIM, LEE))
    assert any(CALL_US in words for words in desk.heard())
    assert "is yours" in (desk.text("A 1", LEE) or "")


def test_a_lesser_warning_does_not_take_the_place_of_the_danger_it_joins(desk: FrontDesk):
    desk.text(DANGER)
    danger = desk.case().reason
    desk.text("A 1", KIM)
    desk.text(PUS)
    assert (desk.case().state, desk.case().urgency, desk.case().reason) == ("open", "emergency", danger)


def test_a_new_warning_climbs_again_where_the_climbs_were_used_up(desk: FrontDesk):
    desk.text(PUS)
    climb_out(desk)
    assert (desk.case().state, desk.case().climb_at) == ("open", None)
    began = desk.wait(minutes=1).now
    desk.text("now i have a fever and its spreading")
    climb_out(desk)
    assert sum("STILL OPEN" in words for words in desk.heard(KIM, since=began)) == 4
    assert sum(CALL_US in words for words in desk.heard(since=began)) == 1


def test_what_is_no_warning_leaves_the_case_with_whoever_took_it(desk: FrontDesk):
    desk.text(PUS)
    desk.text("A 1", KIM)
    desk.text(ODD)
    assert (desk.case().state, desk.case().acknowledged_by) == ("acknowledged", "Kim")


def climb_out(desk: FrontDesk) -> None:
    """Nobody comes, for as long as the case climbs."""
    while desk.case().climb_at is not None:
        desk.wait(minutes=5)
        desk.climb()
        desk.send()


def test_a_second_emergency_says_so_on_every_phone(desk: FrontDesk):
    desk.text(DANGER)
    desk.text("A 1", KIM)
    desk.text("i am coughing up blood")
    assert all(any(words.startswith("AGAIN EMERGENCY 1") for words in desk.alerts(p)) for p in (KIM, LEE))


def test_a_task_that_becomes_a_warning_alerts_everyone_anew(desk: FrontDesk):
    desk.text(ODD)
    desk.wait(minutes=10)
    desk.text(PUS)
    assert (desk.case().urgency, desk.case().climb_at) == ("urgent", desk.now + timedelta(minutes=5))
    assert any(words.startswith("URGENT 1") for words in desk.alerts(LEE))


def test_a_task_somebody_took_that_becomes_a_warning_waits_for_somebody_again(desk: FrontDesk):
    desk.text(ODD)
    desk.text("A 1", KIM)
    desk.wait(hours=3)
    desk.text(PUS)
    assert desk.case().state == "open"
    desk.wait(minutes=5)
    assert desk.climb() == 1
    desk.send()
    assert any(CALL_US in words for words in desk.heard())
    assert "is yours" in (desk.text("A 1", LEE) or "")


def test_an_urgency_is_never_lowered(desk: FrontDesk):
    desk.text(DANGER)
    desk.text(PUS)
    desk.text(ODD)
    assert Urgency(desk.case().urgency) is Urgency.EMERGENCY


def test_what_she_says_next_joins_the_case_that_a_person_has(desk: FrontDesk):
    desk.text(ODD)
    desk.text("A 1", LEE)
    desk.text("R 1 can you come at 3 today?", LEE)
    with desk.database.transaction() as session:
        desk.tell_staff(session, desk.rows(Message, Message.step == "welcome")[0], "switched off", now=desk.now)
    desk.wait(minutes=2)
    assert "straight to Lee" in (desk.text("yes, 3 works for me") or "")
    desk.send()
    assert "1 Maria G: yes, 3 works for me" in desk.heard(LEE)
    assert not any("3 works" in words for words in desk.heard(KIM))


def test_a_warning_nobody_took_comes_before_a_task_somebody_took(desk: FrontDesk):
    desk.text(PUS)
    with desk.database.transaction() as session:
        desk.tell_staff(session, desk.rows(Message, Message.step == "welcome")[0], "switched off", now=desk.now)
    desk.text("A 2", LEE)
    desk.text("and its bleeding a lot")
    assert [case.state for case in desk.cases()] == ["open", "acknowledged"]
    assert any(words.startswith("AGAIN URGENT 1") for words in desk.alerts(KIM))


def test_a_closed_case_is_followed_by_a_new_one(desk: FrontDesk):
    desk.text(PUS)
    desk.text("D 1", KIM)
    desk.text(PUS)
    assert [case.state for case in desk.cases()] == ["resolved", "open"]


@pytest.mark.parametrize("step", ["welcome", "confirm", "after-care"])
def test_a_text_that_fails_asks_staff_to_call_whichever_it_was(desk: FrontDesk, step: str):
    with desk.database.transaction() as session:
        desk.tell_staff(session, desk.rows(Message, Message.step == step)[0], "it is a landline", now=desk.now)
    assert desk.case().reason == f"could not be texted ({step}): it is a landline"
    assert desk.case().urgency == Urgency.ROUTINE
    assert len(desk.alerts(KIM)) == 1


def test_an_alert_that_fails_alerts_nobody_of_that_and_goes_to_the_next_person(desk: FrontDesk):
    desk.text("do you validate parking")
    (alert,) = desk.rows(Message, Message.kind == Kind.ALERT, Message.to_phone == KIM)
    with desk.database.transaction() as session:
        desk.tell_staff(session, alert, "it is a landline", now=desk.now)
    assert desk.case().climb_at == desk.now
    assert len(desk.alerts(KIM)) == 1


def test_a_text_that_does_not_reach_the_taker_alerts_everyone(desk: FrontDesk):
    desk.text(ODD)
    desk.text("A 1", KIM)
    desk.now += timedelta(days=1)
    assert "straight to Kim" in (desk.text("can i put makeup on") or "")
    desk.send()
    desk.not_delivered(desk.row("relay"))
    case = desk.case()
    assert (case.state, case.acknowledged_by, case.climb_at) == ("open", None, desk.now)
    since = desk.now
    assert desk.climb() == 1
    desk.send()
    assert all(desk.heard(phone, since=since)[-1].startswith("TASK 1: Maria G") for phone in (KIM, LEE))


def test_a_patient_in_danger_whose_text_does_not_reach_the_taker_is_told_to_call(desk: FrontDesk):
    desk.text(PUS)
    desk.text("A 1", KIM)
    desk.wait(minutes=10)
    desk.text(ODD)
    desk.send()
    desk.not_delivered(desk.row("relay"))
    for _ in range(3):
        desk.climb()
        desk.send()
        desk.wait(minutes=10)
    assert any(CALL_US in words for words in desk.heard())
    assert sum("STILL OPEN" in words for words in desk.heard(LEE)) == 2


def test_a_text_to_the_taker_that_is_followed_by_one_on_its_way_alerts_nobody_else(desk: FrontDesk):
    desk.text(ODD)
    desk.text("A 1", KIM)
    desk.now += timedelta(days=1)
    desk.text("can i put makeup on")
    desk.send()
    (first,) = desk.rows(Message, Message.step == "relay")
    desk.now += timedelta(minutes=1)
    desk.text("and can i go swimming")
    desk.send()
    (second,) = desk.rows(Message, Message.step == "relay", Message.id != first.id)
    desk.not_delivered(first)
    assert desk.case().state == "acknowledged"
    desk.not_delivered(second)
    assert desk.case().state == "open"


def test_to_hear_that_another_took_it_is_not_to_hear_the_patient(desk: FrontDesk):
    desk.text(ODD)
    desk.text("and where do i park then")
    desk.text("A 1", LEE)
    desk.send()
    desk.not_delivered(desk.row("relay"))
    assert (desk.case().state, desk.case().climb_at) == ("open", desk.now)


@pytest.mark.parametrize("step", ["task", "taken by other"])
def test_an_alert_that_the_taker_can_do_without_leaves_him_the_case(desk: FrontDesk, step: str):
    desk.text(ODD)
    desk.text("A 1", LEE)
    desk.send()
    for text in desk.rows(Message, Message.step == step):
        desk.not_delivered(text)
    assert (desk.case().state, desk.case().acknowledged_by) == ("acknowledged", "Lee")


def test_texts_that_fail_make_one_task(desk: FrontDesk):
    messages = desk.rows(Message, Message.kind == Kind.PLANNED)[:3]
    with desk.database.transaction() as session:
        for message in messages:
            desk.tell_staff(session, message, "the phone is a landline", now=desk.now)
    assert desk.case().reason.startswith("could not be texted")
    assert len(desk.alerts(KIM)) == 1
