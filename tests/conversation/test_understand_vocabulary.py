"""The clinic's words are checked before they are used, and every problem is told at once."""

from typing import Any

import pytest
import yaml

from bot.conversation.vocabulary import build_vocabulary, vocabulary_problems
from tests.texts.labelled import MESSAGES

SIGN = {
    "sign": "discharge",
    "urgency": "urgent",
    "source": "such as discharge",
    "reply": "We have told our staff. Call us: {phone}.",
    "said as": ["pus"],
}
TOPIC = {"topic": "exercise", "asked as": ["gym", "work out"]}

PROBLEMS: dict[str, tuple[list[Any], list[Any], str, str]] = {
    "a word of two topics": (
        [TOPIC, {"topic": "heat", "asked as": ["gyms"]}],
        [SIGN],
        "heat",
        "is also 'gym' of exercise",
    ),
    "a word of a topic and of a thing that is not in the sheet": (
        [TOPIC, {"not in the sheet": "boxing", "asked as": ["working out"]}],
        [SIGN],
        "boxing",
        "is also 'work out'",
    ),
    "a word of two signs": ([TOPIC], [SIGN, SIGN | {"sign": "cut"}], "cut", "is also 'pus' of discharge"),
    "a phrase with an empty part": ([{"topic": "heat", "asked as": ["hot +"]}], [SIGN], "heat", "empty part"),
    "two words between slashes": (
        [{"topic": "heat", "asked as": ["can't/won't"]}],
        [SIGN],
        "heat",
        "more than one word",
    ),
    "a word YAML takes for no": ([{"topic": "heat", "asked as": [False]}], [SIGN], "heat", "False"),
    "words that are no list": ([{"topic": "heat", "asked as": "sauna"}], [SIGN], "heat", "'sauna'"),
    "a list that does not exist": ([{"topic": "heat", "asked as": ["<hott> tub"]}], [SIGN], "heat", "<hott>"),
    "an unknown key": ([TOPIC | {"aksed as": []}], [SIGN], "exercise", "aksed as"),
    "an urgency that does not exist": ([TOPIC], [SIGN | {"urgency": "soon"}], "discharge", "'soon'"),
    "a reply that is too long": ([TOPIC], [SIGN | {"reply": "a" * 301}], "discharge", "301 characters"),
    "a placeholder that does not exist": ([TOPIC], [SIGN | {"reply": "Dear {name}"}], "discharge", "{name}"),
    "an emergency without 911": ([TOPIC], [SIGN | {"urgency": "emergency"}], "discharge", "911"),
    "an entry that is a word": (["gym"], [SIGN], "questions, entry 1", "'gym'"),
    "a file that is no list": ({"topic": "gym"}, [SIGN], "questions", "not a list"),  # type: ignore[dict-item]
}


@pytest.mark.parametrize(("questions", "signs", "entry", "what"), PROBLEMS.values(), ids=PROBLEMS)
def test_a_problem_names_the_entry_what_stands_there_and_what_to_do(
    questions: Any, signs: Any, entry: str, what: str
) -> None:
    found = vocabulary_problems(questions, signs)
    assert [p for p in found if p[0] == entry and what in p[1]], found
    assert all(remedy for _, _, remedy in found)


def test_words_without_a_problem_have_none() -> None:
    assert vocabulary_problems([TOPIC], [SIGN]) == []


def test_the_clinics_own_words_have_no_problem() -> None:
    read = [yaml.safe_load((MESSAGES / name).read_text("utf-8")) for name in ("questions.yaml", "warning-signs.yaml")]
    assert vocabulary_problems(*read) == []


def test_a_phrase_that_cannot_be_read_stops_the_building_and_is_named() -> None:
    with pytest.raises(ValueError, match=r"heat: 'hot \+' has an empty part"):
        build_vocabulary([{"topic": "heat", "asked as": ["hot +"]}], [SIGN])


def test_a_word_a_nurse_adds_is_understood_in_its_forms_and_misspelt() -> None:
    built = build_vocabulary([{"topic": "exercise", "asked as": ["parkour"]}], [SIGN | {"said as": ["blorp"]}])
    assert [t.key for t in built.read("parkuor today").tokens] == ["parkour", "today"]
    assert [t.key for t in built.read("blorping").tokens] == ["blorp"]
