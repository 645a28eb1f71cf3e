"""The labelled texts as everything is trained on them, and what is to be learnt of each."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from bot.conversation.greeting import without_greeting
from bot.conversation.scope import Scene
from bot.conversation.scope import scene as scene_of
from tests.texts.labelled import WRITERS, clinic_vocabulary, texts_of

Case = Mapping[str, Any]
NOT_OURS = ("chitchat", "wrong_number")

# Every so many texts a copy opens or ends as people do, or the ear takes a greeting for what the text is about.
DRESSED_EVERY = 6
DRESSES = (
    "hi this is maria, {}", "Good morning! {}", "hey its dana. {}", "Hello, {}", "{} thanks", "{} Thank you, Jen",
    "hi {}",
    "Hi there, this is Tom Becker. {}", "hola {}", "sorry to bother you but {}", "quick question: {}", "ok {}",
)  # fmt: skip
# Every so many texts a copy is joined to another text, or the readers take a calm question beside a warning for calm.
# A warning or a wish for no more texts is joined oftener: it is what must not be lost.
JOINED_EVERY = {"warning": 3, "mixed": 3, "opt_out": 3, "wrong_number": 25, "chitchat": 10}
JOINED_ELSE = 6
BESIDES = ("question", "logistics", "normal_effect", "off_sheet", "chitchat")
LONGEST_JOINED = 300  # characters: longer ones teach no more, and take long
JOINTS = (". ", ". ", "! ", "\n", ", ", ", ", " ", " ", " and ", " also ", ". And ", ". Btw ", "... ")
# Every so many of those in danger after the treatment are once more so before it: few wrote that, and it matters alike.
EARLIER_EVERY = 3
EARLIER = ("before", "morning")


def dressed(cases: Sequence[Case]) -> list[Case]:
    """The texts, and some of them once more with a greeting or thanks around them."""
    more = [
        {**case, "text": DRESSES[number % len(DRESSES)].format(case["text"].replace("{", "("))}
        for number, case in enumerate(cases[::DRESSED_EVERY])
        if case["kind"] not in ("yes_no", "opt_out")
    ]
    return [*cases, *more]


def told_earlier(cases: Sequence[Case]) -> list[Case]:
    """The texts, and some of the emergencies once more as of the days before the treatment."""
    later = [case for case in cases if "emergency" in case["signs"] and case["phase"] not in EARLIER]
    again = [
        {**case, "phase": EARLIER[number % len(EARLIER)], "signs": ["emergency"]}
        for number, case in enumerate(later[::EARLIER_EVERY])
    ]
    return [*cases, *again]


def joined(cases: Sequence[Case], *, seed: str) -> list[Case]:
    """The texts, and some of them once more with another of the same moment before or after them."""
    return [*cases, *_pairs(cases, Random(seed))]


def _pairs(cases: Sequence[Case], chance: Random) -> Iterator[Case]:
    beside = {
        phase: [case for case in cases if case["phase"] == phase and case["kind"] in BESIDES]
        for phase in {case["phase"] for case in cases}
    }
    for case in cases:
        others = beside[case["phase"]]
        if case["kind"] == "yes_no" or not others or chance.randrange(JOINED_EVERY.get(case["kind"], JOINED_ELSE)):
            continue
        other = chance.choice(others)
        if len(case["text"]) + len(other["text"]) <= LONGEST_JOINED:
            yield _both(case, other, chance)


def _both(case: Case, other: Case, chance: Random) -> Case:
    """The two texts as one, and what it is then."""
    first, second = (case, other) if chance.random() < 0.5 else (other, case)
    opening, joint = first["text"].strip(), chance.choice(JOINTS)
    if opening.endswith("?"):
        joint = joint.removeprefix(".")
    else:
        opening = opening.rstrip(" .!")
    kind = _kind({case["kind"], other["kind"]})
    # What is only told beside a question that the sheet does not answer is not what is asked.
    topics = [] if kind == "off_sheet" else list(dict.fromkeys([*first["topics"], *second["topics"]]))
    return {**case, "text": opening + joint + second["text"].strip(), "kind": kind, "topics": topics}


def _kind(kinds: set[str]) -> str:
    """What two texts are together: what matters most of them, and a question beside a warning is both."""
    if kinds & {"warning", "mixed"}:
        return "mixed" if "question" in kinds else "warning"
    order = ("opt_out", "question", "off_sheet", "logistics", "normal_effect", "chitchat", "wrong_number")
    return next(kind for kind in order if kind in kinds)


def by_writer() -> dict[str, list[Case]]:
    """The texts of every writer, dressed, told earlier and joined."""
    return {writer: joined(told_earlier(dressed(texts_of(writer))), seed=writer) for writer in WRITERS}


def scene_in(case: Case) -> Scene:
    """The text as `understand` reads it."""
    vocabulary = clinic_vocabulary()
    return scene_of(without_greeting(case["text"], means=vocabulary.words), vocabulary=vocabulary)


def is_warning(case: Case) -> bool:
    """Whether staff are to be alerted."""
    return case["kind"] in ("warning", "mixed")
