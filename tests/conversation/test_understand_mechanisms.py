"""What language does to a warning word: who has it, where, when, and whether it is there at all."""

import pytest

from bot.conversation.model import Kind, Reading
from bot.conversation.understand import understand
from tests.texts.labelled import clinic_vocabulary, context_in

ALARM, QUIET, STAFF, EMERGENCY = "alarm", "quiet", "staff", "emergency"
# Staff may read it in their own time; nobody is alarmed.
CALM = (QUIET, STAFF)

# caption: (text, phase, what happens)
MECHANISMS: dict[str, tuple[str, str, str | tuple[str, ...]]] = {
    "a plain sign": ("there is pus coming out of my cheek", "days2_7", ALARM),
    "denied": ("no pus, no fever, all good", "days2_7", QUIET),
    "denied in a list": ("no redness, pus or smell", "days2_7", QUIET),
    "denied, then told": ("no fever but pus is coming out of my chin", "days2_7", ALARM),
    "a negator that denies nothing": ("it won't stop bleeding", "day0", (ALARM, EMERGENCY)),
    "nothing without it": ("I can hardly chew without being in agony", "days2_7", ALARM),
    "without it": ("washed it this morning without any pain or swelling", "day1", CALM),
    "denied, and limited": ("nothing went wrong I suppose, but nothing went right either", "after7", (STAFF, ALARM)),
    "another negator that denies nothing": ("the sore on my chin is not healing", "after7", ALARM),
    "only thought of": ("what do I do if I get a fever?", "day0", CALM),
    "asked what it would look like": ("what would an infection look like", "day1", QUIET),
    "asked about as such": ("how can you tell if something is infected", "day1", CALM),
    "asked when to worry": ("when should i start to worry about redness", "days2_7", CALM),
    "asked what counts": ("just so I know, what counts as getting worse?", "day1", CALM),
    "asked how high": ("what temp counts as a fever for you guys", "day1", CALM),
    "asked as such, then told": ("how can you tell if something is infected? chin is leaking yellow", "day1", ALARM),
    "asked when, and there now": ("when should i call about a fever, 101 right now", "day1", ALARM),
    "asked how much, and it is hers": ("how much pus is too much, two spots leaking", "days2_7", ALARM),
    "asked which, and hers are elsewhere": ("which bruises are normal, mine are on my jaw", "days2_7", ALARM),
    "asked what to do about it": ("what should i do about oozing", "days2_7", ALARM),
    "someone else": ("my sister had pus after hers, can I wash my face now", "day1", CALM),
    "someone else who sees it on her": ("my husband says my cheek is oozing pus", "days2_7", ALARM),
    "told by someone for her": (
        "my wife fainted twice today, she had her face done with you yesterday",
        "day1",
        EMERGENCY,
    ),
    "in danger, told for her": ("my wife she can not breath, her neck is getting big", "day1", EMERGENCY),
    "a manner of speaking before the treatment": ("whats your earliest opening im dying to get in", "before", CALM),
    "an allergy of before": ("I had an allergic reaction to naproxen so I take Motrin", "before", CALM),
    "not over yet": ("im starting to panic that these marks are not going away", "days2_7", ALARM),
    "no list after at all": ("no difference at all, just a bruise that spreads", "days2_7", ALARM),
    "a pet": ("the dog has a fever, can I exercise now", "days2_7", STAFF),
    "somewhere else": ("I burnt my hand on the stove, can I put makeup on", "day1", QUIET),
    "a figure of speech": ("I'm dying to go to the gym, can I", "days2_7", QUIET),
    "another figure of speech": ("these workouts are killing it, gym ok today?", "days2_7", QUIET),
    "long ago": ("I had an infection last year somewhere else, can I put makeup on", "day1", QUIET),
    "before the treatment nothing is treated yet": ("I have a pimple with pus, can I still come", "before", STAFF),
    "an emergency before the treatment": (
        "I just took the antiviral and now I can't breathe, my throat is closing",
        "morning",
        EMERGENCY,
    ),
    "redder than before": ("my face is redder than yesterday", "day1", ALARM),
    "not as red as before": ("less red than yesterday, feels good", "day1", QUIET),
    "not getting better": ("the swelling is not going down, it keeps getting bigger", "days2_7", (ALARM, EMERGENCY)),
    "fine yesterday": ("it was fine yesterday but today my jaw is throbbing", "days2_7", ALARM),
    "numbers that rise": ("the pain went from a 3 to an 8 since lunch", "day0", ALARM),
    "normality denied": ("this doesn't look normal at all", "days2_7", ALARM),
    "normality asked without worry": ("is peeling normal?", "days2_7", QUIET),
    "dictated": ("there is pus on my chin comma it smells bad period", "days2_7", ALARM),
    "all capitals": ("MY CHEEK IS OOZING YELLOW STUFF", "days2_7", ALARM),
    "misspelt": ("i think its infeccted and ozing", "days2_7", ALARM),
    "second-language order": ("yesterday little red, today very red and more pain I have", "days2_7", ALARM),
    "shorthand": ("theres yellow gunk on my chin n its way worse 2day", "days2_7", ALARM),
    "a fever in Fahrenheit": ("my temperature is 101.5", "days2_7", ALARM),
    "a fever in Celsius": ("thermometer says 38.6", "days2_7", ALARM),
    "eye bruises on day 3": ("tiny bruise under my eye, not bothered", "days2_7", QUIET),
    "eye bruises on day 10": ("i still have black eyes", "after7", ALARM),
    "a bruise elsewhere": ("big bruise on my jaw", "days2_7", ALARM),
    "red tonight": ("my face is red like a sunburn", "day0", QUIET),
    "red on day 3": ("my face is red like a sunburn", "days2_7", STAFF),
    "flaking on day 3": ("im flaking a bit around the nose", "days2_7", QUIET),
    "flaking on day 10": ("im flaking a bit around the nose", "after7", STAFF),
    "distress": ("i hate how my face looks, i cant stop crying", "days2_7", ALARM),
    "disappointment": ("two weeks and no difference at all, waste of money", "after7", ALARM),
    "self-harm": ("i dont want to live with this face", "days2_7", EMERGENCY),
    "breath": ("my throat is closing up and i cant breathe", "day0", EMERGENCY),
    "laughing": ("laughed so hard i couldnt breathe lol", "day0", STAFF),
    "a question with a warning": ("can i exercise today? also there is pus on my cheek", "days2_7", ALARM),
}


