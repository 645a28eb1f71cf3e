"""Phrases as a nurse writes them, compiled and found in a text. Knows how words stand together, not what they mean.

Three signs are enough to write one: a space puts words next to each other (small words may come between), a slash gives
alternatives, and a plus asks for both parts in one sentence, in any order: "yellow/green + crust", "won't/not + heal".
`<name>` stands for a set of words defined once, and `=faint` for this very form of a word ("fainted" is not meant).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.conversation.normalize import Token, plain

SMALL_WORDS = frozenset(
    "a an the my your our his her their some any of on in at to it is am are be was been that "
    "this these those with for and "
    "really so very just little bit still all already like quite super too as from own as well me "
    "fuck fucking fuckin freaking freakin frigging effing damn goddamn hell heck".split()
)
MAX_SMALL_BETWEEN = 2
MAX_TOKENS_APART = 14


@dataclass(frozen=True, slots=True)
class Phrase:
    """One compiled phrase: its parts (joined by plus), each a sequence of alternatives, and what it stands for."""

    written: str
    means: str
    parts: tuple[tuple[frozenset[str], ...], ...]
    anchor: frozenset[str]  # its rarest element
    needs: frozenset[str]  # the words it cannot do without
    needs_one_of: tuple[frozenset[str], ...]  # its elements that have alternatives


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found in a text: what it stands for, the tokens from `start` up to `end`, and each part's own place."""

    means: str
    start: int
    end: int
    phrase: Phrase
    places: tuple[tuple[int, int], ...]

    def words(self, tokens: Sequence[Token]) -> str:
        return " ... ".join(" ".join(t.word for t in tokens[a:b]) for a, b in self.places)


class Keys:
    """Where every word and every named set stands in a text; built once a text, asked by every index."""

    def __init__(self, tokens: Sequence[Token], sets_at: Sequence[Mapping[str, int]] = ()) -> None:
        self.tokens = tokens
        self.sets_at = sets_at
        self.positions: dict[str, list[int]] = {}
        for i, token in enumerate(tokens):
            self.positions.setdefault(token.key, []).append(i)
            self.positions.setdefault(f"={token.word}", []).append(i)
            for name in sets_at[i] if sets_at else ():
                self.positions.setdefault(name, []).append(i)
        self.present = frozenset(self.positions)


@dataclass
class PhraseIndex:
    """All phrases of one kind, by the words of their rarest element: most are ruled out by its absence alone."""

    by_anchor: dict[str, list[Phrase]] = field(default_factory=lambda: defaultdict(list))

    def add(self, phrase: Phrase) -> None:
        for key in phrase.anchor:
            self.by_anchor[key].append(phrase)

    def phrases(self) -> set[Phrase]:
        return {phrase for phrases in self.by_anchor.values() for phrase in phrases}

    def find(self, keys: Keys) -> list[Found]:
        """Return every phrase found, in the order of the text."""
        anchored = [self.by_anchor[key] for key in self.by_anchor.keys() & keys.present]
        is_absent = keys.present.isdisjoint
        found: list[Found] = []
        for phrase in {id(p): p for phrases in anchored for p in phrases}.values():
            if not phrase.needs <= keys.present or any(map(is_absent, phrase.needs_one_of)):
                continue
            for start in sorted({i for key in phrase.parts[0][0] for i in keys.positions.get(key, ())}):
                places = _places(phrase, keys.tokens, keys.sets_at, start)
                if places:
                    found.append(_found(phrase, places))
        return sorted(found, key=lambda f: (f.start, f.end, f.means, f.phrase.written))


def compile_phrase(written: str, means: str) -> Phrase:
    """Compile one phrase. Raises ValueError, saying what is wrong, where a part is empty."""
    parts = []
    for part in str(written).lower().split("+"):
        elements = [element for piece in part.split() for element in _elements(piece)]
        if not elements or not all(elements):
            raise ValueError(f"{written!r} has an empty part: write words, a / between alternatives, a + between parts")
        parts.append(tuple(elements))
    anchor, *others = sorted((element for part in parts for element in part), key=_commonness)
    needs = frozenset(key for element in others if len(element) == 1 for key in element)
    return Phrase(str(written), means, tuple(parts), anchor, needs, tuple(e for e in others if len(e) > 1))


def _commonness(element: frozenset[str]) -> int:
    return len(element) + 100 * sum(key in _COMMON_KEYS or key[0] == "<" for key in element)


