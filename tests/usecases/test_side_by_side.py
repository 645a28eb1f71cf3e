"""Two treatments at once, and the bot beside staff who are in touch: the stricter limit, and one voice at a time."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlmodel import col

from bot.records.database import Database
from bot.records.tables import Message
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
    assert len(treated.cases()) == 1
