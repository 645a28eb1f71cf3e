"""Yes, no and C: what an answer to the bot's own question sets, says and passes on."""

from datetime import datetime, timedelta

import pytest

from bot.content.segments import measure
from bot.conversation.model import Command, Kind, Urgency
from bot.conversation.response import MOST_SEGMENTS, Change
from tests.conversation.replies import BOOKED, EVENING, HOUR, LONG_BEFORE, START, reading, reply


@pytest.mark.parametrize(
    ("asked", "flag", "answer", "says", "urgency"),
    [
        ("ask-cold-sores", "cold_sores", True, "we will remind you of your antiviral from Mon Jun 8", None),
        ("ask-cold-sores", "cold_sores", False, "thank you, noted", None),
        ("ask-accutane", "accutane", True, "Our team will get in touch about your date", Urgency.ROUTINE),
        ("ask-accutane", "accutane", False, "thank you, noted", None),
        ("ask-medicines", "medicines", True, "Do not stop a prescribed medicine on your own", Urgency.ROUTINE),
        ("ask-medicines", "medicines", False, "thank you, noted", None),
        ("catch-up", "recent_use", True, "Our team will get in touch", Urgency.ROUTINE),
        ("catch-up", "recent_use", False, "thank you, noted", None),
        ("confirm", None, True, "you are confirmed for Thu Jun 11 at 2:00 PM", None),
        ("confirm", None, False, "our team will get in touch to find you another time", Urgency.ROUTINE),
        ("check-in", None, True, "passed this on to our team", Urgency.ROUTINE),
        ("check-in", None, False, "thank you, noted", None),
    ],
)
def test_yes_and_no_answer_the_question_last_asked(
    asked: str, flag: str | None, answer: bool, says: str, urgency: Urgency | None
) -> None:
    said = reply(reading(kind=Kind.YES_NO, answer=answer), now=LONG_BEFORE, asked=asked, flag=flag)
    assert says in said.text
    assert said.urgency is urgency
    assert said.changes.get(Change.FLAG) == (answer if flag else None)
    assert (Change.CONFIRM in said.changes) is (asked == "confirm" and answer)


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (BOOKED.on_day(-3) - timedelta(seconds=1), "we will remind you of your antiviral from Mon Jun 8"),
        (BOOKED.on_day(-3), "start your antiviral today and take it through Thu Jun 11"),
        (BOOKED.on_day(0) - HOUR, "start your antiviral today and take it through Thu Jun 11"),
        (START - HOUR, "take your antiviral today. None at home?"),
        (EVENING, "passed this on to our team"),
    ],
)
def test_yes_to_cold_sores_says_when_the_antiviral_begins(now: datetime, says: str) -> None:
    said = reply(reading(kind=Kind.YES_NO, answer=True), now=now, asked="ask-cold-sores", flag="cold_sores")
    assert says in said.text
    assert said.changes == {Change.FLAG: True}


def test_an_answer_with_a_question_beside_it_gets_both() -> None:
    read = reading("exercise", kind=Kind.YES_NO, answer=False)
    said = reply(read, now=LONG_BEFORE, asked="ask-cold-sores", flag="cold_sores")
    assert said.text.startswith("Bright Skin: thank you, noted. The sheet limits exercise only after treatment")
    assert (said.topics, said.changes, said.urgency) == (("exercise",), {Change.FLAG: False}, None)


def test_an_answer_with_a_question_the_sheet_does_not_answer_tells_staff_of_both() -> None:
    read = reading("ice", kind=Kind.YES_NO, answer=True, urgency=Urgency.ROUTINE)
    said = reply(read, now=LONG_BEFORE, asked="ask-accutane", flag="accutane")
    assert "Our team will get in touch about your date. The care sheet has no answer about ice" in said.text
    assert said.urgency is Urgency.ROUTINE
    assert said.reason.startswith("answered yes")
    assert said.reason.endswith("asks about ice")


def test_a_confirmation_with_a_question_beside_it_gets_both() -> None:
    read = reading("shaving", kind=Kind.CONFIRM, command=Command.CONFIRM)
    said = reply(read, now=LONG_BEFORE)
    assert "you are confirmed for Thu Jun 11 at 2:00 PM. You may shave" in said.text
    assert (said.topics, said.changes) == (("shaving",), {Change.CONFIRM: True})


def test_an_answer_with_too_many_questions_hands_them_to_staff() -> None:
    read = reading("sun", "retinoids", "nsaids", "contact", "makeup", kind=Kind.YES_NO, answer=True)
    said = reply(read, now=LONG_BEFORE, asked="ask-medicines", flag="medicines")
    assert measure(said.text).segments <= MOST_SEGMENTS
    assert said.text.startswith("Bright Skin: thank you. Our team will get in touch.")
    assert said.urgency is Urgency.ROUTINE
