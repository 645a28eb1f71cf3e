"""A reader that knows no rule: it weighs the words and letters of a text as it has seen them in labelled texts.

Its errors are not the rules' errors, which is what makes it worth asking. Decides nothing.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
MOST_WORDS_KEPT = 20_000
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
    """What some words weigh, for each output (in hundredths): stems, alone and in pairs, and runs of letters.

    How many of them there are is kept too, for a long text is not to be louder than a short one.
    """

    stems: NDArray[np.int64]
    letters: NDArray[np.int64]
    stem_count: int
    letter_count: int


@dataclass(frozen=True)
class Ear:
    """Weights by feature: row `rows[feature]` of `table` (in hundredths) has one for each output."""

    outputs: tuple[str, ...]
    bias: NDArray[np.float64]
    rows: Mapping[str, int]
    table: NDArray[np.int16]
    known_words: dict[str, tuple[NDArray[np.int64], int]] = field(default_factory=dict, compare=False)

    def listen(self, sentence: Sequence[Token]) -> Sound:
        """What the words of one sentence weigh."""
        stems, letters = stem_names(sentence), [self._letters(token.word) for token in sentence]
        heard = np.add.reduce([weights for weights, _ in letters])
        return Sound(self._sum(stems), heard, len(stems), sum(count for _, count in letters))

    def impression(self, sounds: Sequence[Sound], phase: str) -> Impression:
        """What a text of these sentences sounds like."""
        scores, said = self._scores(sounds, phase), len(SAYS)
        return Impression(dict(zip(SAYS, scores[:said], strict=True)), _shares(self.outputs[said:], scores[said:]))

    def odds(self, sound: Sound, phase: str) -> dict[str, float]:
        """Log odds for each of SAYS, of one sentence by itself."""
        return dict(zip(SAYS, self._scores([sound], phase), strict=False))

    def _scores(self, sounds: Sequence[Sound], phase: str) -> list[float]:
        scores = self.bias + self._row(f"p:{phase}") * (PHASE_WEIGHT / SCALE)
        for sums, counts in (
            ([each.stems for each in sounds], [each.stem_count for each in sounds]),
            ([each.letters for each in sounds], [each.letter_count for each in sounds]),
        ):
            total = sums[0] if len(sums) == 1 else np.add.reduce(sums)
            scores = scores + total * (share(sum(counts)) / SCALE)
        listed: list[float] = scores.tolist()
        return listed

    def _letters(self, word: str) -> tuple[NDArray[np.int64], int]:
        """What the letters of a word weigh, and how many runs they are. People use the same words again and again."""
        kept = self.known_words.get(word)
        if kept is None:
            if len(self.known_words) >= MOST_WORDS_KEPT:
                self.known_words.clear()
            runs = letter_names(word)
            kept = self.known_words[word] = (self._sum(runs), len(runs))
        return kept

    def _sum(self, names: Sequence[str]) -> NDArray[np.int64]:
        known = [row for row in map(self.rows.get, names) if row is not None]
        weights: NDArray[np.int64] = np.add.reduce(self.table[known], axis=0, dtype=np.int64)
        return weights

    def _row(self, name: str) -> NDArray[np.int16] | int:
        row = self.rows.get(name)
        return 0 if row is None else self.table[row]


def named(sentences: Sequence[Sequence[Token]], phase: str) -> dict[str, float]:
    """Every feature of a text by its name, as the training wants them."""
    stems = Counter(name for sentence in sentences for name in stem_names(sentence))
    letters = Counter(name for sentence in sentences for token in sentence for name in letter_names(token.word))
    weighed = [(kind, share(kind.total())) for kind in (stems, letters)]
    features = {name: count * each for kind, each in weighed for name, count in kind.items()}
    return {**features, f"p:{phase}": PHASE_WEIGHT}


def stem_names(sentence: Sequence[Token]) -> list[str]:
    """The stems of a sentence, alone and in pairs."""
    keys = [token.key for token in sentence]
    return [*(f"w:{key}" for key in keys), *(f"w:{a} {b}" for a, b in pairwise(keys))]


def letter_names(word: str) -> list[str]:
    """The runs of letters of a word, its ends marked."""
    closed = f" {word} "
    return [f"c:{closed[at : at + size]}" for size in LETTERS for at in range(len(closed) - size + 1)]


def share(count: int) -> float:
    """How much each of so many features counts."""
    return 1 / math.sqrt(count) if count else 0.0


@lru_cache(maxsize=1)
def shipped() -> Ear:
    """The weights that came with this version."""
    with as_file(files(__package__).joinpath(WEIGHTS)) as path, np.load(path, allow_pickle=False) as stored:
        names = bytes(stored["names"]).decode().split("\n")
        outputs = bytes(stored["outputs"]).decode().split("\n")
        return Ear(tuple(outputs), stored["bias"], {name: row for row, name in enumerate(names)}, stored["table"])


def _shares(names: Sequence[str], scores: Sequence[float]) -> dict[str, float]:
    most = max(scores)
    raised = [math.exp(score - most) for score in scores]
    total = sum(raised)
    return {name: value / total for name, value in zip(names, raised, strict=True)}
