"""Finds what a patient asks about, or tells as a normal effect. Knows neither answers nor their times."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.conversation.model import Context, Phase
from bot.conversation.normalize import Plain, Token
from bot.conversation.phrases import Found
from bot.conversation.scope import Scene, Standing, standing
from bot.conversation.vocabulary import OFF_SHEET, Vocabulary, outermost

TOLD = "told: "
# Effects are often mentioned beside the thing that is asked about ("peeling, can I exfoliate?").
EFFECTS = frozenset({"redness", "swelling", "flaking", "eye_bruising", "results", "pain_relief"})
# Those that are felt; Tylenol is a thing one asks for.
FELT = EFFECTS - {"pain_relief"}
_QUESTION_STARTS = frozenset(
    "can could may might shall should when what how why which who where is are am do does did will would any ok".split()
)
_INVERTED = frozenset("can could may might shall should is are am do does did will would have has".split())
_QUESTION_ENDS = frozenset("right allowed permitted possible ok problem discuss".split())
_QUESTION_TAILS = {
    ("or", "nah"),
    ("or", "not"),
    ("or", "no"),
    ("or", "what"),
    ("y", "n"),
    ("yay", "nay"),
    ("not", "take"),
    ("too", "soon"),
}
_BESIDES = {("what", "about"), ("how", "about"), ("what", "of")}
_SUBJECTS = frozenset("i it you my the this we that there they these".split())
_ASKING = frozenset("what how when which why where".split())
_AFTER_ASKING = frozenset(
    "long many much soon often late is are can should do does would will about if kind time day month come the".split()
)
LONGEST_KEYWORD = 3


@dataclass(frozen=True)
class Asked:
    """What a text asks about: topics of the sheet, effects told without asking, and things the sheet does not answer.

    `has_more` says that such a thing is asked about besides, so that staff must answer it.
    """

    topics: tuple[Found, ...]
    told: tuple[Found, ...]
    off_sheet: tuple[Found, ...]
    is_question: bool
    has_question_mark: bool = False
    has_more: bool = False
    named: frozenset[str] = frozenset()


def asked_about(scene: Scene, *, vocabulary: Vocabulary) -> Asked:
    """Return the topics of a text, each as often as it is named, in order."""
    found = vocabulary.asked.find(scene.keys)
    told = [
        hit for hit in found if hit.means.startswith(TOLD) and standing(hit, scene) in (Standing.SAID, Standing.BETTER)
    ]
    hits = outermost([hit for hit in found if not hit.means.startswith(TOLD)])
    off_sheet = tuple(hit for hit in hits if hit.means.startswith(OFF_SHEET))
    topics = tuple(
        hit
        for hit in hits
        if hit not in off_sheet and _is_meant(hit, scene) and not _is_beside(hit, off_sheet, scene, vocabulary)
    )
    has_more = any(hit.means not in vocabulary.gives_way for hit in off_sheet)
    named = frozenset(hit.means for hit in found if not hit.means.startswith((TOLD, OFF_SHEET)))
    mark = scene.plain.has_question_mark
    return Asked(topics, tuple(told), off_sheet, is_question(scene.plain), mark, has_more, named)


def is_asked_besides(hit: Found, scene: Scene) -> bool:
    """Whether a topic follows "what about" or "how about", by which a second thing is asked."""
    before = scene.plain.words[max(0, hit.start - 3) : hit.start]
    return before[-2:] in _BESIDES or before[:2] in _BESIDES  # "what about my makeup"


def is_asked_with_others(hit: Found, hits: Sequence[Found], scene: Scene) -> bool:
    """Whether a topic is one of a list ("wash my face and work out") or is all that another question is about."""
    if hit.means in FELT:
        return False
    plain, others = scene.plain, [other for other in hits if other.means not in FELT | {hit.means}]
    sentence = plain.tokens[hit.start].sentence
    if plain.is_asked(plain.tokens[hit.start]) and all(plain.tokens[o.start].sentence != sentence for o in others):
        return bool(others)
    return any(_are_listed(hit, other, plain) for other in others)


def _are_listed(hit: Found, other: Found, plain: Plain) -> bool:
    first, second, between = _with_words_between(hit, other, plain)
    parted = plain.tokens[first.end - 1].clause != plain.tokens[second.start].clause
    same = plain.tokens[first.start].sentence == plain.tokens[second.start].sentence
    return same and (parted or bool(_JOIN & set(between))) and set(between) <= _JOIN | _BETWEEN_LISTED


def _with_words_between(hit: Found, other: Found, plain: Plain) -> tuple[Found, Found, tuple[str, ...]]:
    """The two in the order they stand, and the words between them."""
    first, second = sorted((hit, other), key=lambda f: f.start)
    return first, second, plain.words[first.end : second.start]


_JOIN = frozenset("and or plus also n &".split())
_BETWEEN_LISTED = frozenset(
    "i my a the some to then use wear put on take go in out do have get into even normally".split()
)


def asks_about_after(scene: Scene, context: Context) -> bool:
    """Whether it is asked before the treatment what holds after it; on its day that is "tonight" and "tomorrow"."""
    words = scene.plain.words
    if context.is_treated or "before" in words:
        return False
    ends = any(words[i] == "after" and _ends_sentence(scene.plain, i) for i in range(len(words)))
    later = context.phase is Phase.MORNING and bool(_LATER_THAT_DAY & set(words))
    return ends or later or scene.has("<afterwards>")


def _ends_sentence(plain: Plain, at: int) -> bool:
    tokens = plain.tokens
    return at == len(tokens) - 1 or tokens[at + 1].sentence != tokens[at].sentence


_LATER_THAT_DAY = frozenset("tonight tomorrow tmrw tmr 2nite tonite evening".split())


def is_question(plain: Plain) -> bool:
    """Whether something is asked: a question mark, a question word where questions begin, or a bare keyword."""
    if plain.has_question_mark or len(plain.tokens) <= LONGEST_KEYWORD or plain.words[-1] in _QUESTION_ENDS:
        return True
    return plain.words[-2:] in _QUESTION_TAILS or _opens_like_a_question(plain.tokens)


def _opens_like_a_question(tokens: Sequence[Token]) -> bool:
    words = [t.word for t in tokens]
    starts = [i for i, t in enumerate(tokens) if i == 0 or t.clause != tokens[i - 1].clause]
    if any(words[i] in _QUESTION_STARTS for i in starts):
        return True
    return any((a in _INVERTED and b in _SUBJECTS) or (a in _ASKING and b in _AFTER_ASKING) for a, b in pairwise(words))


def _is_meant(hit: Found, scene: Scene) -> bool:
    if hit.means in EFFECTS:
        return standing(hit, scene) not in (Standing.DENIED, Standing.IDIOM)
    return hit.means != "picking" or standing(hit, scene) is not Standing.OTHER


def _is_beside(hit: Found, off_sheet: tuple[Found, ...], scene: Scene, vocabulary: Vocabulary) -> bool:
    """Whether a topic is only named beside what is really asked, which the sheet does not answer.

    So is everything in one clause with it ("breastfeeding ok with the numbing cream?") unless both are asked in one
    breath ("mascara and foundation"), and the course, its results and effects wherever they are named.
    """
    tokens = scene.plain.tokens
    if off_sheet and hit.means in SOFT:
        return True
    weak = vocabulary.gives_way | vocabulary.also_staff
    strong = [other for other in off_sheet if other.means not in weak and not _are_paired(hit, other, scene)]
    clauses = {tokens[i].clause for other in strong for i in (other.start, other.end - 1)}
    return tokens[hit.start].clause in clauses or tokens[hit.end - 1].clause in clauses


def _are_paired(hit: Found, other: Found, scene: Scene) -> bool:
    _, _, between = _with_words_between(hit, other, scene.plain)
    return len(between) <= 2 and bool({"and", "or", "plus"} & set(between))


# Topics whose words turn up in questions about something else.
SOFT = EFFECTS | {"sessions", "what_is_it", "picking", "medical_changes", "exercise", "contact"} - {"pain_relief"}
