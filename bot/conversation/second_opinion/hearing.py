"""Asks the ear about a text, sentence by sentence. Weighs nothing, decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.model import Context
from bot.conversation.scope import Scene
from bot.conversation.second_opinion import ear
from bot.conversation.second_opinion.ear import Ear, Impression

SILENT = -9.0


@dataclass(frozen=True)
class Hearing:
    """What the whole text sounds like, and the loudest of its sentences by itself (log odds; SILENT where it is one).

    A warning among other sentences is to weigh as much as alone.
    """

    whole: Impression
    loudest: Mapping[str, float]


def hearing_of(scene: Scene, context: Context, by_ear: Ear) -> Hearing:
    """By ear the whole text, and each of its sentences."""
    plain, phase = scene.plain, str(context.phase)
    whole = by_ear.hear(ear.sound_of(plain.tokens, phase))
    parts = [[t for t in plain.tokens if t.sentence == n] for n in range(len(plain.sentence_ends))]
    heard = [by_ear.hear(ear.sound_of(part, phase)) for part in parts if part] if len(parts) > 1 else []
    loudest = {what: max((each.odds[what] for each in heard), default=SILENT) for what in ("warning", "emergency")}
    return Hearing(whole, loudest)
