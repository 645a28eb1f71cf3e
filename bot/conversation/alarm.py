"""The one decision whether a text alarms staff, and by which signs. It looks before anything else is read.

After the treatment it never lets a surely heard emergency pass; in doubt it leaves the text to be read by staff as
routine.
"""

from bot.conversation.answers_to_us import is_only_doubt
from bot.conversation.heard import Heard
from bot.conversation.lexicon import NEGATION_ENDS, NEGATORS
from bot.conversation.model import Command
from bot.conversation.scope import Standing
from bot.conversation.signs import EMERGENCY, asserted

# Chosen on writers whose texts nothing was trained on (tests/bench/understanding.py). Either may raise a warning;
# where the rules surely heard a sign, the other must be rather sure of the contrary to keep it from the staff's phones.
LIKELY_WITH_SURE_SIGN, LIKELY_ALONE = 0.1, 0.55
# More where the close reader, who weighs all words together, takes it for calm (log odds of a warning).
READS_CALM, LIKELY_WHERE_READ_AS_CALM = -4.0, 0.4
# A wish for no more texts makes what stands beside it read as anger; a sign that is named there is heard all the same.
LIKELY_BESIDE_A_STOP = 0.03
# Where signs are named, and each is someone else's or only thought of, it takes more.
LIKELY_WHERE_NONE_IS_HERS = 0.9
# Where no more is said than that it mends ("so much better than last night") it must be beyond nearly every doubt; else
# staff read it as routine.
LIKELY_WHERE_IT_MENDS, MENDS_IN_WORDS = 0.97, 12
# Of what is a warning anyway an emergency is made sooner: to call for help needlessly does less harm than not to.
LIKELY_EMERGENCY, LIKELY_EMERGENCY_ALONE = 0.12, 0.6
# Before the treatment it must be likelier, for many tell of old allergies; most of all what no sure word says, or what
# is asked or feared ("what if I faint?").
LIKELY_EMERGENCY_BEFORE, LIKELY_EMERGENCY_BEFORE_IN_DOUBT = 0.8, 0.95
# This likely it no longer matters whose it is: a mother or a husband may write for the patient ("my wife she can not
# breath").
BEYOND_DOUBT = 0.9
# So few words, none of them a sign's, are nothing that the ear can judge: a heart, a name, a "y".
SAYS_NOTHING = 2
FALLBACK_SIGN = "worry"
HOW_ARE_YOU = "check-in"
# A text of nothing but these is a cry for help.
CRIES = frozenset("911 999 112 000 emergency sos mayday ambulance paramedics medic".split())
_IN_A_CRY = CRIES | frozenset(
    "help please me now need it is this an a the call i quick quickly asap hurry urgent".split()
)


def signs_to_alert(heard: Heard) -> tuple[str, ...]:
    """Return the signs staff are alerted to: heard surely and not thought unlikely, or thought likely without
    a sure word. An emergency that is surely heard is one, whatever the second opinion thinks; before the treatment,
    when words like "dying" and "fainted" are mostly a manner of speaking, it must think it rather likely too. A cry
    for help is one on any day.
    """
    if _is_a_cry(heard):
        return (EMERGENCY,)
    if heard.command in (Command.YES, Command.NO) or says_nothing(heard):
        return ()
    doubts, tokens = heard.answer is not None and heard.answer.in_doubt, heard.scene.plain.tokens
    sure = asserted([t for t in heard.told if not (doubts and is_only_doubt(t.found.words(tokens)))])
    if not heard.context.is_treated:
        is_plain = EMERGENCY in sure and not _is_a_fear(heard)
        least = LIKELY_EMERGENCY_BEFORE if is_plain else LIKELY_EMERGENCY_BEFORE_IN_DOUBT
        return (EMERGENCY,) if heard.opinion.emergency >= least else ()
    alarms = _alarms(heard, sure)
    says_why = bool(heard.told) or not heard.is_short  # "not great" alone is no more than unhappy
    least = LIKELY_EMERGENCY if alarms and says_why else LIKELY_EMERGENCY_ALONE
    others = _is_someone_elses_emergency(heard) and heard.opinion.emergency < BEYOND_DOUBT
    heard_so = heard.opinion.emergency >= least and not others
    emergency = EMERGENCY in sure or heard_so
    if not (emergency or alarms):
        return ()
    hinted = tuple(dict.fromkeys(t.sign for t in heard.told if t.standing is Standing.SAID and t.sign != EMERGENCY))
    signs = tuple(s for s in sure if s != EMERGENCY) or hinted or _read_closely(heard)
    return (EMERGENCY, *signs) if emergency else signs or (FALLBACK_SIGN,)


