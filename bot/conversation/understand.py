"""Reads one text of a patient: warning signs before anything else, then commands, then topics.

Computes no answer, keeps nothing.
"""

from dataclasses import replace

from bot.conversation.alarm import FALLBACK_SIGN, signs_to_alert
from bot.conversation.answers_to_us import Answered, answer_to
from bot.conversation.beyond import is_beyond_us
from bot.conversation.close_reading import close_reader
from bot.conversation.close_reading.close_reader import read_closely
from bot.conversation.close_reading.deciding_words import deciding_words
from bot.conversation.close_reading.network import Network
from bot.conversation.doubt import leaves_doubt
from bot.conversation.everyday import AUTOMATIC, CONFIRM, MOVE, THANKS, VISIT, WRONG, is_only_thanks
from bot.conversation.findings import findings
from bot.conversation.greeting import without_greeting
from bot.conversation.heard import Heard
from bot.conversation.lexicon import LIMITS
from bot.conversation.meant import TOPIC_MEANT, choices_of, objects, topics_meant
from bot.conversation.model import Command, Context, Kind, Reading, Urgency
from bot.conversation.opt_out import may_be_opt_out, wants_no_more
from bot.conversation.possible import may_be_warning
from bot.conversation.reasons import reasons
from bot.conversation.scope import Standing
from bot.conversation.scope import scene as scene_of
from bot.conversation.second_opinion import ear, opinion
from bot.conversation.second_opinion.ear import Ear
from bot.conversation.second_opinion.features import Found
from bot.conversation.second_opinion.opinion import Models, Opinion, second_opinion
from bot.conversation.signs import EMERGENCY, asserted
from bot.conversation.topics import TOLD, asks_about_after
from bot.conversation.vocabulary import Vocabulary

SHEET_POSSIBLE = 0.35
WHEN_TO_CALL = "contact"
REDNESS_NORMAL_DAYS = 1
FLAKING_NORMAL_DAYS = 7
# Using these before the procedure is for staff to hear of, whatever the sheet answers.
HEALTH = "medical_changes"
STAFF_HEAR_OF = frozenset({"blood_thinners", "accutane", HEALTH})


def understand(
    text: str,
    *,
    context: Context,
    vocabulary: Vocabulary,
    models: Models | None = None,
    by_ear: Ear | None = None,
    network: Network | None = None,
    explain: bool = False,
) -> Reading:
    """Return what a text means at this moment of the patient's timeline.

    `models`, `by_ear` and `network` stand in for the shipped opinions, so that they can be measured on writers they
    were not trained on. To `explain` is to find the words that decided a close reading too (`deciding_words` says how
    long that takes).

    Warning signs outrank everything but the wish for no more texts, which is kept beside them. What no reader
    recognises is `unclear` and goes to staff.
    """
    scene = scene_of(without_greeting(text, means=vocabulary.words), vocabulary=vocabulary)
    if not text.strip() or (not scene.plain.tokens and context.media_count):
        kind = Kind.PICTURE if context.media_count else Kind.EMPTY
        return Reading(Urgency.ROUTINE if context.media_count else None, (), (), None, kind)
    found = findings(scene, context, vocabulary, by_ear or ear.shipped())
    models = models or opinion.shipped()
    view, decided = second_opinion(found, models), tuple[str, ...]()
    if leaves_doubt(found, view):
        network = network or close_reader.shipped()
        read = read_closely(scene.plain.text, context.phase, network)
        found = replace(found, closely=read)
        view = second_opinion(found, models)
        decided = deciding_words(read, scene.plain.text, context.phase, network) if explain else ()
    heard = _hear(found, view, decided)
    reading = _warning(heard) or _command(heard) or _harmless(heard)
    if reading.urgency is None and reading.command is None and is_beyond_us(text):
        reading = Reading(Urgency.ROUTINE, (), (), None, Kind.UNCLEAR)
    reading = _perhaps_an_opt_out(reading, heard)
    return replace(reading, why=heard.why, about_after=bool(reading.topics) and asks_about_after(scene, context))


def _hear(found: Found, opinion: Opinion, decided: tuple[str, ...]) -> Heard:
    said = _said(found)
    answer = answer_to(found.context.asked, scene=found.scene, about=found.asked)
    why = reasons(found, opinion, said, decided, at_least=TOPIC_MEANT)
    return Heard(found, opinion, said[0] if said else None, answer, tuple(why))


