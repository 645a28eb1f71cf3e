"""A reader that knows no rule: it weighs the words and letters of a text as it has seen them in labelled texts.

Its errors are not the rules' errors, which is what makes it worth asking. Decides nothing.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from bot.conversation.normalize import Token

WEIGHTS = "ear.json"
LETTERS = (3, 4, 5)
PHASE_WEIGHT = 0.5
NO_TOPIC = "none"
SCALE = 100  # weights are kept as hundredths


@dataclass(frozen=True)
class Impression:
    """How likely a text is a warning and an emergency, each by itself, and what it is about, all topics together 1."""

    warning: float
    emergency: float
    topics: Mapping[str, float]

    @property
    def likeliest(self) -> tuple[str, float]:
        """The likeliest topic (or NO_TOPIC) and its probability."""
        return max(self.topics.items(), key=lambda each: each[1])


@dataclass(frozen=True)
class Ear:
    """Weights by feature: `weights[feature]` is a flat list of output number and weight, in turns."""

    outputs: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, Sequence[int]]

    def hear(self, features: Mapping[str, float]) -> Impression:
        """What these features sound like."""
        scores = list(self.bias)
        for name, value in features.items():
            flat = self.weights.get(name)
            if flat is not None:
                for at in range(0, len(flat), 2):
                    scores[flat[at]] += flat[at + 1] * value / SCALE
        return Impression(probability(scores[0]), probability(scores[1]), _shares(self.outputs[2:], scores[2:]))


def features(tokens: Sequence[Token], phase: str) -> dict[str, float]:
    """Words by their stems, alone and in pairs, and runs of three to five letters; each sort of length one."""
    keys = [token.key for token in tokens]
    words = {f"w:{key}" for key in keys} | {f"w:{a} {b}" for a, b in pairwise(keys)}
    letters = {f"c:{run}" for word in {token.word for token in tokens} for run in _runs(f" {word} ")}
    return {**_of_length_one(words), **_of_length_one(letters), f"p:{phase}": PHASE_WEIGHT}


@lru_cache(maxsize=1)
def shipped() -> Ear:
    """The weights that came with this version."""
    raw = json.loads(files(__package__).joinpath(WEIGHTS).read_text(encoding="utf-8"))
    return Ear(tuple(raw["outputs"]), tuple(raw["bias"]), raw["weights"])


def _runs(word: str) -> Iterable[str]:
    return (word[at : at + size] for size in LETTERS for at in range(len(word) - size + 1))


def _of_length_one(names: Iterable[str]) -> dict[str, float]:
    known = list(names)
    share = 1 / math.sqrt(len(known)) if known else 0.0
    return dict.fromkeys(known, share)


def probability(score: float) -> float:
    """The probability of log odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def log_odds(share: float) -> float:
    """The log odds of a probability."""
    held = max(1e-6, min(1 - 1e-6, share))
    return math.log(held / (1 - held))


def discounted(share: float, by: float) -> float:
    """A probability with its log odds lowered."""
    return probability(log_odds(share) - by)


def _shares(names: Sequence[str], scores: Sequence[float]) -> dict[str, float]:
    most = max(scores)
    raised = [math.exp(score - most) for score in scores]
    total = sum(raised)
    return {name: value / total for name, value in zip(names, raised, strict=True)}
