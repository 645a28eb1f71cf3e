"""A yes, a no or a doubt in whatever words, and what only looks like an answer to the bot's own question."""

import pytest

from bot.conversation.model import Command, Reading, Urgency
from bot.conversation.understand import understand
from tests.texts.labelled import clinic_vocabulary, context_in

MEDICAL = ("ask-accutane", "ask-medicines", "ask-cold-sores")

A_NO = """
    no | N | n. | nope! | nah im good | No thank you | no i dont
    never | never have | I have never taken it | none of those
    not that i know of | no not to my knowledge | no not that i'm aware of | nope never had one
    no i dont take any | i dont
    haven't | not at all | Absolutely not | definitely not | i am not on any
    i take none | no I'm fine thanks | hi no i dont
    no not since then | No to both | not on any meds | nope no meds | no never
"""
A_YES = """
    yes | Y | yep | i do | I have | sure | sometimes | couple a year | once in a while | yeah since i was a kid
    yes but not for years | yes last year | Yes please call me
"""
A_DOUBT = """
    not sure | idk | dont know | no idea what that is
    not anymore | not sure, maybe isotretinoin last spring | no clue
    i dont remember | i don't think so | maybe | i think so | not really
    no not right now | i used to | hardly ever
    no but i did years ago | no, i stopped | not since last year | im not certain | yes and no | no... actually yes
    no i took it as a teenager | no, my doctor took me off it
    no i finished my course in march | yes not sure which one
    unsure | not often | no i only take it when needed | no i take garlic pills | no, i was on it last year
"""
NO_ANSWER = """
    I have a question | what time do i have to come | can you call me when you get a chance | what is accutane
    can i take my kid along | i take tylenol | can i take tylenol | i can not find the clinic
    no problem | how come
    no worries see you then | thank you | ok got it | why do you ask
    y do you ask | i have to work that day | which ones
    have a nice day | do i have to fast | i get off work at 5
    i was wondering if i can take tylenol | is there parking
    when do i have to stop it | do i need to stop it | i have an allergy to latex | think you got the wrong number
    my mom takes eliquis | do you take insurance | i use retinol is that ok | does tretinoin count
"""
# What names the subject of a question, by what it comes to.
ABOUT_MEDICINES = {
    True: """
        I take eliquis every morning | advil | i take baby aspirin | im on warfarin
        Just aspirin | only baby aspirin
        i use motrin for my knee | aspirin 81mg daily | take naproxen for cramps | I take eliquis, can i run?
    """,
    False: """
        no blood thinners | no blood thinners, no advil | no blood thinners or ibuprofen | i dont take advil
        no advil, aspirin or anything | never take ibuprofen | No, no blood thinners, no painkillers, nothing
    """,
    None: """
        no but i take advil | no, only ibuprofen | no just aspirin | no, aspirin | no i take aspirin | maybe advil
        i dont take advil but i take aspirin | i dont take advil i take aspirin
        no aspirin every day | i stopped the eliquis
        i dont take ibuprofen anymore | not since i stopped warfarin
        i dont know if aspirin counts | no i take lisinopril
    """,
}
QUESTIONS_ABOUT_MEDICINES = """
    can i take advil for a headache | is advil ok | advil ok | what about ibuprofen
    does advil count | should i stop aspirin
    can i still take my aspirin | is it safe to take aleve now | do i stop my aspirin | advil allowed
"""


def each(*lists: str) -> list[str]:
    """The texts of these lists."""
    found = [text.strip() for texts in lists for line in texts.splitlines() for text in line.split("|")]
    return [text for text in found if text]


def read(text: str, asked: str) -> Reading:
    return understand(text, context=context_in("before", asked=asked), vocabulary=clinic_vocabulary())


@pytest.mark.parametrize("asked", MEDICAL)
@pytest.mark.parametrize(("texts", "answer"), [(A_NO, False), (A_YES, True)], ids=["no", "yes"])
def test_a_plain_answer_counts_in_whatever_words(texts: str, answer: bool, asked: str) -> None:
    assert [t for t in each(texts) if read(t, asked).answer is not answer] == []


@pytest.mark.parametrize("asked", MEDICAL)
def test_a_doubt_or_a_contradiction_is_for_staff_and_is_no_answer(asked: str) -> None:
    readings = {text: read(text, asked) for text in each(A_DOUBT)}
    assert [t for t, r in readings.items() if r.answer is not None] == []
    assert [t for t, r in readings.items() if r.urgency is not Urgency.ROUTINE] == []


@pytest.mark.parametrize("asked", MEDICAL)
def test_what_answers_nothing_leaves_the_question_open(asked: str) -> None:
    readings = {text: read(text, asked) for text in each(NO_ANSWER)}
    assert [t for t, r in readings.items() if r.answer is not None or r.in_doubt] == []


@pytest.mark.parametrize("answer", ABOUT_MEDICINES)
def test_the_medicine_asked_about_is_a_yes_unless_it_is_denied(answer: bool | None) -> None:
    readings = {text: read(text, "ask-medicines") for text in each(ABOUT_MEDICINES[answer])}
    assert [t for t, r in readings.items() if r.answer is not answer or r.in_doubt is not (answer is None)] == []


def test_a_question_about_the_medicine_is_answered_and_is_no_answer() -> None:
    readings = {text: read(text, "ask-medicines") for text in each(QUESTIONS_ABOUT_MEDICINES)}
    assert [t for t, r in readings.items() if r.answer is not None or not r.topics] == []


@pytest.mark.parametrize("text", ["no. can i run?", "no can i run tomorrow", "no i dont can i run"])
def test_a_no_with_a_question_beside_it_is_both(text: str) -> None:
    reading = read(text, "ask-accutane")
    assert (reading.answer, reading.topics) == (False, ("exercise",))


def test_a_question_beside_an_answer_that_we_cannot_answer_goes_to_staff() -> None:
    assert read("no. do you have a gift shop", "ask-accutane").urgency is Urgency.ROUTINE
    assert read("yes. do you have a gift shop", "confirm").urgency is Urgency.ROUTINE


@pytest.mark.parametrize("text", ["no i have to work that day", "n", "no sorry"])
def test_whom_the_time_does_not_suit_moves_whatever_the_reason(text: str) -> None:
    assert read(text, "confirm").command is Command.MOVE


@pytest.mark.parametrize("text", ["what time do i have to come", "yes but can we reschedule", "i will have to cancel"])
def test_nothing_is_confirmed_by_a_word_in_the_middle(text: str) -> None:
    assert read(text, "confirm").command is not Command.CONFIRM
