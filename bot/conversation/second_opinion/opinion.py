"""What all readers found in a text, weighed: is it a warning, an emergency, which topics. Decides nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from bot.conversation.second_opinion.features import Found, sheet_features, subject_features, warning_features
from bot.conversation.second_opinion.linear import Linear, probability

WEIGHTS = "weights.json"


@dataclass(frozen=True)
class Weighing:
    """What weighs the findings: is it a warning, an emergency, is this topic meant, does the care sheet answer it."""

    warning: Linear
    emergency: Linear
    subject: Linear
    sheet: Linear


@dataclass(frozen=True)
class Models:
    """What weighs the findings of the quick readers alone, and what weighs them beside a close reading."""

    quick: Weighing
    close: Weighing

    def of(self, found: Found) -> Weighing:
        """What weighs these findings."""
        return self.close if found.closely else self.quick


@dataclass(frozen=True)
class Opinion:
    """Probabilities between 0 and 1, and the features that moved the warning's most."""

    warning: float
    emergency: float
    topics: Mapping[str, float]
    sheet: float
    because: tuple[tuple[str, float], ...]


def second_opinion(found: Found, models: Models) -> Opinion:
    """Weigh what was found in a text."""
    weighing, about = models.of(found), warning_features(found)
    topics = likely_topics(found, weighing.subject)
    return Opinion(
        probability(weighing.warning.score(about)),
        probability(weighing.emergency.score(about)),
        topics,
        probability(weighing.sheet.score(sheet_features(found, topics))),
        tuple(weighing.warning.strongest(about)),
    )


def likely_topics(found: Found, subject: Linear) -> dict[str, float]:
    """The probability that each topic the text may be about is meant."""
    common, own = subject_features(found)
    every = subject.score(common)
    return {topic: probability(every + subject.moved_by(features)) for topic, features in own.items()}


@lru_cache(maxsize=1)
def shipped() -> Models:
    """Return the models of the package."""
    return as_read(json.loads(files(__package__).joinpath(WEIGHTS).read_text(encoding="utf-8")))


def as_read(stored: Mapping[str, Any]) -> Models:
    """The models of a weights file."""
    return Models(_weighing(stored["quick"]), _weighing(stored["close"]))


def _weighing(stored: Mapping[str, Any]) -> Weighing:
    return Weighing(*(Linear(**stored[name]) for name in ("warning", "emergency", "subject", "sheet")))
