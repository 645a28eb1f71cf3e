"""Reads yes, no or doubt out of a free answer to the bot's own question. Knows the questions by their ids only.

A no ends the matter without a human, so it must be a plain one: whatever is unsure, holds only in part or contradicts
itself is a doubt. What answers nothing is no answer, and is read like any other text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.answer_parts import Means, Part, parts_of
from bot.conversation.answer_words import DOUBT
from bot.conversation.lexicon import NEGATORS
from bot.conversation.scope import Scene
from bot.conversation.topics import Asked

# The topics each question is about: naming one without denying it is a yes.
_ABOUT = {
    "ask-cold-sores": {"cold_sores"},
    "ask-accutane": {"accutane"},
    "ask-medicines": {"blood_thinners", "nsaids"},
    "catch-up": {
        "retinoids",
        "exfoliants",
        "nsaids",
        "blood_thinners",
        "hair_removal",
        "laser",
        "sun",
        "topical_antibiotics",
        "shaving",
    },
}


@dataclass(frozen=True)
class Answered:
    """An answer to our question: yes (True), no (False), or None where it leaves us in doubt.

    `asks_more` says that something is asked besides.
    """

    yes: bool | None
    asks_more: bool = False

    @property
    def in_doubt(self) -> bool:
        """Whether a human must find out what she means."""
        return self.yes is None


def answer_to(asked: str | None, *, scene: Scene, about: Asked) -> Answered | None:
    """Return what a text answers to the open question `asked`; None where it answers nothing."""
    if asked is None or asked == "check-in":
        return None
    parts = [part for part in parts_of(scene, about, _ABOUT.get(asked, set())) if part.means is not Means.NOTHING]
    means = {part.means for part in parts}
    asks = Means.ASKS in means
    if Means.YES in means:
        return _with_a_yes(parts, means, asks=asks)
    if Means.NO in means:
        if Means.OTHER in means and parts[0].means is not Means.NO:
            return None
        # To whom it does not suit a human talks anyway, whatever the reason.
        beside = means - {Means.NO, Means.ASKS} or any(p.names for p in parts if p.means is Means.ASKS)
        return Answered(None if beside and asked != "confirm" else False, asks_more=asks)
    if Means.DOUBT in means and (Means.OTHER not in means or parts[0].means is Means.DOUBT):
        return Answered(None, asks_more=asks)
    return None


def is_only_doubt(words: str) -> bool:
    """Whether these words, "do not remember", are but the doubt of an answer, and no sign of a memory that fails."""
    return set(words.split()) <= DOUBT | NEGATORS | {"do", "i"}


def _with_a_yes(parts: Sequence[Part], means: set[Means], *, asks: bool) -> Answered | None:
    """A yes that was said first, or that names the subject, stands beside any story; a "do" in the middle does not."""
    if Means.NO in means:
        return Answered(None, asks_more=asks)
    sure = any(part.means is Means.YES and (part.is_opener or part.names) for part in parts)
    if sure:
        return Answered(True, asks_more=asks)
    if Means.OTHER in means:
        return None
    return Answered(None if Means.DOUBT in means else True, asks_more=asks)
