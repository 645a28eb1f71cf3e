"""Reads one text of a patient: warning signs before anything else, then commands, then topics.

Computes no answer, keeps nothing.
"""

from dataclasses import dataclass, replace

from bot.conversation.answers_to_us import Answered, answer_to
from bot.conversation.beyond import is_beyond_us
from bot.conversation.commands import command as command_in
from bot.conversation.everyday import AUTOMATIC, CONFIRM, MOVE, VISIT, WRONG, everyday, is_only_thanks
from bot.conversation.model import Command, Context, Kind, Reading, Reason, Urgency
from bot.conversation.phrases import Found
from bot.conversation.scope import Scene, Standing
from bot.conversation.scope import scene as scene_of
from bot.conversation.second_opinion import ear
from bot.conversation.second_opinion.ear import NO_TOPIC, Ear, Impression
from bot.conversation.second_opinion.hearing import impression_of, together
from bot.conversation.second_opinion.opinion import Models, Opinion, second_opinion
from bot.conversation.signs import EMERGENCY, Told, asserted, told_signs
from bot.conversation.topics import EFFECTS, TOLD, Asked, asked_about
from bot.conversation.vocabulary import OFF_SHEET, Vocabulary

# Measured on writers whose texts the second opinion had not seen (tests/bench/understanding.py): where the rules
# surely heard a sign, the second opinion must be rather sure of the contrary to keep it from the staff's phones.
LIKELY_WITH_SURE_SIGN = 0.3
LIKELY_ALONE = 0.55
# A topic that the ear finds next to impossible was read into the text by a loose word; one that only the ear hears
# is answered where it is sure; and where it is sure that nothing of the sheet is meant, staff read the text.
TOPIC_POSSIBLE = 0.02
# A few words that name a topic are a keyword, and need nobody's second opinion.
KEYWORDS = 6
TOPIC_HEARD = 0.5
NOTHING_OF_THE_SHEET = 0.6
LIKELY_EMERGENCY = 0.75
# Below "urgent", anything that may be a warning still goes to staff, without alarm.
POSSIBLE = 0.1
POSSIBLE_TOGETHER = 0.25
# Long stories hide what a single word would show.
LONG_STORY = 16
POSSIBLE_IN_A_LONG_STORY = 0.02
POSSIBLE_OF_THE_CALM = 0.15
REDNESS_NORMAL_DAYS = 1
FLAKING_NORMAL_DAYS = 7
# Using these before the procedure is for staff to hear of, whatever the sheet answers.
STAFF_HEAR_OF = frozenset({"blood_thinners", "accutane", "medical_changes"})
FALLBACK_SIGN = "worry"


@dataclass(frozen=True)
class _Heard:
    """Everything the readers found in one text."""

    context: Context
    scene: Scene
    told: tuple[Told, ...]
    asked: Asked
    everyday: dict[str, list[Found]]
    opinion: Opinion
    impression: Impression
    command: Command | None
    answer: Answered | None
    why: tuple[Reason, ...]

    @property
    def likely(self) -> float:
        """How likely a warning both opinions together find the text."""
        return together(self.opinion.warning, self.impression.warning)

    @property
    def likely_emergency(self) -> float:
        """How likely an emergency."""
        return together(self.opinion.emergency, self.impression.emergency)


def understand(
    text: str, *, context: Context, vocabulary: Vocabulary, models: Models | None = None, by_ear: Ear | None = None
) -> Reading:
    """Return what a text means at this moment of the patient's timeline.

    `models` and `by_ear` stand in for the shipped opinions, so that they can be measured on writers they were not
    trained on.

    Warning signs outrank everything but the wish for no more texts, which is kept beside them. What neither reader
    recognises is `unclear` and goes to staff.
    """
    scene = scene_of(text, vocabulary=vocabulary)
    if not text.strip() or (not scene.plain.tokens and context.media_count):
        kind = Kind.PICTURE if context.media_count else Kind.EMPTY
        return Reading(Urgency.ROUTINE if context.media_count else None, (), (), None, kind)
    heard = _hear(scene, context, vocabulary, models, by_ear or ear.shipped())
    reading = _warning(heard) or _command(heard) or _harmless(heard)
    if reading.urgency is None and reading.command is None and is_beyond_us(text):
        reading = Reading(Urgency.ROUTINE, (), (), None, Kind.UNCLEAR)
    return replace(reading, why=heard.why)


def _hear(scene: Scene, context: Context, vocabulary: Vocabulary, models: Models | None, by_ear: Ear) -> _Heard:
    asked = asked_about(scene, vocabulary=vocabulary)
    told = told_signs(scene, asked, context=context, vocabulary=vocabulary)
    usual = everyday(scene)
    found = command_in(scene.plain)
    kinds = [*usual, *(("opt out",) if found and found[0] is Command.STOP else ())]
    opinion = second_opinion(scene, told, asked, kinds=kinds, context=context, models=models)
    impression = impression_of(scene, context, by_ear)
    answer = answer_to(context.asked, scene=scene, about=asked)
    why = tuple(_reasons(scene, told, asked, opinion, impression, found))
    return _Heard(context, scene, told, asked, usual, opinion, impression, found[0] if found else None, answer, why)


