"""What an answer is said to rest on: sentences of the care sheet, and clock times counted from this treatment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.care.model import Appointment
from bot.content.load import load
from bot.content.model import Content
from bot.content.moments import parse_moment
from bot.conversation.answer import answer
from bot.web.demo.grounds import CHANGED, Grounds, grounds, reckoned
from tests.demo.conftest import ROOT

ZONE = ZoneInfo("America/New_York")
TUESDAY = datetime(2026, 3, 10, 14, 0, tzinfo=ZONE)
BOOKED = Appointment(
    booked_at=datetime(2026, 2, 17, 15, 0, tzinfo=UTC), starts_at=TUESDAY, ends_at=TUESDAY + timedelta(hours=1),
    zone=ZONE,
)  # fmt: skip
ENDED = replace(BOOKED, ended_at=TUESDAY + timedelta(minutes=40))
EXERCISE = ("Avoid strenuous exercise that cause sweating, jacuzzi, sauna, or steam baths for 24 hours.",)


@pytest.fixture(scope="module")
def content() -> Content:
    """The clinic's own words."""
    return load(ROOT / "messages")["micro-needling"]


def said(content: Content, appointment: Appointment, at: datetime, topic: str = "exercise") -> str:
    values = {"clinic": "Lumen Skin", "phone": "(212) 555-0100", "prescribed": "Prescribed? Ask."}
    text = answer(topic, content, appointments=[appointment], now=at, values=values).text
    return f"Lumen Skin: {text[:1].lower()}{text[1:]}"


@pytest.mark.parametrize(
    ("phrase", "appointment", "now", "words"),
    [
        ("24 hours after end", ENDED, TUESDAY + timedelta(hours=1),
         "The treatment ended Tue 2:40 PM; 24 hours after that is Wed 2:40 PM."),
        ("24 hours after end", BOOKED, TUESDAY - timedelta(days=3),
         "The treatment is to end Tue 3:00 PM; 24 hours after that is Wed 3:00 PM."),
        ("90 minutes after end", BOOKED, TUESDAY + timedelta(hours=2),
         "The treatment was to end Tue 3:00 PM; 90 minutes after that is Tue 4:30 PM."),
        ("7 days before start", BOOKED, TUESDAY - timedelta(days=8),  # back over the change to summer time
         "The treatment starts Tue Mar 10 2:00 PM; 7 days before that is Tue Mar 3 2:00 PM."),
        ("6 months before start", BOOKED, TUESDAY - timedelta(days=8),
         "The treatment starts Tue Mar 10 2:00 PM; 6 months before that is Wed Sep 10 2:00 PM."),
        ("day 1", BOOKED, TUESDAY + timedelta(hours=2),
         "The treatment was on Tue Mar 10; 1 day after that is Wed Mar 11."),
        ("day 0", BOOKED, TUESDAY, None),
        ("start", BOOKED, TUESDAY, None),
    ],
)  # fmt: skip
def test_a_moment_is_counted_out_in_words(
    phrase: str, appointment: Appointment, now: datetime, words: str | None
) -> None:
    assert reckoned(parse_moment(phrase), appointment, now) == words


def test_a_wait_rests_on_its_sentence_and_on_the_end_of_the_treatment(content: Content) -> None:
    at = TUESDAY + timedelta(hours=1)
    found = grounds(said(content, ENDED, at), content, ENDED, topics=["exercise"], signs=[], at=at)
    assert found == Grounds(EXERCISE, ("The treatment ended Tue 2:40 PM; 24 hours after that is Wed 2:40 PM.",))


def test_a_yes_rests_on_the_moment_since_which_it_holds(content: Content) -> None:
    at = TUESDAY + timedelta(days=2)
    found = grounds(said(content, ENDED, at), content, ENDED, topics=["exercise"], signs=[], at=at)
    assert found == Grounds(EXERCISE, ("The treatment ended Tue 2:40 PM; 24 hours after that is Wed 2:40 PM.",))


def test_an_answer_given_before_the_appointment_changed_is_not_counted_anew(content: Content) -> None:
    at = TUESDAY - timedelta(days=1)
    reply = said(content, BOOKED, at)
    found = grounds(reply, content, ENDED, topics=["exercise"], signs=[], at=at)
    assert found == Grounds(EXERCISE, (CHANGED,))


def test_what_was_not_said_is_not_quoted(content: Content) -> None:
    at = TUESDAY + timedelta(hours=1)
    passed_on = "Lumen Skin: thank you, our team will get back to you."
    found = grounds(passed_on, content, ENDED, topics=["exercise", "no such"], signs=["discharge"], at=at)
    assert found == Grounds()


def test_a_warning_rests_on_the_sign_that_was_answered(content: Content) -> None:
    reply = "Lumen Skin: t" + content.signs["bruise"].reply[1:].format(phone="(212) 555-0100")
    found = grounds(reply, content, ENDED, topics=[], signs=["discharge", "bruise"], at=TUESDAY)
    assert found == Grounds(content.signs["bruise"].source)


def test_every_answer_of_the_clinic_is_traced_to_its_own_sentences(content: Content) -> None:
    """On every day of the timeline, and told apart from the other windows of its topic."""
    for topic in content.topics:
        for day in range(-22, 20):
            at = TUESDAY + timedelta(days=day, hours=3)
            reply = answer(topic, content, appointments=[ENDED], now=at, values={"prescribed": "Ask.", "phone": "1"})
            if reply.verdict is None:
                continue
            found = grounds(reply.text, content, ENDED, topics=[topic], signs=[], at=at)
            assert found.quotes, f"{topic} on day {day}: {reply.text}"
            assert CHANGED not in found.times, f"{topic} on day {day}: {reply.text}"
