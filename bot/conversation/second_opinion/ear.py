"""A reader that knows no rule: it weighs the words and letters of a text as it has seen them in labelled texts.

Its errors are not the rules' errors, which is what makes it worth asking. Decides nothing.
"""

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.conversation.normalize import Token

WEIGHTS = "ear.npz"
LETTERS = (3, 4, 5)
PHASE_WEIGHT = 0.5
NO_TOPIC = "none"
SCALE = 100  # weights are kept as hundredths
# What it says of a whole text, each by itself: a warning, an emergency, a wish for no more texts, a text for the clinic
# at all, a question that the care sheet answers.
SAYS = ("warning", "emergency", "opt_out", "ours", "sheet")


@dataclass(frozen=True)
class Impression:
    """What a text sounds like: log odds for each of SAYS, and what it is about, all topics together 1."""

    odds: Mapping[str, float]
    topics: Mapping[str, float]

    @property
    def likeliest(self) -> tuple[str, float]:
        """The likeliest topic (or NO_TOPIC) and its probability."""
        return max(self.topics.items(), key=lambda each: each[1])


@dataclass(frozen=True)
class Ear:
    """Weights by feature: row `rows[feature]` of `table` (in hundredths) has one for each output."""

    outputs: tuple[str, ...]
    bias: NDArray[np.float64]
    rows: Mapping[str, int]
    table: NDArray[np.int16]

    def hear(self, features: Mapping[str, float]) -> Impression:
        """What these features sound like."""
        known = [(row, value) for name, value in features.items() if (row := self.rows.get(name)) is not None]
        at, values = [row for row, _ in known], np.array([value for _, value in known])
        scores = (self.bias + values @ self.table[at] / SCALE).tolist() if known else self.bias.tolist()
        said = len(SAYS)
        return Impression(dict(zip(SAYS, scores[:said], strict=True)), _shares(self.outputs[said:], scores[said:]))


def features(tokens: Sequence[Token], phase: str) -> dict[str, float]:
    """Words by their stems, alone and in pairs, and runs of three to five letters; each sort of length one."""
    keys = [token.key for token in tokens]
    words = {f"w:{key}" for key in keys} | {f"w:{a} {b}" for a, b in pairwise(keys)}
    letters = {run for word in {token.word for token in tokens} for run in _runs(word)}
    return {**_of_length_one(words), **_of_length_one(letters), f"p:{phase}": PHASE_WEIGHT}


@lru_cache(maxsize=1)
def shipped() -> Ear:
    """The weights that came with this version."""
    with np.load(io.BytesIO(files(__package__).joinpath(WEIGHTS).read_bytes()), allow_pickle=False) as stored:
        names = bytes(stored["names"]).decode().split("\n")
        outputs = bytes(stored["outputs"]).decode().split("\n")
        return Ear(tuple(outputs), stored["bias"], {name: row for row, name in enumerate(names)}, stored["table"])


@lru_cache(maxsize=20_000)
def _runs(word: str) -> tuple[str, ...]:
    closed = f" {word} "
    return tuple(f"c:{closed[at : at + size]}" for size in LETTERS for at in range(len(closed) - size + 1))


def _of_length_one(names: Iterable[str]) -> dict[str, float]:
    known = list(names)
    share = 1 / math.sqrt(len(known)) if known else 0.0
    return dict.fromkeys(known, share)


def _shares(names: Sequence[str], scores: Sequence[float]) -> dict[str, float]:
    most = max(scores)
    raised = [math.exp(score - most) for score in scores]
    total = sum(raised)
    return {name: value / total for name, value in zip(names, raised, strict=True)}
