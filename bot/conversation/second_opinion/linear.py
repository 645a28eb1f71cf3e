"""A logistic model over named features: asked here, trained here, with nothing but arithmetic. Knows no texts."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

EPOCHS = 60
RATE = 0.3
SMALLEST_KEPT = 0.02
SEED = 7


@dataclass(frozen=True)
class Linear:
    """Weights by feature name, and the weight every text starts from."""

    bias: float
    weights: Mapping[str, float]

    def score(self, features: Mapping[str, float]) -> float:
        """Return the log odds."""
        weights = self.weights
        return self.bias + sum(weights[name] * value for name, value in features.items() if name in weights)

    def strongest(self, features: Mapping[str, float], most: int = 5) -> list[tuple[str, float]]:
        """Return the features that moved the score most, for the explanation."""
        moved = [(name, self.weights[name] * value) for name, value in features.items() if name in self.weights]
        return sorted(moved, key=lambda m: -abs(m[1]))[:most]


def probability(log_odds: float) -> float:
    """Return the probability of log odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def train(examples: Sequence[tuple[Mapping[str, float], bool]], *, penalty: float, epochs: int = EPOCHS) -> Linear:
    """Fit a model by AdaGrad, both classes weighing the same in sum; the same examples always give the same model.

    `penalty` is the L2 penalty of one example, as 1 / (2C).
    """
    positive = sum(label for _, label in examples)
    half = len(examples) / 2
    by_label = {True: half / max(1, positive), False: half / max(1, len(examples) - positive)}
    weights: dict[str, float] = {}
    seen: dict[str, float] = {}
    bias, bias_seen = 0.0, 1e-6
    order = list(range(len(examples)))
    counts: dict[str, int] = {}
    for features, _ in examples:
        for name in features:
            counts[name] = counts.get(name, 0) + 1
    shuffle = random.Random(SEED).shuffle  # noqa: S311 - order of training, not a secret
    for _ in range(epochs):
        shuffle(order)
        for i in order:
            features, label = examples[i]
            odds = bias + sum(weights.get(name, 0.0) * value for name, value in features.items())
            error = (probability(odds) - label) * by_label[label]
            bias_seen += error * error
            bias -= RATE * error / math.sqrt(bias_seen)
            for name, value in features.items():
                weight = weights.get(name, 0.0)
                gradient = error * value + 2 * penalty * weight / counts[name]
                seen[name] = seen.get(name, 1e-6) + gradient * gradient
                weights[name] = weight - RATE * gradient / math.sqrt(seen[name])
    return Linear(round(bias, 3), {n: round(w, 3) for n, w in sorted(weights.items()) if abs(w) >= SMALLEST_KEPT})