def _warning(heard: _Heard) -> Reading | None:
    signs = _signs(heard)
    if not signs:
        return None
    urgency = Urgency.EMERGENCY if EMERGENCY in signs else Urgency.URGENT
    topics = _topics(heard) if heard.asked.is_question else ()
    stop = Command.STOP if heard.command is Command.STOP else None
    return Reading(urgency, signs, topics, stop, Kind.MIXED if topics else Kind.WARNING)


def _signs(heard: _Heard) -> tuple[str, ...]:
    """Return the signs staff are alerted to: heard surely and not thought unlikely, or thought likely without
    a sure word.
    """
    sure = asserted(heard.told)
    likely = heard.likely
    emergency = likely >= LIKELY_WITH_SURE_SIGN and (
        EMERGENCY in sure or (heard.likely_emergency >= LIKELY_EMERGENCY and not _is_someone_elses_emergency(heard))
    )
    if not heard.context.is_treated:
        return (EMERGENCY,) if emergency and EMERGENCY in sure and _happens_now(heard) else ()
    if heard.command is Command.STOP and likely < LIKELY_ALONE:
        return ()
    if not (emergency or (sure and likely >= LIKELY_WITH_SURE_SIGN) or likely >= LIKELY_ALONE):
        return ()
    hinted = tuple(dict.fromkeys(t.sign for t in heard.told if t.standing is Standing.SAID and t.sign != EMERGENCY))
    signs = tuple(s for s in sure if s != EMERGENCY) or hinted or (FALLBACK_SIGN,)
    return (EMERGENCY, *signs) if emergency else signs


def _is_someone_elses_emergency(heard: _Heard) -> bool:
    named = [t for t in heard.told if t.sign == EMERGENCY and t.is_sure]
    return bool(named) and all(t.standing in (Standing.OTHER, Standing.IDIOM) for t in named)


def _happens_now(heard: _Heard) -> bool:
    """Before the procedure fainting is mostly a habit or a fear ("I faint at needles"), asked about."""
    return not heard.asked.is_question and heard.scene.has("<now>")


def _command(heard: _Heard) -> Reading | None:
    match heard.command:
        case Command.STOP:
            return Reading(None, (), (), Command.STOP, Kind.OPT_OUT)
        case Command.START:
            return Reading(None, (), (), Command.START, Kind.OPT_IN)
        case Command.HELP:
            return Reading(None, (), (), Command.HELP, Kind.HELP)
        case Command.CONFIRM:
            return Reading(None, (), (), Command.CONFIRM, Kind.CONFIRM)
        case Command.MOVE:
            return Reading(Urgency.ROUTINE, (), (), Command.MOVE, Kind.MOVE)
        case Command.YES | Command.NO if heard.context.asked is None:
            return Reading(None, (), (), heard.command, Kind.YES_NO)
    wants_to_move = heard.context.asked == "confirm" and MOVE in heard.everyday
    return _answer(heard, heard.answer) if heard.answer is not None and not wants_to_move else None


def _answer(heard: _Heard, answer: Answered) -> Reading:
    """Read an answer to the bot's question; a yes about Accutane or medicines is for staff, and so is any doubt."""
    topics = _topics(heard) if answer.asks_more or heard.asked.has_question_mark else ()
    if answer.in_doubt:
        return Reading(Urgency.ROUTINE, (), topics, None, Kind.YES_NO, in_doubt=True)
    is_unanswered = answer.asks_more and not topics
    if heard.context.asked == "confirm":
        if answer.yes:
            urgency = Urgency.ROUTINE if is_unanswered else None
            return Reading(urgency, (), topics, Command.CONFIRM, Kind.CONFIRM, answer=True)
        return Reading(Urgency.ROUTINE, (), (), Command.MOVE, Kind.MOVE, answer=False)
    staff = (answer.yes and heard.context.asked != "ask-cold-sores") or is_unanswered or _may_be_warning(heard)
    command = Command.YES if answer.yes else Command.NO
    return Reading(Urgency.ROUTINE if staff else None, (), topics, command, Kind.YES_NO, answer=answer.yes)


def _harmless(heard: _Heard) -> Reading:
    """Read a text that raises no alarm. Whatever may still be a warning goes to staff as routine."""
    reading = _plain(heard)
    if reading.urgency is None and _may_be_warning(heard):
        return replace(reading, urgency=Urgency.ROUTINE)
    return reading