_COMMON_KEYS = SMALL_WORDS | frozenset(
    "not i can do what how when will would get have out up off no go look like feel than you if or now more".split()
)


def sets_in(tokens: Sequence[Token], index: PhraseIndex) -> list[dict[str, int]]:
    """Return for every token the sets whose phrases begin there, each with the token where its longest phrase ends."""
    at: list[dict[str, int]] = [{} for _ in tokens]
    for hit in index.find(Keys(tokens)):
        at[hit.start][hit.means] = max(hit.end, at[hit.start].get(hit.means, 0))
    return at


def named_sets(phrases: Iterable[Phrase]) -> set[str]:
    """Return the `<names>` that phrases use."""
    return {
        word for p in phrases for part in p.parts for alternatives in part for word in alternatives if word[0] == "<"
    }


# The same words stand in thousands of phrases, and each phrase is compiled once to be checked and once to be used.
@lru_cache(maxsize=32_768)
def _elements(piece: str) -> tuple[frozenset[str], ...]:
    """Return what one written word asks for: alternatives, or the several words it is short for ("won't",
    "retin-a").
    """
    if piece.startswith(("<", "=")) and "/" not in piece:
        return (frozenset({piece}),)
    if "/" in piece:
        return (frozenset(map(_single, piece.split("/"))),)
    return tuple(frozenset({key}) for key in _keys(piece))


def _single(word: str) -> str:
    if word.startswith(("<", "=")):
        return word
    keys = _keys(word)
    if len(keys) != 1:
        raise ValueError(
            f"{word!r} is more than one word: between slashes only single words stand, write a phrase for each"
        )
    return keys[0]


@lru_cache(maxsize=32_768)
def _keys(word: str) -> tuple[str, ...]:
    return tuple(token.key for token in plain(word).tokens)


def _places(
    phrase: Phrase, tokens: Sequence[Token], sets_at: Sequence[Mapping[str, int]], start: int
) -> tuple[tuple[int, int], ...] | None:
    end = _part_at(phrase.parts[0], tokens, sets_at, start)
    if end is None:
        return None
    places = [(start, end)]
    for part in phrase.parts[1:]:
        place = _nearest(part, tokens, sets_at, places)
        if place is None:
            return None
        places.append(place)
    return tuple(places)


def _nearest(
    part: tuple[frozenset[str], ...],
    tokens: Sequence[Token],
    sets_at: Sequence[Mapping[str, int]],
    taken: list[tuple[int, int]],
) -> tuple[int, int] | None:
    """Find a part in the same sentence as the first one, nearest first, not on words that are taken."""
    start, end = taken[0]
    sentence = tokens[start].sentence
    order = sorted(
        range(max(0, start - MAX_TOKENS_APART), min(len(tokens), end + MAX_TOKENS_APART)), key=lambda j: abs(j - start)
    )
    for j in order:
        if tokens[j].sentence != sentence:
            continue
        stop = _part_at(part, tokens, sets_at, j)
        if stop is not None and all(stop <= a or j >= b for a, b in taken):
            return j, stop
    return None


def _part_at(
    part: tuple[frozenset[str], ...], tokens: Sequence[Token], sets_at: Sequence[Mapping[str, int]], start: int
) -> int | None:
    """Return where a part that begins at `start` ends, or None."""
    position = start
    for n, alternatives in enumerate(part):
        step = _step(alternatives, tokens, sets_at, position)
        skipped = 0
        while step is None and n and skipped < MAX_SMALL_BETWEEN and _is_small(tokens, position):
            position, skipped = position + 1, skipped + 1
            step = _step(alternatives, tokens, sets_at, position)
        if step is None or tokens[start].sentence != tokens[step - 1].sentence:
            return None
        position = step
    return position


def _is_small(tokens: Sequence[Token], position: int) -> bool:
    return position < len(tokens) and tokens[position].word in SMALL_WORDS


def _step(
    alternatives: frozenset[str], tokens: Sequence[Token], sets_at: Sequence[Mapping[str, int]], position: int
) -> int | None:
    if position >= len(tokens):
        return None
    if tokens[position].key in alternatives or f"={tokens[position].word}" in alternatives:
        return position + 1
    ends = [end for name, end in sets_at[position].items() if name in alternatives] if sets_at else []
    return max(ends) if ends else None


def _found(phrase: Phrase, places: tuple[tuple[int, int], ...]) -> Found:
    return Found(phrase.means, min(a for a, _ in places), max(b for _, b in places), phrase, places)
