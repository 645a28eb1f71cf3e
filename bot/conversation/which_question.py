"""Which of our open questions a free answer names: "no cold sores" is not about the medicines asked last. Pure."""

from collections.abc import Mapping, Sequence

from bot.conversation.scope import scene as scene_of
from bot.conversation.topics import asked_about
from bot.conversation.vocabulary import Vocabulary

# What names a question. The list of late limits holds several of these, so that it is never named by one alone.
NAMED_BY: Mapping[str, frozenset[str]] = {
    "ask-cold-sores": frozenset({"cold_sores"}),
    "ask-accutane": frozenset({"accutane"}),
    "ask-medicines": frozenset({"blood_thinners", "nsaids"}),
}
LISTS = {"catch-up": frozenset({"blood_thinners", "nsaids"})}


def named_question(text: str, asked_last: str | None, older: Sequence[str], *, vocabulary: Vocabulary) -> str | None:
    """The one older question that a text names, where it does not speak of what was asked last; else None."""
    if not any(question in NAMED_BY for question in older):
        return None
    topics = {hit.means for hit in asked_about(scene_of(text, vocabulary=vocabulary), vocabulary=vocabulary).topics}
    if topics & ({**NAMED_BY, **LISTS}.get(asked_last or "", frozenset())):
        return None
    named = [question for question in dict.fromkeys(older) if topics & NAMED_BY.get(question, frozenset())]
    return named[0] if len(named) == 1 else None
