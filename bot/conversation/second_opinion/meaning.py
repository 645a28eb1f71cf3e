"""How near a text's words stand to those of other texts, and how glad or sorry they sound. Decides nothing.

It carries what is learnt from one word over to the words like it: of "splotches" the labelled texts know nothing.
The words' places come from a published model of English (meaning.npz; how it is made: tests/bench/meanings.py), the
mood from VADER, a published list of words with rules for "not" and "very".
"""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

PLACES = "meaning.npz"
MOODS = ("neg", "pos", "compound")


@dataclass(frozen=True)
class Places:
    """A place for each word: row `rows[word]` of `table`; seldom words stand farther out than common ones."""

    rows: Mapping[str, int]
    table: NDArray[np.float32]


def meaning_of(words: Sequence[str]) -> NDArray[np.float32]:
    """The place of the words together, and their mood; as long as `names`."""
    return np.concatenate([_place(words), _mood(words)])


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """What the numbers of `meaning_of` are called."""
    return (*(f"m:{number}" for number in range(shipped().table.shape[1])), *(f"v:{mood}" for mood in MOODS))


@lru_cache(maxsize=1)
def shipped() -> Places:
    """The places that came with this version."""
    with np.load(io.BytesIO(files(__package__).joinpath(PLACES).read_bytes()), allow_pickle=False) as stored:
        words = bytes(stored["words"]).decode().split("\n")
        return Places({word: row for row, word in enumerate(words)}, stored["table"] * stored["scale"])


def _place(words: Sequence[str]) -> NDArray[np.float32]:
    places = shipped()
    at = [row for word in words if (row := places.rows.get(word)) is not None]
    place: NDArray[np.float32] = places.table[at].sum(axis=0) / math.sqrt(len(at) or 1)
    return place


def _mood(words: Sequence[str]) -> NDArray[np.float32]:
    scores = _vader().polarity_scores(" ".join(words))
    return np.array([scores[mood] for mood in MOODS], np.float32)


@lru_cache(maxsize=1)
def _vader() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()
