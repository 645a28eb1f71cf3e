"""A member of staff who is a patient too, on one number: orders are obeyed, and her own skin is heard of."""

import pytest

from bot.records.database import Database
from bot.records.tables import Inbound
from tests.usecases.front_desk import ANA, KIM, LEE, FrontDesk, local


@pytest.fixture
def kim(database: Database) -> FrontDesk:
    """Kim of the staff was treated yesterday at 2 PM; so was Ana."""
    desk = FrontDesk(database, now=local("2026-03-17 10:00"))
    desk.book("A-1", "Kim Park", KIM)
    desk.book("A-2", "Ana Silva", ANA)
    desk.now = local("2026-03-18 12:00")
    return desk


def test_her_warning_reaches_her_colleagues(kim: FrontDesk):
    assert "staff have been alerted" in (kim.text("yellow pus is coming out of my face", KIM) or "")
    assert (kim.case().urgency, kim.case().patient_id is None) == ("urgent", False)
    assert "Kim P" in kim.alerts(LEE)[0]


def test_her_question_is_answered(kim: FrontDesk):
    assert "until 3:00 PM" in (kim.text("can I exercise", KIM) or "")


@pytest.mark.parametrize("words", ["A 1", "HELP", "R 1 please come in", "D 1", "A"])
def test_her_orders_are_obeyed(kim: FrontDesk, words: str):
    kim.text("yellow pus is coming out of my cheek", ANA)
    kim.text(words, KIM)
    assert len(kim.cases()) == 1
    assert kim.inbound(Inbound.body == words)[0].outcome in ("taken", "staff asked for help", "answered", "resolved")


@pytest.mark.parametrize("words", ["R cheek is oozing yellow pus", "Done nothing but pus is coming out of my cheek"])
def test_a_danger_that_looks_like_an_order_is_a_danger(kim: FrontDesk, words: str):
    kim.text(words, KIM)
    assert kim.case().urgency == "urgent"


def test_an_end_is_reported_though_its_name_is_odd(kim: FrontDesk):
    assert "no treatment of Zoe today" in (kim.text("DONE Zoe 2:40", KIM) or "")
    assert kim.cases() == []


def test_years_later_she_is_staff_again_but_a_danger_is_heard(kim: FrontDesk):
    kim.now = local("2026-07-18 12:00")
    assert "not understood" in (kim.text("see you at 7", KIM) or "")
    kim.text("yellow pus is coming out of my face", KIM)
    assert kim.case().urgency == "urgent"


def test_the_booking_says_so(kim: FrontDesk):
    assert any(
        "STAFF_NUMBERS" in note for note in kim.book("A-3", "Lee Wong", LEE, starts_at=local("2026-03-20 10:00")).notes
    )
    assert kim.book("A-2", "Ana Silva", ANA, starts_at=local("2026-03-20 10:00")).notes == ()
