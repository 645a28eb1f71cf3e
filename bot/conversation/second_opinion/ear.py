"""A reader that knows no rule: it weighs the words and letters of a text as it has seen them in labelled texts.

Its errors are not the rules' errors, which is what makes it worth asking. Decides nothing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
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
class Sound:
    """What of a text is weighed: its words by their stems, alone and in pairs, its runs of three to five letters, and
    the phase it is sent in.
    """

    words: Sequence[str]
    letters: Sequence[str]
    phase: str

    def named(self) -> dict[str, float]:
        """Each feature by its name, as the training wants them; words and letters each of length one."""
        shares = {**dict.fromkeys(self.words, _share(self.words)), **dict.fromkeys(self.letters, _share(self.letters))}
        return {**shares, f"p:{self.phase}": PHASE_WEIGHT}


@dataclass(frozen=True)
class Ear:
    """Weights by feature: row `rows[feature]` of `table` (in hundredths) has one for each output."""

    outputs: tuple[str, ...]
    bias: NDArray[np.float64]
    rows: Mapping[str, int]
    table: NDArray[np.int16]

    def hear(self, sound: Sound) -> Impression:
        """What a text sounds like."""
        scores = self._start(sound.phase)
        for names in (sound.words, sound.letters):
            known = [row for row in map(self.rows.get, names) if row is not None]
            if known:
                scores = scores + self.table[known].sum(axis=0, dtype=np.int32) * (_share(names) / SCALE)
        listed, said = scores.tolist(), len(SAYS)
        return Impression(dict(zip(SAYS, listed[:said], strict=True)), _shares(self.outputs[said:], listed[said:]))

    def _start(self, phase: str) -> NDArray[np.float64]:
        """What every text of a phase starts from."""
        row = self.rows.get(f"p:{phase}")
        return self.bias if row is None else self.bias + self.table[row] * (PHASE_WEIGHT / SCALE)


def sound_of(tokens: Sequence[Token], phase: str) -> Sound:
    """What is to be weighed of a text or of one of its sentences."""
    keys = [token.key for token in tokens]
    words = {f"w:{key}" for key in keys} | {f"w:{a} {b}" for a, b in pairwise(keys)}
    letters = {run for word in {token.word for token in tokens} for run in _runs(word)}
    return Sound(list(words), list(letters), phase)


@lru_cache(maxsize=1)
def shipped() -> Ear:
    """The weights that came with this version."""
    with as_file(files(__package__).joinpath(WEIGHTS)) as path, np.load(path, allow_pickle=False) as stored:
        names = bytes(stored["names"]).decode().split("\n")
        outputs = bytes(stored["outputs"]).decode().split("\n")
        return Ear(tuple(outputs), stored["bias"], {name: row for row, name in enumerate(names)}, stored["table"])


@lru_cache(maxsize=20_000)
def _runs(word: str) -> tuple[str, ...]:
    closed = f" {word} "
    return tuple(f"c:{closed[at : at + size]}" for size in LETTERS for at in range(len(closed) - size + 1))


def _share(names: Sequence[str]) -> float:
    return 1 / math.sqrt(len(names)) if names else 0.0


def _shares(names: Sequence[str], scores: Sequence[float]) -> dict[str, float]:
    most = max(scores)
    raised = [math.exp(score - most) for score in scores]
    total = sum(raised)
    return {name: value / total for name, value in zip(names, raised, strict=True)}
