"""Whether the patient says a thing of herself, now: negation, hypotheticals, other people, other places,
the past. Knows no signs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.lexicon import NEGATION_ENDS, NEGATORS
from bot.conversation.normalize import Plain, Token
from bot.conversation.numbers import telling_numbers
from bot.conversation.phrases import SMALL_WORDS, Found, Keys, sets_in
from bot.conversation.vocabulary import Vocabulary, idioms, not_denials

NEGATION_REACH = 6
IF_REACH = 9
OTHER_REACH = 10
LONGEST_LISTED = 4
ELSEWHERE_REACH = 10


class Standing(StrEnum):
    """How a found word stands in its sentence."""

    SAID = "said"
    IDIOM = "figure of speech"
    DENIED = "denied"
    IF = "only thought of"
    OTHER = "someone else"
    ELSEWHERE = "somewhere else"
    PAST = "in the past"
    BETTER = "getting better"


@dataclass(frozen=True)
class Scene:
    """A text with everything found in it that says how its words are meant."""

    plain: Plain
    sets_at: tuple[dict[str, int], ...]
    keys: Keys
    idiom: frozenset[int]
    excused: frozenset[int]

    def has(self, name: str, start: int = 0, end: int | None = None) -> bool:
        return any(name in sets for sets in self.sets_at[start:end])


def scene(text: str, *, vocabulary: Vocabulary) -> Scene:
    """Return the text's tokens with the language around them marked."""
    read = vocabulary.read(text)
    marked = sets_in(read.tokens, vocabulary.sets)
    for i in range(len(read.tokens)):
        if _is_comparative(read.words, i):
            marked[i]["<comparative>"] = i + 1
    for i, name in telling_numbers(read.words):
        marked[i][name] = i + 1
    keys = Keys(read.tokens, marked)
    idiom = frozenset(i for hit in idioms().find(keys) for i in range(hit.start, hit.end))
    excused = frozenset(i for hit in not_denials().find(keys) for i in range(hit.start, hit.end))
    return Scene(read, tuple(marked), keys, idiom, excused)


def standing(hit: Found, scene: Scene) -> Standing:
    """Return how a found phrase stands in its sentence. What is neither denied nor somebody else's is said."""
    words = scene.plain.words
    first, last = _sentence_span(scene, hit.start)
    own_negator = any(words[i] in NEGATORS for a, b in hit.places for i in range(a, b))
    if all(any(i in scene.idiom for i in range(a, b)) for a, b in hit.places[:1]):
        return Standing.IDIOM
    if not own_negator and any(_is_denied(scene, a, b, first) for a, b in hit.places):
        return Standing.DENIED
    if _is_only_if(scene, hit.start, first) or _is_in_general(scene, hit.start, first):
        return Standing.IF
    if _is_others(scene, hit.start, hit.end, first, last):
        return Standing.OTHER
    if _is_elsewhere(scene, hit.start, hit.end, first, last):
        return Standing.ELSEWHERE
    if _is_past(scene, hit.end, first, last):
        return Standing.PAST
    if _is_better(scene, hit.end, first, last):
        return Standing.BETTER
    return Standing.SAID


def is_negated(scene: Scene, position: int) -> bool:
    """Whether the token at `position` is denied."""
    return _is_denied(scene, position, position + 1, _sentence_span(scene, position)[0])


def _sentence_span(scene: Scene, position: int) -> tuple[int, int]:
    tokens = scene.plain.tokens
    sentence = tokens[position].sentence
    start, end = position, position
    while start > 0 and tokens[start - 1].sentence == sentence:
        start -= 1
    while end < len(tokens) and tokens[end].sentence == sentence:
        end += 1
    return start, end


def _is_denied(scene: Scene, start: int, end: int, first: int) -> bool:
    tokens = scene.plain.tokens
    if end < len(tokens) and tokens[end].word in _DENIED_AFTERWARDS:
        return True
    clause = tokens[start].clause
    for j in range(start - 1, max(first, start - NEGATION_REACH) - 1, -1):
        word = tokens[j].word
        if word == "all" and j > first and tokens[j - 1].word == "at" and tokens[j].clause != clause:
            return False  # "no difference at all, waste of money" is no list
        if word in NEGATORS and j not in scene.excused:
            if j > first and tokens[j - 1].word in NEGATORS:
                return False
            if word == "without" and _is_unavoidable(tokens[max(first, j - NEGATION_REACH) : j]):
                return False
            return tokens[j].clause == clause or _is_listed(tokens, start, clause)
        if word in NEGATION_ENDS or (tokens[j].clause != clause and not _is_listed(tokens, start, clause)):
            return False
    return False


def _is_unavoidable(before: Sequence[Token]) -> bool:
    """ "I can barely chew without being in pain" tells of pain."""
    return any(t.word in NEGATORS for t in before)


_DENIED_AFTERWARDS = frozenset(("free", "none", "zero", "nil"))


def _is_listed(tokens: Sequence, start: int, clause: int) -> bool:  # type: ignore[type-arg]
    """Whether the word is one item of a list ("no fever, pus or smell"): its clause is short and starts with it."""
    mine = [t.word for t in tokens if t.clause == clause]
    before = [t.word for t in tokens[:start] if t.clause == clause]
    is_list = "or" in mine or "nor" in mine or all(word in SMALL_WORDS for word in before)
    return len(mine) <= LONGEST_LISTED and is_list


_IF_I_DO = frozenset(
    "press touch smile move chew lay lie roll rub squeeze push talk yawn laugh turn eat poke "
    "pick bend stand blink".split()
)