def _said(found: Found) -> tuple[Command, str] | None:
    """The command of a text with the words that made it."""
    if found.said is not None:
        return found.said
    may_be_else = bool(asserted(found.told)) or (found.is_short and found.context.asked is not None)
    wishes = wants_no_more(found.scene.plain, found.wish, found.closely, may_be_else=may_be_else)
    return (Command.STOP, found.wish or "all of it") if wishes else None


def _perhaps_an_opt_out(reading: Reading, heard: Heard) -> Reading:
    """What may be a wish for no more texts, and is not taken for one, is read by staff."""
    if reading.is_warning or heard.command is not None or reading.kind is Kind.AUTO_REPLY:
        return reading
    if not may_be_opt_out(heard.found.wish, heard.found.closely):
        return reading
    return replace(reading, urgency=reading.urgency or Urgency.ROUTINE, may_opt_out=True)


def _warning(heard: Heard) -> Reading | None:
    signs = signs_to_alert(heard)
    if not signs:
        return None
    urgency = Urgency.EMERGENCY if EMERGENCY in signs else Urgency.URGENT
    topics = topics_meant(heard) if heard.asked.is_question else ()
    stop = Command.STOP if heard.command is Command.STOP else None
    return Reading(urgency, signs, topics, stop, Kind.MIXED if topics else Kind.WARNING)


def _command(heard: Heard) -> Reading | None:
    match heard.command:
        case Command.STOP:
            # Honoured either way; whoever says more than that may need a call.
            says_more = may_be_warning(heard) or (heard.says_a_sign and heard.context.is_treated)
            staff = Urgency.ROUTINE if says_more else None
            return Reading(staff, (), (), Command.STOP, Kind.OPT_OUT)
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
    wants_to_move = heard.context.asked == "confirm" and MOVE in heard.found.kinds
    return _answer(heard, heard.answer) if heard.answer is not None and not wants_to_move else None


def _answer(heard: Heard, answer: Answered) -> Reading:
    """Read an answer to the bot's question; a yes about Accutane or medicines is for staff, and so is any doubt."""
    topics = topics_meant(heard) if answer.asks_more or heard.asked.has_question_mark else ()
    if answer.in_doubt:
        return Reading(Urgency.ROUTINE, (), topics, None, Kind.YES_NO, in_doubt=True)
    is_unanswered = answer.asks_more and not topics
    if heard.context.asked == "confirm":
        if answer.yes:
            urgency = Urgency.ROUTINE if is_unanswered else None
            return Reading(urgency, (), topics, Command.CONFIRM, Kind.CONFIRM, answer=True)
        return Reading(Urgency.ROUTINE, (), (), Command.MOVE, Kind.MOVE, answer=False)
    staff = (answer.yes and heard.context.asked != "ask-cold-sores") or is_unanswered or may_be_warning(heard)
    command = Command.YES if answer.yes else Command.NO
    return Reading(Urgency.ROUTINE if staff else None, (), topics, command, Kind.YES_NO, answer=answer.yes)


def _harmless(heard: Heard) -> Reading:
    """Read a text that raises no alarm. Whatever may still be a warning goes to staff as routine."""
    reading = _plain(heard)
    if reading.urgency is None and may_be_warning(heard) and not _is_worded_thanks(heard):
        return replace(reading, urgency=Urgency.ROUTINE)
    return reading


def _is_worded_thanks(heard: Heard) -> bool:
    return bool(heard.scene.plain.tokens) and is_only_thanks(heard.scene)


