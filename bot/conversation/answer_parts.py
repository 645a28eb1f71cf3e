"""Takes a text apart into what may each be a yes, a no, a doubt, a question or something else.

A part is a plain yes or no only where every word of it belongs to one: whatever stands beside it, a human should read.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.answer_words import (
    AFTER_ASKING,
    ASKED_OF,
    ASKING,
    AUXILIARY,
    BEGINS_A_QUESTION,
    BESIDE_DOUBT,
    BUT_FOR,
    DOING,
    DOUBT,
    GOES_ON,
    GREETINGS,
    HOW_OFTEN,
    NO_QUESTION_AFTER,
    NO_QUESTION_BEFORE,
    NO_WORDS,
    OFTEN,
    ONCE,
    OVER,
    QUESTION_ENDS,
    SMALL,
    STRENGTHEN,
    SUBJECTS,
    TAKING,
    YES_WORDS,
)
from bot.conversation.lexicon import NEGATORS
from bot.conversation.phrases import Found
from bot.conversation.scope import LONGEST_LISTED, Scene, Standing, standing
from bot.conversation.topics import Asked


class Means(StrEnum):
    """What one part of a text comes to, as an answer to a yes-or-no question."""

    YES = "yes"
    NO = "no"
    DOUBT = "doubt"
    ASKS = "asks"
    OTHER = "other"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Part:
    """Some words in a row. `is_opener` marks a yes or no that was said first; `names` that the subject is named."""

    means: Means
    is_opener: bool = False
    names: bool = False


_UNDERSTOOD = re.compile(r"\b(?:(?:got|get) it|will do|got you|no (?:problem|worries|rush|biggie))\b")
_USED_TO = re.compile(r"\bused to\b")
_A_BARE_N = re.compile(r"\s*n\b(?!')")
_AS_FAR_AS_I_KNOW = re.compile(
    r"\b(?:(?:that|as far as|so far as) (?:i|i am|i can) (?:know|aware|think|remember|recall)(?: of)?"
    r"|to my knowledge|since then|afaik)\b"
)


def parts_of(scene: Scene, about: Asked, subject: Set[str]) -> list[Part]:
    """The parts of a text in order; `subject` are the topics that the question is about."""
    spans = list(_spans(scene))
    hits = [hit for hit in about.topics if hit.means in subject]
    denied = [hit for hit in about.topics if hit.means not in subject and standing(hit, scene) is Standing.DENIED]
    besides = frozenset(i for hit in denied for i in range(hit.start, hit.end))
    parts: list[Part] = []
    for start, end in spans:
        named = [hit for hit in hits if start <= hit.start < end]
        is_first = all(part.means is Means.NOTHING for part in parts)
        after = parts[-1] if parts else None
        parts.append(_part(scene, start, end, named, besides=besides, is_first=is_first, after=after))
    return parts


def _spans(scene: Scene) -> Iterator[tuple[int, int]]:
    """Where each part stands: up to a mark, a new subject ("no | i take advil"), or a question in the middle."""
    tokens, words = scene.plain.tokens, scene.plain.words
    start = 0
    for i in range(1, len(tokens)):
        broken = (tokens[i].sentence, tokens[i].clause) != (tokens[i - 1].sentence, tokens[i - 1].clause)
        if broken or _begins_anew(words, i, start):
            yield start, i
            start = i
    if tokens:
        yield start, len(tokens)


def _begins_anew(words: Sequence[str], i: int, start: int) -> bool:
    before = words[i - 1]
    if before == "y" and words[i] in AUXILIARY:
        return False  # "y do you ask"
    if i == start + 1 and before in NO_WORDS | YES_WORDS:
        return words[i] in SUBJECTS or _turns_round(words, i)
    return (words[i] in ASKED_OF and before not in GOES_ON) or _turns_round(words, i)


def _turns_round(words: Sequence[str], i: int) -> bool:
    """Whether a question begins here: "can I", "do you"."""
    inverted = len(words) > i + 1 and words[i] in AUXILIARY and words[i + 1] in ASKED_OF
    return inverted and (i == 0 or words[i - 1] not in NO_QUESTION_AFTER | ASKED_OF)


def _part(
    scene: Scene,
    start: int,
    end: int,
    named: Sequence[Found],
    *,
    besides: Set[int],
    is_first: bool,
    after: Part | None,
) -> Part:
    """`besides` is where other things are denied: "no blood thinners, no painkillers" is as plain a no."""
    words = _without_greeting(scene, start, end)
    if _asks(scene, start, end, words, has_opener=not is_first):
        return Part(Means.ASKS, names=bool(named))
    if is_first and words and (opened := _opener(words)):
        return Part(opened, is_opener=True)
    covered = {i for hit in named for i in range(hit.start, hit.end)}
    if (NEGATORS | NO_WORDS) & set(words):
        covered |= besides & set(range(start, end))
    rest = _said_in(words) - {scene.plain.words[i] for i in covered}
    goes_on = after is not None and after.means is Means.NO and after.names
    if goes_on and not named and _denies_more(words):
        return Part(Means.NO, names=True)
    means = _means(scene, rest, named, goes_on=goes_on)
    if means is Means.NO and besides & set(range(start, end)) and not named and is_first:
        means = Means.OTHER
    opens = is_first and bool(words) and words[0] in NO_WORDS and means in (Means.NO, Means.DOUBT)
    return Part(means, is_opener=opens, names=bool(named))


def _said_in(words: Sequence[str]) -> set[str]:
    """The words that count, set phrases taken for what they stand for."""
    text = _AS_FAR_AS_I_KNOW.sub("", _UNDERSTOOD.sub("", " ".join(words)))
    return set(_USED_TO.sub("before", text).split())


def _without_greeting(scene: Scene, start: int, end: int) -> list[str]:
    words = list(scene.plain.words[start:end])
    if start == 0 and _A_BARE_N.match(scene.plain.text):
        words[0] = "no"  # in the middle of a text it is short for "and"
    while words and words[0] in GREETINGS:
        words.pop(0)
    if words[1:3] == ["answer", "is"]:
        del words[:3]
    if len(words) > 1 and words[0] in STRENGTHEN and words[1] in NEGATORS:
        words.pop(0)
    return words


def _denies_more(words: Sequence[str]) -> bool:
    """Whether a list goes on with another thing denied, whatever it is: "no advil, no painkillers"."""
    is_listed = bool(words) and words[0] in NO_WORDS | {"or", "nor", "any"} and len(words) <= LONGEST_LISTED
    return is_listed and not set(words) & (BUT_FOR | DOUBT | DOING)


def _opener(words: Sequence[str]) -> Means | None:
    """A yes or no that stands by itself, or a yes that anything but a denial follows."""
    rest = words[1:]
    if words[0] in NO_WORDS and all(word in GREETINGS | NO_WORDS for word in rest):
        return Means.NO
    if words[0] in YES_WORDS:
        return Means.DOUBT if any(word in NO_WORDS for word in rest) or rest[:1] == ["not"] else Means.YES
    return None


def _asks(scene: Scene, start: int, end: int, words: Sequence[str], *, has_opener: bool) -> bool:
    if not words:
        return False
    if _marked_as_a_question(scene, start, end, words):
        return True
    following = words[1] if len(words) > 1 else ""
    if words[0] in ASKING and (len(words) <= 3 or following in AFTER_ASKING) and following != "i":
        return True
    if words[0] == "y" and following in AUXILIARY:
        return True
    if words[0] in BEGINS_A_QUESTION and following and following not in NO_QUESTION_BEFORE:
        return True
    if _turns_round(words, 0) or (words[0] in AUXILIARY and following in SUBJECTS - ASKED_OF):
        return True
    return not has_opener and len(words) > 1 and words[-1] in QUESTION_ENDS and words[0] not in NO_WORDS | YES_WORDS


def _marked_as_a_question(scene: Scene, start: int, end: int, words: Sequence[str]) -> bool:
    """A question mark makes a question of what it ends, not of what was said before it: "I do, can I run?"."""
    tokens = scene.plain.tokens
    sentence = tokens[start].sentence
    if not scene.plain.is_asked(tokens[start]) or (words[0] in NO_WORDS | YES_WORDS and len(words) <= 2):
        return False
    later = [i for i in range(end, len(tokens)) if tokens[i].sentence == sentence]
    return words[0] not in ASKED_OF or not any(_turns_round(scene.plain.words, i) for i in later)


def _means(scene: Scene, rest: set[str], named: Sequence[Found], *, goes_on: bool) -> Means:
    standings = {standing(hit, scene) for hit in named}
    if standings & {Standing.OTHER, Standing.IDIOM, Standing.IF}:
        return Means.OTHER
    negators = rest & (NEGATORS | NO_WORDS)
    known = SMALL | GREETINGS | NEGATORS | NO_WORDS | OFTEN
    if rest & DOUBT or ("sure" in rest and negators):
        return Means.DOUBT if named or rest <= known | DOUBT | BUT_FOR | BESIDE_DOUBT | {"sure"} else Means.OTHER
    if negators:
        if rest <= known - OFTEN - BUT_FOR:
            return Means.NO
        return Means.DOUBT if named or rest <= known | BUT_FOR else Means.OTHER
    if named:
        return _named(rest, standings, known, goes_on=goes_on)
    if rest <= GREETINGS | (SMALL - DOING) or (rest & {"good", "fine", "ok", "great", "well"} and rest <= known):
        return Means.NOTHING
    if rest <= known:
        return Means.YES if rest & (DOING | HOW_OFTEN) else Means.NOTHING
    return Means.DOUBT if rest <= known | BUT_FOR and rest & (DOING | HOW_OFTEN | ONCE) else Means.OTHER


def _named(rest: set[str], standings: set[Standing], known: Set[str], *, goes_on: bool) -> Means:
    """The subject is named and nothing in this part denies it; "no advil, aspirin or eliquis" denies all three."""
    if standings == {Standing.DENIED} and goes_on and rest <= known - DOING - {"i"}:
        return Means.NO
    if Standing.PAST in standings or rest & OVER:
        return Means.DOUBT
    return Means.YES if rest & TAKING or rest <= known | BUT_FOR else Means.OTHER
