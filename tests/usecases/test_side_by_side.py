"""Two treatments at once, and the bot beside staff who are in touch: the stricter limit, and one voice at a time."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlmodel import col

from bot.records.database import Database
from bot.records.tables import Message
from bot.usecases.untold import tell_of_untold
from tests.usecases.front_desk import KIM, FrontDesk, local, the_day_after

PUS = "theres yellow pus coming out of my cheek"


@pytest.fixture
def treated(database: Database) -> FrontDesk:
    """Noon on the day after Maria's treatment."""
    return the_day_after(database)


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


def after_the_first(database: Database, *, days: int) -> list[str]:
    """The texts about the first of two treatments, so many days apart, that went in the four weeks after it."""
    desk = FrontDesk(database)
    desk.book("A-1")
    desk.book("A-2", starts_at=local("2026-03-17 14:00") + timedelta(days=days))
    desk.now = local("2026-03-23 12:00")
    desk.at("2026-04-12 12:00")
    first = Message.appointment_id == desk.appointment("A-1").id, col(Message.attempted_at).is_not(None)
    went = [m.step for m in sorted(desk.rows(Message, *first), key=lambda m: m.due_at)]
    return [step for step in went if step in ("one-week", "two-weeks")]


@pytest.mark.parametrize(
    ("days", "went"),
    [
        (7, []),
        (14, []),  # no retinoids from the very day on which they would be allowed again
        (15, ["one-week"]),
        (28, ["one-week"]),  # no unprotected sun from the very day on which it would be
        (29, ["one-week", "two-weeks"]),
    ],
)
def test_no_text_allows_what_the_next_treatment_forbids(sqlite_database: Database, days: int, went: list[str]):
    assert after_the_first(sqlite_database, days=days) == went


# A course booked together -----------------------------------------------------------------------------------------


@pytest.fixture
def course(database: Database) -> FrontDesk:
    """Two treatments four weeks apart, booked together; the first question of the first has gone."""
    desk = FrontDesk(database)
    desk.book("A-1")
    desk.book("A-2", starts_at=local("2026-04-14 14:00"))
    return desk.wait(minutes=5)


def test_who_is_prone_to_cold_sores_says_so_once_for_the_whole_course(course: FrontDesk):
    course.text("Y")
    assert [course.appointment(each).flags for each in ("A-1", "A-2")] == [{"cold_sores": True}] * 2
    course.at("2026-04-14 13:00")
    reminded = course.rows(Message, col(Message.step).startswith("antiviral"), col(Message.attempted_at).is_not(None))
    assert Counter(m.appointment_id for m in reminded) == {course.appointment(a).id: 4 for a in ("A-1", "A-2")}
    assert sum("prone to cold sores?" in words for words in course.heard()) == 1


def test_what_is_known_of_another_treatment_stays(course: FrontDesk):
    course.change("A-2", flags={"cold_sores": True})
    course.text("N")
    assert [course.appointment(each).flags["cold_sores"] for each in ("A-1", "A-2")] == [False, True]


def test_only_what_lasts_holds_for_the_other_treatment(course: FrontDesk):
    course.text("Y")
    course.wait(minutes=5)
    assert "Accutane" in course.heard()[-1]
    course.text("N")
    assert [course.appointment(each).flags.get("accutane") for each in ("A-1", "A-2")].count(False) == 1


def test_a_question_asked_once_for_both_is_answered_for_both(course: FrontDesk):
    for each in ("A-1", "A-2"):
        course.change(each, flags={"cold_sores": False, "accutane": False})
    course.wait(minutes=5)
    assert sum("do you take blood thinners" in words for words in course.heard()) == 1
    course.text("N")
    assert [course.appointment(each).flags["medicines"] for each in ("A-1", "A-2")] == [False, False]


def test_her_own_word_stays_when_the_other_treatment_is_posted_again(course: FrontDesk):
    course.text("Y")
    view = course.book("A-2", starts_at=local("2026-04-14 14:00"), flags=[])
    assert view.flags == {"cold_sores": True}
    assert view.notes[0].startswith("cold_sores stays")


def test_a_question_that_went_for_the_other_treatment_is_not_known_for_this_one(course: FrontDesk):
    course.at("2026-04-14 12:00")
    tell_of_untold(course.clinic, course.database, now=course.now)
    assert "whether she is prone to cold sores" in course.case().reason


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
    treated.text("do you validate parking")
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
    assert [case.urgency for case in treated.cases()].count("urgent") == 1