def _alarms(heard: Heard, sure: tuple[str, ...]) -> bool:
    likely = heard.opinion.warning
    if heard.command is not Command.STOP:
        return _says_so_plainly(heard, sure) or likely >= _least_likely(heard, sure)
    names_one = not heard.is_short and any(sign != FALLBACK_SIGN for sign in sure)
    return likely >= (LIKELY_BESIDE_A_STOP if names_one else LIKELY_WITH_SURE_SIGN if sure else LIKELY_ALONE)


def _least_likely(heard: Heard, sure: tuple[str, ...]) -> float:
    if sure:
        read = heard.found.closely
        is_calm = read is not None and read.odds["warning"] < READS_CALM
        return LIKELY_WHERE_READ_AS_CALM if is_calm else LIKELY_WITH_SURE_SIGN
    if _only_mends(heard):
        return LIKELY_WHERE_IT_MENDS
    none_is_hers = all(t.standing in (Standing.OTHER, Standing.IF) for t in heard.told)
    return LIKELY_WHERE_NONE_IS_HERS if heard.told and none_is_hers else LIKELY_ALONE


def _only_mends(heard: Heard) -> bool:
    """Whether a short text compares now with before, for the better, and nothing in it denies or limits that."""
    scene, words = heard.scene, heard.scene.plain.words
    span = next(((at, sets["<mending>"]) for at, sets in enumerate(scene.sets_at) if "<mending>" in sets), None)
    if span is None or len(words) > MENDS_IN_WORDS or heard.asked.has_question_mark or scene.has("<worse>"):
        return False
    return not {*words[: span[0]], *words[span[1] :]} & (NEGATORS | NEGATION_ENDS)


def _is_a_cry(heard: Heard) -> bool:
    words = frozenset(heard.scene.plain.words)
    return bool(words & CRIES) and words <= _IN_A_CRY and not heard.asked.has_question_mark


def says_nothing(heard: Heard) -> bool:
    """Whether a text is so short that only what is thought of it beyond doubt counts."""
    likely = max(heard.opinion.warning, heard.opinion.emergency)
    return not heard.told and len(heard.scene.plain.tokens) <= SAYS_NOTHING and likely < BEYOND_DOUBT


def _read_closely(heard: Heard) -> tuple[str, ...]:
    """The signs of a text that names none in words we know, the likeliest first."""
    read = heard.found.closely
    likely = {sign: odds for sign, odds in read.signs.items() if odds > 0 and sign != EMERGENCY} if read else {}
    return tuple(sorted(likely, key=lambda sign: -likely[sign]))


def _says_so_plainly(heard: Heard, sure: tuple[str, ...]) -> bool:
    """A few words that are a sign and no question need nobody's opinion; who was asked how she is does not ask."""
    answers = heard.context.asked == HOW_ARE_YOU and not heard.asked.has_question_mark
    is_told = answers or not heard.asked.is_question
    return bool(sure) and heard.is_short and not heard.asked.topics and is_told


def _is_someone_elses_emergency(heard: Heard) -> bool:
    named = [t for t in heard.told if t.sign == EMERGENCY and t.is_sure]
    return bool(named) and all(t.standing in (Standing.OTHER, Standing.IDIOM) for t in named)


def _is_a_fear(heard: Heard) -> bool:
    """Before the procedure fainting is mostly a habit or a fear ("I faint at needles"), or asked about."""
    return heard.asked.is_question or (heard.scene.has("<habit>") and not heard.scene.has("<now>"))
