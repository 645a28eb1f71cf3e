"""Asks the ear about a text, sentence by sentence. Weighs nothing, decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.model import Context
from bot.conversation.scope import Scene
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
    sounds = [by_ear.listen(sentence) for sentence in plain.sentences or [[]]]
    heard = [by_ear.odds(sound, phase) for sound in sounds] if len(sounds) > 1 else []
    loudest = {what: max((odds[what] for odds in heard), default=SILENT) for what in ("warning", "emergency")}
    return Hearing(by_ear.impression(sounds, phase), loudest)
