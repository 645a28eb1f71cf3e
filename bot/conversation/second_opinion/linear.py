"""A logistic model over named features, with nothing but arithmetic. Knows no texts."""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Linear:
    """Weights by feature name, and the weight every text starts from."""

    bias: float
    weights: Mapping[str, float]

    def score(self, features: Mapping[str, float]) -> float:
        """Return the log odds."""
        return self.bias + self.moved_by(features)

    def moved_by(self, features: Mapping[str, float]) -> float:
        """Return by how much these features move the log odds."""
        weights = self.weights
        return sum(weights[name] * value for name, value in features.items() if name in weights)

    def strongest(self, features: Mapping[str, float], most: int = 5) -> list[tuple[str, float]]:
        """Return the features that moved the score most, for the explanation."""
        moved = [(name, self.weights[name] * value) for name, value in features.items() if name in self.weights]
        return sorted(moved, key=lambda m: -abs(m[1]))[:most]


def probability(log_odds: float) -> float:
    """Return the probability of log odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def log_odds(share: float) -> float:
    """Return the log odds of a probability."""
    held = max(1e-4, min(1 - 1e-4, share))
    return math.log(held / (1 - held))
