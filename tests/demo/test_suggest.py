"""What the page offers to type and to try next, at each point of the story."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.web.demo.suggest import WARNING, Case, Scene, hint, patient_chips, staff_chips

START = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
MARIA = Scene(
    first_name="Maria", starts_at=START, ended_at=None, booked=True, opted_out=False, last_words="Hello.", said=()
)
ENDED = replace(MARIA, ended_at=START + timedelta(minutes=40))
LATER = START + timedelta(hours=1)


@pytest.mark.parametrize(
    ("scene", "cases", "now", "words"),
    [
        (None, [], START, "Start here"),
        (MARIA, [], START - timedelta(days=3), "Press Next text"),
        (replace(MARIA, last_words="Prone? Reply Y or N."), [], START - timedelta(days=3), "answer with a tap"),
        (MARIA, [], START, "Treatment ends now"),
        (ENDED, [], LATER, "CAN I EXERCISE"),
        (replace(ENDED, said=["can i exercise"]), [], LATER, WARNING),
        (replace(ENDED, said=["CAN I EXERCISE", WARNING]), [], LATER, "STOP"),
        (ENDED, [Case(4, None)], LATER, "Text A 4 as Kim"),
        (ENDED, [Case(4, "Kim")], LATER, "D 4 closes it"),
        (replace(ENDED, opted_out=True), [Case(4, None)], LATER, "Stopped"),
    ],
)
def test_there_is_always_one_thing_worth_trying(
    scene: Scene | None, cases: list[Case], now: datetime, words: str
) -> None:
    assert words in hint(scene, cases, on_call="Kim", now=now)


def test_an_open_question_is_offered_its_answers_first() -> None:
    asked = replace(MARIA, last_words="Are you prone to cold sores? Reply Y or N.")
    assert patient_chips(asked, START)[:2] == ["Y", "N"]
    confirm = replace(MARIA, last_words="Reply C to confirm, or MOVE if you need another time.")
    assert patient_chips(confirm, START - timedelta(days=2))[0] == "C"


def test_what_the_hint_says_to_text_is_the_first_chip() -> None:
    for said, first in (
        ((), "CAN I EXERCISE"), (("can i exercise",), WARNING), (("can i exercise", WARNING), "STOP"),
    ):  # fmt: skip
        scene = replace(ENDED, said=said)
        assert first in hint(scene, [], on_call="Kim", now=LATER)
        assert patient_chips(scene, LATER)[0] == first


def test_no_chip_is_offered_twice() -> None:
    for scene in (MARIA, ENDED, replace(MARIA, last_words="Reply C to confirm"), replace(MARIA, opted_out=True)):
        for now in (START - timedelta(days=1), LATER):
            chips = patient_chips(scene, now)
            assert len(chips) == len(set(chips))


def test_only_whoever_took_a_case_is_offered_to_answer_and_close_it() -> None:
    cases = [Case(1, "Kim"), Case(2, None)]
    kim = staff_chips(cases, [MARIA], whose="Kim", clock="2:40 PM")
    lee = staff_chips(cases, [MARIA], whose="Dr. Lee", clock="2:40 PM")
    assert kim == ["R 1 I will call you in five minutes", "D 1", "A 2", "DONE Maria 2:40 PM", "HELP"]
    assert lee == ["A 2", "DONE Maria 2:40 PM", "HELP"]
