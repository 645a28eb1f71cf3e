"""Numbers that say something by themselves, and the same numbers where they say nothing."""

import pytest

from bot.conversation.model import Urgency
from bot.conversation.numbers import DANGEROUS, FEVER, MANY, telling_numbers
from bot.conversation.understand import understand
from tests.texts.labelled import clinic_vocabulary, context_in


def said_by(text: str) -> set[str]:
    return {name for _, name in telling_numbers(clinic_vocabulary().read(text).words)}


@pytest.mark.parametrize(
    "text", ["pulse 170", "my pulse is 38", "bp 80/40", "o2 88 on my finger thing", "resp rate 36", "temp 41.2"]
)
def test_a_reading_of_somebody_in_danger(text: str) -> None:
    assert DANGEROUS in said_by(text)


@pytest.mark.parametrize(
    "text",
    [
        "pulse 72", "bp 120/80", "o2 98", "temp 98.6", "pulse it for 30 seconds", "an oxygen facial for 80 dollars",
        "my blood pressure pills, 50 mg", "18 people and my dog",
    ],
)  # fmt: skip
def test_a_reading_of_somebody_well_or_none_at_all(text: str) -> None:
    assert DANGEROUS not in said_by(text)


@pytest.mark.parametrize(
    ("text", "is_fever"),
    [("running 101.2", True), ("38.5 since lunch", True), ("101 questions", False), ("a temp of 102", True)],
)
def test_degrees_of_a_fever(text: str, is_fever: bool) -> None:
    assert (FEVER in said_by(text)) is is_fever


@pytest.mark.parametrize("text", ["10 advil", "forty tylenol", "a handful of pills"])
def test_more_pills_than_anybody_takes(text: str) -> None:
    assert MANY in said_by(text)


@pytest.mark.parametrize("text", ["2 advil", "600 ibuprofen", "400 mg", "my 10 am pill", "20 minutes"])
def test_what_counts_no_pills(text: str) -> None:
    assert MANY not in said_by(text)


@pytest.mark.parametrize("text", ["took 10 advil at once, is that ok", "i've had 25 tylenol since noon", "bp 80/40"])
def test_a_danger_told_in_numbers_is_an_emergency_however_calmly(text: str) -> None:
    reading = understand(text, context=context_in("day1"), vocabulary=clinic_vocabulary())
    assert reading.urgency is Urgency.EMERGENCY