def _plain(heard: Heard) -> Reading:
    usual, topics = set(heard.found.kinds), topics_meant(heard)
    effects = _told_effects(heard)
    if AUTOMATIC in usual:
        return Reading(None, (), (), None, Kind.AUTO_REPLY)
    if (THANKS in usual or not heard.scene.plain.tokens) and is_only_thanks(heard.scene):
        return Reading(None, (), (), None, Kind.CHITCHAT)
    if WRONG in usual and not topics:
        return Reading(None, (), (), None, Kind.WRONG_NUMBER)
    if MOVE in usual and not (topics and heard.asked.is_question):
        return Reading(Urgency.ROUTINE, (), (), Command.MOVE, Kind.MOVE)
    watches = _asks_what_to_watch_for(heard)
    if topics and heard.asked.is_question:
        return _question(heard, (WHEN_TO_CALL,) if watches and WHEN_TO_CALL in topics else topics)
    if heard.asked.off_sheet and heard.asked.is_question:
        return Reading(Urgency.ROUTINE, (), (), None, Kind.OFF_SHEET)
    if watches:
        return _question(heard, (WHEN_TO_CALL,))
    if objects(topics) and not heard.scene.has("<calm>"):
        return _question(heard, topics, told=True)
    if effects:
        return Reading(_effect_urgency(heard, effects), (), effects, None, Kind.NORMAL_EFFECT)
    if CONFIRM in usual and not heard.asked.is_question:
        return Reading(None, (), (), Command.CONFIRM, Kind.CONFIRM)
    if VISIT in usual:
        return Reading(Urgency.ROUTINE, (), (), None, Kind.LOGISTICS)
    if topics:
        return _question(heard, topics, told=True)
    if choices := choices_of(heard):
        return Reading(None, (), (), None, Kind.WHICH_ONE, choices=choices)
    if heard.scene.has("<calm>") and not heard.says_a_sign:
        return Reading(None, (), (), None, Kind.CHITCHAT)
    if _only_denies(heard):
        return Reading(None, (), (), None, Kind.YES_NO)
    if _tells_of_her_health(heard):
        return _question(heard, (HEALTH,), told=True)
    return Reading(Urgency.ROUTINE, (), (), None, Kind.UNCLEAR)


def _only_denies(heard: Heard) -> bool:
    """Whether every sign is denied, and nothing is said against that ("nothing went wrong, but ...")."""
    is_limited = LIMITS & set(heard.scene.plain.words) or heard.scene.has("<if>")
    return bool(heard.told) and all(t.standing is Standing.DENIED for t in heard.told) and not is_limited


def _tells_of_her_health(heard: Heard) -> bool:
    """Whether she tells before the treatment of a medicine or an illness. The sheet asks for no less, and staff read it
    whatever we say, so that it need not seem to be asked.
    """
    likely = heard.opinion.topics.get(HEALTH, 0.0)
    return not heard.context.is_treated and not heard.asked.is_question and likely >= TOPIC_MEANT


def _question(heard: Heard, topics: tuple[str, ...], *, told: bool = False) -> Reading:
    named = {hit.means for hit in heard.asked.topics}
    hear_of = STAFF_HEAR_OF & (named if heard.context.is_treated else named | set(topics))
    staff = told or heard.asked.has_more or hear_of or heard.scene.has("<cannot-take>") or _tells_of_use(heard)
    return Reading(Urgency.ROUTINE if staff else None, (), topics, None, Kind.QUESTION)


def _tells_of_use(heard: Heard) -> bool:
    """Whether she has done, before the treatment, what she asks about: "I took Advil today, can I still come?"."""
    return not heard.context.is_treated and heard.scene.has("<has-done>")


def _asks_what_to_watch_for(heard: Heard) -> bool:
    """Whether a question is about signs that nobody has yet: "what do I do if I get a fever?"."""
    signs = [t for t in heard.told if t.is_sure and t.sign != FALLBACK_SIGN]
    is_supposed = bool(signs) and all(t.standing is Standing.IF for t in signs)
    return is_supposed and heard.asked.is_question and not heard.asked.topics and heard.opinion.sheet >= SHEET_POSSIBLE


def _told_effects(heard: Heard) -> tuple[str, ...]:
    """Return the normal effects that are told, not asked about; before the procedure there are none."""
    if heard.asked.is_question or not heard.context.is_treated:
        return ()
    return tuple(dict.fromkeys(hit.means.removeprefix(TOLD) for hit in heard.asked.told))


def _effect_urgency(heard: Heard, effects: tuple[str, ...]) -> Urgency | None:
    day = heard.context.day
    late = ("redness" in effects and day > REDNESS_NORMAL_DAYS) or ("flaking" in effects and day > FLAKING_NORMAL_DAYS)
    return Urgency.ROUTINE if late else None
