"""The labelled texts as everything is trained on them, and what is to be learnt of each."""

from collections.abc import Mapping, Sequence
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


def dressed(cases: Sequence[Case]) -> list[Case]:
    """The texts, and some of them once more with a greeting or thanks around them."""
    more = [
        {**case, "text": DRESSES[number % len(DRESSES)].format(case["text"].replace("{", "("))}
        for number, case in enumerate(cases[::DRESSED_EVERY])
        if case["kind"] not in ("yes_no", "opt_out")
    ]
    return [*cases, *more]


def by_writer() -> dict[str, list[Case]]:
    """The texts of every writer, dressed."""
    return {writer: dressed(texts_of(writer)) for writer in WRITERS}


def scene_in(case: Case) -> Scene:
    """The text as `understand` reads it."""
    vocabulary = clinic_vocabulary()
    return scene_of(without_greeting(case["text"], means=vocabulary.words), vocabulary=vocabulary)


def is_warning(case: Case) -> bool:
    """Whether staff are to be alerted."""
    return case["kind"] in ("warning", "mixed")
