"""What the second opinion looks at in a text: its words, and everything the rules found and how it stands.

Weighs nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.conversation.model import Context, Phase
from bot.conversation.normalize import Token
from bot.conversation.scope import Standing
from bot.conversation.signs import Told
from bot.conversation.topics import Asked

MANY = 4
LONG = 60
SHORT = 3
# Words too common to mean anything by themselves; a small training set would find meaning in them by accident.
_EMPTY_WORDS = frozenset(
    "a an the and or of to in on at for with by from is are was be am do have as it this that "
    "these those there so if can "
    "will would could should may might i my me you your we our he she they their his her no not "
    "but then than just only also "
    "too very really up out into about some any all one two most thing time go day when how what "
    "who which where why like "
    "us ok please thank".split()
)

# The language's own sets; those of the clinic's files are parts of phrases and say little by themselves.
_TELLING_SETS = frozenset(
    "<me> <treated-skin> <other-person> <pet> <elsewhere> <past> <resolved> <calm> <better> "
    "<more> <fear> <laugh> <now>".split()
)


@dataclass(frozen=True)
class Part:
    """A whole text, or one sentence of it, with what was found there."""

    tokens: Sequence[Token]
    sets_at: Sequence[dict[str, int]]
    told: Sequence[Told]
    asked: Asked


def warning_features(part: Part, *, kinds: Iterable[str], context: Context) -> dict[str, float]:
    """Return the features by which a warning is told from a harmless text; `kinds` are the everyday kinds of
    the whole text.
    """
    phase = _phase(context)
    found: dict[str, float] = {f"phase:{phase}": 1.0}
    for kind in kinds:
        found[f"kind:{kind}"] = 1.0
    for token, sets in zip(part.tokens, part.sets_at, strict=True):
        if token.key not in _EMPTY_WORDS:
            found[f"w:{token.key}"] = 1.0
        for name in sets:
            if name in _TELLING_SETS:
                found[f"set:{name}"] = 1.0
    for name in _about_signs(part.told, phase):
        found[name] = 1.0
    for name in _about_topics(part.asked, phase):
        found[name] = 1.0
    said = [t for t in part.told if t.standing is Standing.SAID]
    sure = sum(t.is_sure for t in said)
    found["sure signs"] = min(sure, MANY) / 2
    found["perhaps signs"] = min(len(said) - sure, MANY) / 2
    found["length"] = min(len(part.tokens), LONG) / (LONG / 2)
    if not sure:
        found["no sure sign"] = 1.0
        if part.asked.topics and part.asked.is_question:
            found["plain question"] = 1.0
    if len(part.tokens) <= SHORT:
        found["short"] = 1.0
    return found


def _phase(context: Context) -> str:
    return "before" if context.phase in (Phase.BEFORE, Phase.MORNING) else str(context.phase)


def _about_signs(told: Iterable[Told], phase: str) -> Iterable[str]:
    for t in told:
        how = f"{'sure' if t.is_sure else 'perhaps'}:{t.standing.name}"
        yield how
        yield f"{how}:{phase}"
        yield f"{how}:{t.sign}"


def _about_topics(asked: Asked, phase: str) -> Iterable[str]:
    for hit in asked.topics:
        yield f"topic:{hit.means}"
    for hit in asked.told:
        yield hit.means
    for hit in asked.off_sheet:
        yield "off the sheet"
        yield hit.means
    if asked.is_question:
        yield "question"
        yield f"question:{phase}"
    if asked.has_question_mark:
        yield "question mark"
