"""The second reader's verdict on a text: how likely it is a warning, and an emergency. Decides nothing."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from bot.conversation.model import Context
from bot.conversation.scope import Scene
from bot.conversation.second_opinion.features import Part, warning_features
from bot.conversation.second_opinion.linear import Linear, probability
from bot.conversation.signs import Told
from bot.conversation.topics import Asked, in_sentence

WEIGHTS = "weights.json"
# One sentence has less to go by than a whole text, so it must speak a little louder to be heard.
SENTENCE_DISCOUNT = 0.5

Models = tuple[Linear, Linear]


@dataclass(frozen=True)
class Opinion:
    """Probabilities between 0 and 1, and the features that moved the warning's most."""

    warning: float
    emergency: float
    because: tuple[tuple[str, float], ...]


def second_opinion(
    scene: Scene,
    told: Sequence[Told],
    asked: Asked,
    *,
    kinds: Iterable[str],
    context: Context,
    models: Models | None = None,
) -> Opinion:
    """Read the whole text, then each sentence by itself; the most alarming reading counts.

    So a warning among other sentences weighs as much as alone, in whatever order they stand.
    """
    warning, emergency = models or shipped()
    read = [warning_features(part, kinds=kinds, context=context) for part in parts(scene, told, asked)]
    discounts = [0.0] + [SENTENCE_DISCOUNT] * (len(read) - 1)
    scores = [warning.score(r) - d for r, d in zip(read, discounts, strict=True)]
    worst = max(range(len(read)), key=lambda i: scores[i])
    loudest = max(emergency.score(r) - d for r, d in zip(read, discounts, strict=True))
    return Opinion(probability(scores[worst]), probability(loudest), tuple(warning.strongest(read[worst])))


def parts(scene: Scene, told: Sequence[Told], asked: Asked) -> list[Part]:
    """Return the whole text as one part and then, if it has several sentences, each of them."""
    plain = scene.plain
    found = [Part(plain.tokens, scene.sets_at, told, asked)]
    if len(plain.sentence_ends) > 1:
        for sentence in range(len(plain.sentence_ends)):
            at = [i for i, t in enumerate(plain.tokens) if t.sentence == sentence]
            here = [t for t in told if plain.tokens[t.found.start].sentence == sentence]
            span = slice(at[0], at[-1] + 1)
            found.append(Part(plain.tokens[span], scene.sets_at[span], here, in_sentence(asked, sentence, plain)))
    return found


@lru_cache(maxsize=1)
def shipped() -> Models:
    """Return the models of the package: "is a warning" and "is an emergency"."""
    stored = json.loads(files(__package__).joinpath(WEIGHTS).read_text(encoding="utf-8"))
    return Linear(**stored["warning"]), Linear(**stored["emergency"])
