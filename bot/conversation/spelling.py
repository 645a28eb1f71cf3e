"""Puts misspelt words of the clinic's vocabulary right.

Leaves alone every word it knows, and short ones, which typos do not show.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.conversation.stems import stem

SHORTEST_CORRECTED = 5
LENGTH_WITH_TWO_TYPOS = 8
CACHE_SIZE = 20_000


class Spelling:
    """Words that may be misspelt, and words that are right as they are."""

    def __init__(self, vocabulary: Iterable[str], common: Iterable[str] = ()) -> None:
        words = set(vocabulary)
        self._known = frozenset(common).union(words, map(stem, words))
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for word in sorted(words):
            if len(word) >= SHORTEST_CORRECTED and word.isalpha():
                self._by_start[word[0]].append(word)
        self.correct = lru_cache(maxsize=CACHE_SIZE)(self._correct)

    def _correct(self, word: str) -> str:
        """Return the word of the vocabulary that was meant, or the word itself."""
        if len(word) < SHORTEST_CORRECTED or not word.isalpha() or word in self._known or stem(word) in self._known:
            return word
        allowed = 2 if len(word) >= LENGTH_WITH_TWO_TYPOS else 1
        best, distance = word, allowed + 1
        for candidate in self._by_start.get(word[0], ()):
            if abs(len(candidate) - len(word)) < distance and _could_be(word, candidate):
                found = OSA.distance(word, candidate, score_cutoff=distance - 1)
                if found < distance:
                    best, distance = candidate, found
        return best


def _could_be(word: str, candidate: str) -> bool:
    """Whether the difference is one a finger or an ear makes; "swing" and "sting" are two words, not one misspelt."""
    if len(word) != len(candidate) or sorted(word) == sorted(candidate):
        return True
    changed = [(a, b) for a, b in zip(word, candidate, strict=True) if a != b]
    return len(changed) > 1 or all(
        {a, b} <= _VOWELS or b in _NEXT_TO.get(a, "") or {a, b} in _SOUND_ALIKE for a, b in changed
    )


_VOWELS = set("aeiouy")
_SOUND_ALIKE = ({"s", "c"}, {"s", "z"}, {"c", "k"}, {"f", "v"}, {"t", "d"}, {"m", "n"}, {"q", "k"})
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEXT_TO = {key: row[max(0, i - 1) : i] + row[i + 1 : i + 2] for row in _ROWS for i, key in enumerate(row)}
