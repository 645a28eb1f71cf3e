"""Which topics a text asks about that the care sheet answers. Answers none."""

from collections.abc import Mapping, Sequence

from bot.conversation.alarm import FALLBACK_SIGN
from bot.conversation.heard import Heard
from bot.conversation.scope import Standing
from bot.conversation.topics import EFFECTS, is_asked_besides, is_asked_with_others
from bot.conversation.vocabulary import OFF_SHEET

TOPIC_MEANT, TOPIC_BESIDES = 0.3, 0.05
SHEET_ANSWERS = 0.9
# Where its own words name the topic, and it is meant this surely, less belief in the sheet will do.
TOPIC_NAMED, SHEET_ANSWERS_WHAT_IS_NAMED = 0.8, 0.5
AMOUNTS = f"{OFF_SHEET}amounts"
# "Which one?" is asked where the second topic is nearly as likely as the first, and one of the two is meant.
LEAST_ALIKE, LEAST_TOGETHER = 0.6, 0.35


def topics_meant(heard: Heard) -> tuple[str, ...]:
    """The topics that are meant, in the order asked; none where the care sheet seems to have no answer."""
    named = tuple(dict.fromkeys(hit.means for hit in heard.asked.topics))
    if heard.is_short and (named or _is_rather_told(heard)):
        return () if _is_rather_told(heard) else named
    if not _sheet_answers(heard, named):
        return ()
    least = {hit.means: TOPIC_BESIDES for hit in heard.asked.topics if is_asked_besides(hit, heard.scene)}
    meant = [topic for topic, share in heard.opinion.topics.items() if share >= least.get(topic, TOPIC_MEANT)]
    if meant:
        hits = heard.asked.topics
        meant += [hit.means for hit in hits if hit.means not in meant and is_asked_with_others(hit, hits, heard.scene)]
        meant = list(dict.fromkeys(meant))
    # What one cannot take is named as often as what one can; and how much of it the sheet does not say.
    if heard.scene.has("<cannot-take>") or any(hit.means == AMOUNTS for hit in heard.asked.off_sheet):
        meant = [topic for topic in meant if topic != "pain_relief"]
    if "sun" in meant and not heard.context.is_treated:  # a sunburn is no effect of a treatment to come
        meant = list(objects(meant))
    order = {topic: at for at, topic in enumerate(named)}
    return tuple(sorted(meant, key=lambda topic: (order.get(topic, len(order)), -heard.opinion.topics[topic])))


def _sheet_answers(heard: Heard, named: Sequence[str]) -> bool:
    if heard.opinion.sheet >= SHEET_ANSWERS:
        return True
    is_named = any(heard.opinion.topics.get(topic, 0.0) >= TOPIC_NAMED for topic in named)
    return is_named and not heard.asked.off_sheet and heard.opinion.sheet >= SHEET_ANSWERS_WHAT_IS_NAMED


def choices_of(heard: Heard) -> tuple[str, ...]:
    """Two topics that a question may as well be about, where nothing else is likely and nothing alarms."""
    if not heard.asked.is_question or heard.told or heard.asked.off_sheet or heard.opinion.sheet < SHEET_ANSWERS:
        return ()
    (first, most), (second, next_most), *_ = (*_by_share(heard.opinion.topics), ("", 0.0), ("", 0.0))
    return (first, second) if next_most >= LEAST_ALIKE * most and most + next_most >= LEAST_TOGETHER else ()


def _by_share(topics: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(topics.items(), key=lambda each: -each[1])


def _is_rather_told(heard: Heard) -> bool:
    """Whether a few words are rather told than asked: "there is blood", and "sunburned" before the treatment."""
    if heard.asked.has_question_mark:
        return False
    effects = [hit for hit in heard.asked.topics if hit.means in EFFECTS]
    if effects:
        return not heard.context.is_treated and len(effects) == len(heard.asked.topics) and heard.scene.has("<now>")
    said = any(t.standing is Standing.SAID and t.sign != FALLBACK_SIGN for t in heard.told)
    return said and heard.context.is_treated


def objects(topics: Sequence[str]) -> tuple[str, ...]:
    """The topics that are things to use or to do, not effects."""
    return tuple(topic for topic in topics if topic not in EFFECTS)
