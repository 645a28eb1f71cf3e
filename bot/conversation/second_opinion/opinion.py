"""The second reader's verdict on a text: how likely it is a warning, an emergency, which topics. Decides nothing."""

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
class Models:
    """What weighs the findings: is it a warning, an emergency, is this topic meant, does the care sheet answer it."""

    warning: Linear
    emergency: Linear
    subject: Linear
    sheet: Linear


@dataclass(frozen=True)
class Opinion:
    """Probabilities between 0 and 1, and the features that moved the warning's most."""

    warning: float
    emergency: float
    topics: Mapping[str, float]
    sheet: float
    because: tuple[tuple[str, float], ...]


def second_opinion(found: Found, models: Models) -> Opinion:
    """Weigh what the rules and the ear found in a text."""
    about = warning_features(found)
    topics = likely_topics(found, models.subject)
    return Opinion(
        probability(models.warning.score(about)),
        probability(models.emergency.score(about)),
        topics,
        probability(models.sheet.score(sheet_features(found, topics))),
        tuple(models.warning.strongest(about)),
    )


def likely_topics(found: Found, subject: Linear) -> dict[str, float]:
    """The probability that each topic the text may be about is meant."""
    return {topic: probability(subject.score(features)) for topic, features in subject_features(found)}


@lru_cache(maxsize=1)
def shipped() -> Models:
    """Return the models of the package."""
    return as_read(json.loads(files(__package__).joinpath(WEIGHTS).read_text(encoding="utf-8")))


def as_read(stored: Mapping[str, Any]) -> Models:
    """The models of a weights file."""
    return Models(*(Linear(**stored[name]) for name in ("warning", "emergency", "subject", "sheet")))
