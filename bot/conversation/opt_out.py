"""Finds the wish for no more texts in plain words. What patients stop, end or cut otherwise is none of its business.

Carriers stop a number only for their own whole-message keywords; the law asks that any clear wording is honoured
(47 CFR 64.1200(a)(10)), so this reads the rest.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.conversation.close_reading.close_reader import CloseReading
from bot.conversation.english import english_words
from bot.conversation.normalize import Plain
from bot.conversation.opt_out_words import (
    ANOTHER_LIST,
    ASKS_OF_CARE,
    BY_MAIL,
    CARE,
    DENIES,
    DID_NOT_COME,
    ENDS_WHAT_IS_FELT,
    GOES_ON,
    KEEPS,
    MAY_BE,
    MISSES,
    OFF_SOMETHING,
    REFUSES,
    SENT,
    STAYS,
    TEXTS_OR_SENDING,
    VISIT,
    WANTS_MORE,
    WISHES,
)

# The close reader says how surely the whole text is a wish for no more texts (log odds). Words that a pattern knows are
# none where it is rather sure of the contrary ("told my sister to stop texting me pictures"). Without such words it
# must think it likely, and be sure beside a sign, a visit, care or mail: to text "off your email list" is to want out.
READS_AS_NONE, READS_AS_ONE, SURELY_READ = -3.0, 1.5, 3.0
# From here on what is not taken for a wish may be one: she is told how to stop.
MAY_BE_ONE = -1.5
MAIL = frozenset({"email", "e mail", "newsletter"})
FEW_WORDS = 3  # of a sentence that may be no more than a piece of one
REACH = 30  # characters after a wish, where what it is about is named
STOP, UNSUBSCRIBE = "stop", "unsubscribe"
# What may be denied: "do not stop the texts", "don't take me off the list".
ENDS_OF_TEXTS = (
    "stop", "quit", "cancel", "end", "take", "remove", "delete", "drop", "opt", "lose", "me off", "me from", "me out",
)  # fmt: skip
# What stands for STOP as well: slips further off, and words that are mostly slips.
_SLIPS = frozenset("stp stawp stope stob stoop atop unsubscribed".split())


def opt_out_wish(plain: Plain) -> str | None:
    """Return the words by which a text asks for no more texts, or None."""
    sentences = list(_sentences(plain))
    if any(GOES_ON.search(text) for text, _ in sentences):
        return None
    for text, is_asked in sentences:
        if not MAY_BE.search(text) or STAYS.search(text):
            continue
        for pattern in WISHES:
            found = pattern.search(text)
            if found and not _means_something_else(text, found, is_asked=is_asked):
                return found.group()
    return None


def wants_no_more(plain: Plain, wish: str | None, read: CloseReading | None, *, may_be_else: bool) -> bool:
    """Whether a text is a wish for no more texts, by the words of a `wish` found in it and by the close reader, where
    it was asked. It `may_be_else`: a sign, or an answer to our question ("not anymore").
    """
    if read is None:
        return wish is not None
    text, reads = " ".join(plain.typed), read.odds["opt_out"]
    if KEEPS.search(text):
        return False
    if wish is not None:
        return reads >= READS_AS_NONE
    speaks_of_texts = bool(SENT.search(text))
    if any(another.search(text) for another in (MISSES, DID_NOT_COME, STAYS, WANTS_MORE)):
        return False
    named = {found.group() for found in ANOTHER_LIST.finditer(text)}
    if named - MAIL:
        return False
    if not speaks_of_texts and (not REFUSES.search(text) or plain.has_question_mark or ENDS_WHAT_IS_FELT.search(text)):
        return False
    is_about_more = may_be_else or bool(named) or is_about_care_or_a_visit(plain)
    return reads >= (SURELY_READ if is_about_more else READS_AS_ONE) and (speaks_of_texts or not is_about_more)


def may_be_opt_out(wish: str | None, read: CloseReading | None) -> bool:
    """Whether a text that is not taken for a wish for no more texts may be one all the same."""
    return wish is not None or (read is not None and read.odds["opt_out"] >= MAY_BE_ONE)


@lru_cache(maxsize=4_096)
def without_slips(word: str) -> str:
    """STOP for a word that is none and one slip away from it, UNSUBSCRIBE for one up to two away; else the word."""
    if word in _SLIPS:
        return STOP
    meant = STOP if OSA.distance(word, STOP) == 1 else UNSUBSCRIBE if OSA.distance(word, UNSUBSCRIBE) <= 2 else word
    return word if len(word) < len(STOP) or word in english_words() else meant


def is_about_care_or_a_visit(plain: Plain) -> bool:
    """Whether a text speaks of a visit or of care, in which stopping means something else."""
    text = " ".join(plain.typed)
    return bool(VISIT.search(text) or CARE.search(text))


def _sentences(plain: Plain) -> Iterator[tuple[str, bool]]:
    """The sentences as typed and as put right, and whether each asks something beside others.

    They are one where each is next to nothing ("Stop. Texting. Me.").
    """
    parts = plain.sentences
    is_chopped = all(len(part) <= FEW_WORDS for part in parts)
    for part in [plain.tokens] if is_chopped else parts:
        is_asked = not is_chopped and len(parts) > 1 and plain.is_asked(part[0])
        typed, words = ([getattr(token, which) for token in part] for which in ("typed", "word"))
        for said in (typed, words) if typed != words else (typed,):
            yield " ".join(map(without_slips, said)), is_asked


def _means_something_else(text: str, found: re.Match[str], *, is_asked: bool) -> bool:
    """Whether the words are about a visit or care, or denied themselves ("don't stop the texts").

    A bare "stop now?" that `is_asked` beside other sentences is about what those say.
    """
    words = found.group()
    if MISSES.search(text) or BY_MAIL.search(text) or _is_another_list(text, found):
        return True
    if DENIES.search(text[: found.start()]) and words.startswith(ENDS_OF_TEXTS):
        return True
    if TEXTS_OR_SENDING.search(words):
        return bool(VISIT.search(words))
    if is_asked and words == text:
        return True
    around = text[max(0, found.start() - 10) : found.end() + 25]
    return bool(VISIT.search(around) or CARE.search(words) or ASKS_OF_CARE.search(text))


def _is_another_list(text: str, found: re.Match[str]) -> bool:
    """Whether what the words are to be taken off is named next, and is no texts: a day's schedule, a raffle."""
    if not OFF_SOMETHING.search(found.group()):
        return False
    said = text[found.start() : found.end() + REACH]
    another, texts = ANOTHER_LIST.search(said), TEXTS_OR_SENDING.search(said)
    return another is not None and (texts is None or another.start() < texts.start())