@pytest.mark.parametrize(("text", "phase", "expected"), MECHANISMS.values(), ids=MECHANISMS)
def test_language_around_a_sign_is_understood(text: str, phase: str, expected: str | tuple[str, ...]) -> None:
    assert outcome(read(text, phase)) in ([expected] if isinstance(expected, str) else expected)


def test_a_question_with_a_warning_keeps_both() -> None:
    reading = read("can i exercise today? also there is pus on my cheek", "days2_7")
    assert (reading.kind, reading.topics, reading.signs) == (Kind.MIXED, ("exercise",), ("discharge",))


def test_the_reasons_name_the_words_that_decided() -> None:
    reading = read("can i exercise? theres pus on my chin", "days2_7")
    told = [str(reason) for reason in reading.why]
    assert "sign: 'pus' -> discharge, said" in told
    assert "topic: 'exercise' -> exercise" in told


def read(text: str, phase: str) -> Reading:
    return understand(text, context=context_in(phase), vocabulary=clinic_vocabulary())


def outcome(reading: Reading) -> str:
    match reading.urgency:
        case None:
            return QUIET
        case "routine":
            return STAFF
        case "urgent":
            return ALARM
    return EMERGENCY


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("what do I do if I get a fever?", ("contact",)),
        ("can i wear makeup tomorrow and what about working out??", ("makeup", "exercise")),
    ],
)
def test_what_is_asked_besides_is_not_lost(text: str, topics: tuple[str, ...]) -> None:
    assert read(text, "day0").topics == topics