def _plain(heard: _Heard) -> Reading:
    usual, topics = heard.everyday, _topics(heard)
    effects = _told_effects(heard)
    if AUTOMATIC in usual:
        return Reading(None, (), (), None, Kind.AUTO_REPLY)
    if is_only_thanks(heard.scene, usual):
        return Reading(None, (), (), None, Kind.CHITCHAT)
    if WRONG in usual and not topics:
        return Reading(None, (), (), None, Kind.WRONG_NUMBER)
    if MOVE in usual and not (topics and heard.asked.is_question):
        return Reading(Urgency.ROUTINE, (), (), Command.MOVE, Kind.MOVE)
    if topics and heard.asked.is_question:
        return _question(heard, topics)
    if heard.asked.off_sheet and heard.asked.is_question:
        return Reading(Urgency.ROUTINE, (), (), None, Kind.OFF_SHEET)
    if _objects(topics) and not heard.scene.has("<calm>"):
        return _question(heard, topics, told=True)
    if effects:
        return Reading(_effect_urgency(heard, effects), (), effects, None, Kind.NORMAL_EFFECT)
    if CONFIRM in usual and not heard.asked.is_question:
        return Reading(None, (), (), Command.CONFIRM, Kind.CONFIRM)
    if VISIT in usual:
        return Reading(Urgency.ROUTINE, (), (), None, Kind.LOGISTICS)
    if topics:
        return _question(heard, topics, told=True)
    if heard.scene.has("<calm>") and not any(t.standing is Standing.SAID for t in heard.told):
        return Reading(None, (), (), None, Kind.CHITCHAT)
    if heard.told and all(t.standing is Standing.DENIED for t in heard.told):
        return Reading(None, (), (), None, Kind.YES_NO)
    return Reading(Urgency.ROUTINE, (), (), None, Kind.UNCLEAR)


def _question(heard: _Heard, topics: tuple[str, ...], *, told: bool = False) -> Reading:
    staff = told or heard.asked.has_more or (STAFF_HEAR_OF & set(topics) and not heard.context.is_treated)
    return Reading(Urgency.ROUTINE if staff else None, (), topics, None, Kind.QUESTION)


def _topics(heard: _Heard) -> tuple[str, ...]:
    """The topics the rules found and the ear does not find impossible; where they found none, one it is sure of."""
    found = tuple(dict.fromkeys(hit.means for hit in heard.asked.topics))
    shares = heard.impression.topics
    if found and len(heard.scene.plain.tokens) <= KEYWORDS:
        return found
    if shares.get(NO_TOPIC, 0.0) >= NOTHING_OF_THE_SHEET:
        return ()
    if found:
        return tuple(topic for topic in found if len(found) > 1 or shares.get(topic, 1.0) >= TOPIC_POSSIBLE)
    likeliest, share = heard.impression.likeliest
    if heard.asked.off_sheet or not heard.asked.is_question or likeliest == NO_TOPIC or share < TOPIC_HEARD:
        return ()
    return (likeliest,)


def _objects(topics: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(topic for topic in topics if topic not in EFFECTS)


def _told_effects(heard: _Heard) -> tuple[str, ...]:
    """Return the normal effects that are told, not asked about; before the procedure there are none."""
    if heard.asked.is_question or not heard.context.is_treated:
        return ()
    return tuple(dict.fromkeys(hit.means.removeprefix(TOLD) for hit in heard.asked.told))


def _effect_urgency(heard: _Heard, effects: tuple[str, ...]) -> Urgency | None:
    day = heard.context.day
    late = ("redness" in effects and day > REDNESS_NORMAL_DAYS) or ("flaking" in effects and day > FLAKING_NORMAL_DAYS)
    return Urgency.ROUTINE if late else None


def _may_be_warning(heard: _Heard) -> bool:
    if asserted(heard.told):
        return heard.context.is_treated or not heard.asked.topics
    possible = heard.opinion.warning >= _least_possible(heard) or heard.likely >= POSSIBLE_TOGETHER
    return heard.context.is_treated and possible


def _least_possible(heard: _Heard) -> float:
    if len(heard.scene.plain.tokens) >= LONG_STORY:
        return POSSIBLE_IN_A_LONG_STORY
    return POSSIBLE_OF_THE_CALM if heard.scene.has("<calm>") else POSSIBLE


def _reasons(
    scene: Scene,
    told: tuple[Told, ...],
    asked: Asked,
    opinion: Opinion,
    impression: Impression,
    found: tuple[Command, str] | None,
) -> list[Reason]:
    tokens = scene.plain.tokens
    why = [Reason("command", found[1], found[0])] if found else []
    why += [Reason("sign" if t.is_sure else "perhaps", t.found.words(tokens), f"{t.sign}, {t.standing}") for t in told]
    why += [Reason("topic", h.words(tokens), h.means) for h in asked.topics]
    why += [Reason("effect", h.words(tokens), h.means.removeprefix(TOLD)) for h in asked.told]
    why += [
        Reason("topic", h.words(tokens), f"not in the sheet: {h.means.removeprefix(OFF_SHEET)}")
        for h in asked.off_sheet
    ]
    weights = ", ".join(f"{name} {weight:+.1f}" for name, weight in opinion.because)
    return [
        *why,
        Reason("second opinion", weights, f"warning {opinion.warning:.2f}, emergency {opinion.emergency:.2f}"),
        Reason("ear", "all of it", f"warning {impression.warning:.2f}, {impression.likeliest[0]}"),
    ]
