"""Asks the ear about a text, sentence by sentence, and weighs its word against the other opinion. Decides nothing."""

from dataclasses import replace

from bot.conversation.model import Context
from bot.conversation.scope import Scene
from bot.conversation.second_opinion import ear
from bot.conversation.second_opinion.ear import Ear, Impression

# Of the two opinions the ear counts for more: it knows no rule, and so repeats none of the rules' mistakes.
EAR_COUNTS = 0.65
# A sentence by itself has less to go by than a whole text (log odds).
SENTENCE_DISCOUNT = 0.5


def impression_of(scene: Scene, context: Context, by_ear: Ear) -> Impression:
    """By ear the whole text, and each of its sentences: a warning among others weighs as much as alone."""
    plain, phase = scene.plain, str(context.phase)
    whole = by_ear.hear(ear.features(plain.tokens, phase))
    if len(plain.sentence_ends) < 2:
        return whole
    parts = [[t for t in plain.tokens if t.sentence == n] for n in range(len(plain.sentence_ends))]
    heard = [by_ear.hear(ear.features(part, phase)) for part in parts if part]
    return replace(
        whole,
        warning=max([whole.warning, *(ear.discounted(each.warning, SENTENCE_DISCOUNT) for each in heard)]),
        emergency=max([whole.emergency, *(ear.discounted(each.emergency, SENTENCE_DISCOUNT) for each in heard)]),
    )


def together(opinion: float, impression: float) -> float:
    """One probability of the two readers' own."""
    return ear.probability(EAR_COUNTS * ear.log_odds(impression) + (1 - EAR_COUNTS) * ear.log_odds(opinion))
