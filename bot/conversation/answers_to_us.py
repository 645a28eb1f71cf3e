"""Reads yes or no out of a free answer to the bot's own question. Knows the questions by their ids only."""

from bot.conversation.commands import yes_or_no
from bot.conversation.lexicon import NEGATORS
from bot.conversation.scope import Scene
from bot.conversation.topics import Asked

# The topic each question is about: naming it without denying it is a yes.
_ABOUT = {
    "ask-cold-sores": {"cold_sores"},
    "ask-accutane": {"accutane"},
    "ask-medicines": {"blood_thinners", "nsaids", "medical_changes", "pain_relief"},
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
_YES_WORDS = frozenset(
    "do have am did used sometimes occasionally often always frequently once twice few couple "
    "every usually taking took take using get had still".split()
)
_NO_OPENERS = frozenset("never none no not nope nah nothing neither".split())
LONGEST_PLAIN_ANSWER = 12


def answer_to(asked: str | None, *, scene: Scene, about: Asked) -> bool | None:
    """Return the yes (True) or no (False) a text gives to the open question `asked`; None where it gives neither."""
    if asked is None or asked == "check-in":
        return None
    words = scene.plain.words
    said = yes_or_no(scene.plain)
    if said is not None:
        return said
    if scene.plain.has_question_mark or not words:
        return None
    if words[0] in _NO_OPENERS or "never" in words:
        return False
    named = bool({hit.means for hit in about.topics} & _ABOUT.get(asked, set()))
    denied = any(w in NEGATORS for w in words)
    if denied and len(words) <= LONGEST_PLAIN_ANSWER:
        return False
    if named or (len(words) <= LONGEST_PLAIN_ANSWER and _YES_WORDS & set(words)):
        return None if denied else True
    return None
