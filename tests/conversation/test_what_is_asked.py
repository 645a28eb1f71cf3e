"""What a question is about: things in a list, a second question, the time after the treatment, and what only a human
may answer.
"""

import pytest

from bot.conversation.model import Reading, Urgency
from bot.conversation.understand import understand
from tests.texts.labelled import clinic_vocabulary, context_in


def read(text: str, phase: str) -> Reading:
    return understand(text, context=context_in(phase), vocabulary=clinic_vocabulary())


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("can I wash my face and work out", {"wash", "exercise"}),
        ("When can I wash my face, wear makeup, and exercise?", {"wash", "makeup", "exercise"}),
        ("can I take Motrin and exercise", {"nsaids", "exercise"}),
        ("can I tan, wear makeup and wash normally", {"sun", "makeup", "wash"}),
        ("can I use my retinol and go in the sun", {"retinoids", "sun"}),
        ("can I use retinol and shave and take advil", {"retinoids", "shaving", "nsaids"}),
        ("Can I wash my face? Also is it ok to take my Eliquis tonight?", {"wash", "blood_thinners"}),
        ("can I take Tylenol? and my Xarelto?", {"pain_relief", "blood_thinners"}),
    ],
)
def test_nothing_of_a_list_and_no_second_question_is_dropped(text: str, topics: set[str]) -> None:
    assert set(read(text, "day0").topics) == topics


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("can I take Advil after the treatment?", "before"),
        ("can i exercise after?", "before"),
        ("how long after can i wear makeup", "before"),
        ("can i use ice packs afterwards", "before"),
        ("can I wear makeup tonight", "morning"),
        ("can i go in the sun tomorrow", "morning"),
    ],
)
def test_who_asks_about_afterwards_is_understood_so(text: str, phase: str) -> None:
    reading = read(text, phase)
    assert reading.topics
    assert reading.about_after


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("can i wax the day after tomorrow", "before"),
        ("is it ok to come in after my laser treatment last week", "before"),
        ("can i shave before or after", "before"),
        ("can i wear makeup today", "morning"),
        ("can I take Advil after the treatment?", "day1"),
    ],
)
def test_other_afters_are_not(text: str, phase: str) -> None:
    assert not read(text, phase).about_after


@pytest.mark.parametrize(
    "text",
    [
        "I am allergic to Tylenol, what else can I take",
        "can I take Tylenol, I have liver problems",
        "can I take Percocet",
        "can I use tylenol with my oxycodone",
    ],
)
def test_tylenol_is_not_recommended_where_it_may_harm(text: str) -> None:
    reading = read(text, "day0")
    assert (reading.urgency, reading.topics) == (Urgency.ROUTINE, ())


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("how much tylenol can I take a day", "day0"),
        ("can I take Tylenol? I am on Xarelto", "day0"),
        ("my doctor prescribed naproxen for my arthritis, can I keep taking it?", "day0"),
        ("I can't take Tylenol, can I have ibuprofen instead?", "day0"),
        ("I took Advil this morning, can I still come?", "before"),
        ("I waxed yesterday, is that ok?", "before"),
    ],
)
def test_staff_hear_of_what_the_sheet_alone_may_not_settle(text: str, phase: str) -> None:
    assert read(text, phase).urgency is Urgency.ROUTINE


@pytest.mark.parametrize("text", ["can i have tylenol", "what can I take for soreness", "can i take advil"])
def test_and_of_nothing_else(text: str) -> None:
    assert read(text, "day1").urgency is None


@pytest.mark.parametrize(
    "text", ["how many mg of tylenol can i take", "whats the max number of tylenol i can take in a day"]
)
def test_how_much_of_what_may_be_taken_is_for_staff(text: str) -> None:
    reading = read(text, "day1")
    assert (reading.topics, reading.urgency) == ((), Urgency.ROUTINE)
    assert read("how many advil can i take", "day1").topics == ("nsaids",)