def _is_only_if(scene: Scene, start: int, first: int) -> bool:
    tokens = scene.plain.tokens
    for j in range(start - 1, max(first, start - IF_REACH) - 1, -1):
        if tokens[j].word in _IF_ENDS:
            return False
        if "<if>" in scene.sets_at[j]:
            end = scene.sets_at[j]["<if>"]
            following = {t.key for t in tokens[end : end + 2]}
            wonders = j > 0 and tokens[j - 1].word in _IN_DOUBT
            return end <= start and not wonders and not following & _IF_I_DO
    return False


# "I'm not sure if it's infected" reports something; "what if it gets infected" does not.
_IN_DOUBT = frozenset("sure know wonder wondering tell idea see check unsure".split())
_IF_ENDS = frozenset(("but", "now", "because", "since", "today"))


def _is_in_general(scene: Scene, start: int, first: int) -> bool:
    """Whether it is asked about as such, and is nobody's: "at what point is swelling a problem?", "what fever is too
    high?".
    """
    words, tokens = scene.plain.words, scene.plain.tokens
    if _HAS_IT & set(words) or words[start - 1 : start] == ("the",):
        return False
    if words[start - 1 : start] in (("what",), ("which",)) or words[max(0, start - 2) : start] == ("how", "much"):
        return True
    before = [j for j in range(first, start) if tokens[j].clause == tokens[start].clause]
    return any(scene.sets_at[j].get("<in-general>", start + 1) <= start for j in before)


_HAS_IT = frozenset("my mine this these have having had got it its me has".split())


def _is_others(scene: Scene, start: int, end: int, first: int, last: int) -> bool:
    """Whether somebody else is who has it: she is named before it, and the patient is not named in between."""
    words = scene.plain.words
    if {"me", "my", "mine"} & set(words[end : min(last, end + 1)]) or scene.has("<on-behalf>"):
        return False
    for j in range(start - 1, max(first, start - OTHER_REACH) - 1, -1):
        if words[j] in _HERSELF and (not j or words[j - 1] not in ("with", "to", "for", "told", "w")):
            return False
        if "<other-person>" in scene.sets_at[j] or "<pet>" in scene.sets_at[j]:
            return not _is_spoken_for(scene, j)
        if words[j] == "my" and "<treated-skin>" in scene.sets_at[j + 1]:
            return False
    return False


def _is_spoken_for(scene: Scene, other: int) -> bool:
    """Whether a relative writes for the patient: "my daughter's whole face puffed up" is about the face that
    was treated.
    """
    near = range(other + 1, min(len(scene.sets_at), other + 3))
    return any("<treated-skin>" in scene.sets_at[i] for i in near) and "hers" not in scene.plain.words


_HERSELF = frozenset(("i", "me", "mine", "myself"))


def _is_elsewhere(scene: Scene, start: int, end: int, first: int, last: int) -> bool:
    """Whether the nearest part of the body that is named was not treated."""
    elsewhere = _distance(scene, "<elsewhere>", start, end, first, last)
    return elsewhere <= ELSEWHERE_REACH and elsewhere < _distance(scene, "<treated-skin>", start, end, first, last)


def _distance(scene: Scene, name: str, start: int, end: int, first: int, last: int) -> int:
    found = [start - j if j < start else max(0, j - end + 1) for j in range(first, last) if name in scene.sets_at[j]]
    return min(found, default=len(scene.plain.tokens) + 1)


def _is_past(scene: Scene, end: int, first: int, last: int) -> bool:
    if scene.has("<now>", end, last):
        return False
    return scene.has("<past>", first, last) or any(
        "<resolved>" in scene.sets_at[j] and not _is_open(scene, j, first) for j in range(first, last)
    )


def _is_open(scene: Scene, resolved: int, first: int) -> bool:
    """Whether it is not over yet: "these marks are not going away", "gone from puffy to big"."""
    words, end = scene.plain.words, scene.sets_at[resolved]["<resolved>"]
    return bool(NEGATORS & set(words[max(first, resolved - 3) : resolved])) or words[end : end + 1] == ("from",)


def _is_better(scene: Scene, end: int, first: int, last: int) -> bool:
    for j in range(first, last):
        if "<better>" in scene.sets_at[j] and not is_negated_at(scene, j, first) and not _has_become(scene, j):
            return not scene.has("<more>", first, last) and "now" not in scene.plain.words[j + 1 : end]
    return False


def _has_become(scene: Scene, position: int) -> bool:
    """ "It had gone angrier" tells what it became, not that it went."""
    words, after = scene.plain.words, position + 1
    return words[position] in ("gone", "went") and after < len(words) and words[after].endswith("er")


def is_negated_at(scene: Scene, position: int, first: int) -> bool:
    """Whether "better" at this place is denied, wished for or asked about."""
    words = scene.plain.words
    before = range(max(first, position - 7), position)
    return any(words[j] in NEGATORS or "<hoped>" in scene.sets_at[j] for j in before)


def _is_comparative(words: tuple[str, ...], position: int) -> bool:
    """Whether something is told to be more than before: "rounder than last night"; better, paler and the like
    are not.
    """
    word = words[position]
    if not word.endswith("er") or len(word) <= 4 or word in _HARMLESS_COMPARATIVES:
        return False
    return "than" in words[position + 1 : position + 5]


_HARMLESS_COMPARATIVES = frozenset(
    "better lighter paler smoother softer calmer smaller fewer later earlier longer shorter rather other another never "
    "quicker faster sooner easier cleaner fresher younger prettier nicer milder gentler cheaper "
    "older further together number "
    "under after over whether either flatter thinner clearer cooler dryer drier slower weaker "
    "looser lower lesser happier closer "
    "healthier tighter-looking brighter-looking summer sister brother mother father water "
    "remember order offer answer wonder".split()
)
