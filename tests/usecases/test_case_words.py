"""Without ALERT_WORDS an alert says how to read the question, and W shows it to whoever of the staff asks."""

from dataclasses import replace

import pytest

from bot.content.segments import measure
from bot.records.database import Database
from bot.usecases.retention import prune
from tests.usecases.front_desk import KIM, LEE, MARIA, STRANGER, FrontDesk, local

QUESTION = "do you validate parking for my cat"


@pytest.fixture
def desk(database: Database) -> FrontDesk:
    """Maria is treated in two weeks; alerts carry no words."""
    desk = FrontDesk(database)
    desk.clinic = replace(desk.clinic, alert_words=False)
    desk.book()
    return desk


def test_the_alert_names_the_way_to_the_words_and_w_shows_them(desk: FrontDesk):
    desk.text(QUESTION)
    alert = desk.alerts(KIM)[0]
    assert "W 1 shows the words." in alert and "cat" not in alert
    assert desk.text("W 1", KIM) == f'1 Maria G wrote: "{QUESTION}"'
    assert desk.text("w", LEE) == f'1 Maria G wrote: "{QUESTION}"'
    assert desk.case().state == "open"


def test_what_followed_is_shown_too_and_an_earlier_text_is_not(desk: FrontDesk):
    desk.text("thank you so much")
    desk.wait(minutes=1)
    desk.text(QUESTION)
    desk.text("A 1", KIM)
    desk.wait(minutes=1)
    desk.text("and the dog?")
    assert "W 1 shows the words." in desk.alerts(KIM)[-1]
    assert desk.text("W 1", KIM) == f'1 Maria G wrote: "{QUESTION}" "and the dog?"'


def test_a_case_that_is_closed_still_shows_what_it_was_about(desk: FrontDesk):
    desk.text(QUESTION)
    desk.text("D 1", KIM)
    desk.wait(minutes=1)
    desk.text("thank you")
    assert desk.text("W 1", KIM) == f'1 Maria G wrote: "{QUESTION}"'


def test_a_long_text_is_shown_as_far_as_one_text_carries(desk: FrontDesk):
    desk.text("x" * 1600, STRANGER)
    assert 1400 < len(desk.text("W 1", KIM) or "") < 1600


def test_only_staff_are_shown_anything(desk: FrontDesk):
    desk.text(QUESTION)
    assert "cat" not in (desk.text("W 1", STRANGER) or "")
    assert "cat" not in (desk.text("W 1", MARIA) or "")


def test_words_that_were_forgotten_are_not_there(desk: FrontDesk):
    desk.text(QUESTION)
    desk.now = local("2027-06-01 12:00")
    prune(desk.database, kept_for=30, now=desk.now)
    assert desk.text("W 1", KIM) == "there are no words with 1 (Maria G)."


def test_where_alerts_carry_the_words_they_say_nothing_of_w(desk: FrontDesk):
    desk.clinic = replace(desk.clinic, alert_words=True)
    desk.text(QUESTION)
    assert QUESTION in desk.alerts(KIM)[0] and "W 1" not in desk.alerts(KIM)[0]


def test_alerts_stay_within_two_segments(desk: FrontDesk):
    desk.book("A-2", "Alexandrina Wilhelmina Featherstonehaugh", "+14155550107")
    desk.at("2026-03-18 12:00")
    desk.text("i cant breathe, my throat is closing, there is pus, fever and a rash", "+14155550107")
    desk.text(QUESTION)
    desk.wait(minutes=6)
    desk.climb()
    assert {measure(words).segments for words in [*desk.alerts(KIM), *desk.alerts(LEE)]} <= {1, 2}
