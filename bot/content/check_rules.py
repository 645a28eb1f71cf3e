"""The rules messages/ must keep, one small function each; every one yields all it finds. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.care.model import Appointment, Step
from bot.care.timing import resolve
from bot.content.clinic_texts import MAY_SAY_TIMES, PATIENT_TEXTS, STAFF_TEXTS
from bot.content.examples import APPOINTMENT, EXAMPLES, FEWER_LIMITS, MERGED_NAMES, STEP_NAMES, WINDOW_NAMES
from bot.content.model import Content, Window
from bot.content.planned import says_how_to_stop
from bot.content.render import fill, placeholders
from bot.content.segments import measure
from bot.content.statements import rests_on, stands_in, statements

TIMELINE, ANSWERS, SIGNS, QUESTIONS, CLINIC = (
    "timeline.yaml", "answers.yaml", "warning-signs.yaml", "questions.yaml", "clinic.yaml"
)  # fmt: skip
MOST_SEGMENTS = 2
MOST_STAFF_SEGMENTS = 3
# Carriers take these words for opt-out, opt-in or help wherever they stand alone in a text.
RESERVED = ("CANCEL", "END", "QUIT", "YES", "STOPALL", "UNSUBSCRIBE", "REVOKE", "OPTOUT", "UNSTOP", "INFO")
_OFFERS = re.compile(
    # In capitals it is a word to send wherever it stands; in small letters only after a verb that asks for it.
    rf"\b(?:(?i:reply|text|send|answer|write)\s+(?:(?i:with)\s+)?\"?(?i:{'|'.join(RESERVED)})|{'|'.join(RESERVED)})\b"
)
LEAST_WORDS_OF_A_QUOTE = 2


@dataclass(frozen=True)
class Found:
    """Something wrong: in which file, entry and key, what it is and what to do. `line` serves files without entries."""

    part: str
    entry: str = ""
    path: tuple[Any, ...] = ()
    what: str = ""
    remedy: str = ""
    line: int = 1
    last: bool = False


def quotes_stand_in_the_sheet(content: Content, sheet: str) -> Iterator[Found]:
    """No medical word without its statement."""
    for part, entry, path, quotes in _sources(content):
        for quote in quotes:
            if len(quote.split()) < LEAST_WORDS_OF_A_QUOTE:
                what = f"{quote!r} is too short to show where the sheet says this"
                yield Found(part, entry, path, what, "Quote the words that the text rests on, two at least.")
            elif not stands_in(quote, sheet):
                what = f"the care sheet does not say {_short(quote)!r}"
                yield Found(part, entry, path, what, "Quote its words exactly, without a gap.")


def every_statement_is_used(content: Content, sheet: str) -> Iterator[Found]:
    """A sentence of the sheet that no text and no answer rests on would reach nobody."""
    quotes = [quote for _, _, _, several in _sources(content) for quote in several]
    for statement in statements(sheet):
        if not rests_on(statement, quotes):
            what = f"no text and no answer rests on {_short(statement.text)!r}"
            remedy = "Add a step, an answer or a sign with these words as its `source`."
            yield Found("care-sheet.txt", what=what, remedy=remedy, line=statement.line)


def placeholders_exist(content: Content, sheet: str) -> Iterator[Found]:
    """A placeholder nobody fills would reach the patient as braces, or not go out at all."""
    for text in _texts(content):
        try:
            unknown = [name for name in placeholders(text.words) if not _is_known(name, text)]
        except ValueError:
            yield text.found("the braces do not pair", "Write placeholders like {phone}; other braces cannot be used.")
            continue
        for name in unknown:
            known = [*sorted(text.names), *(["a moment such as {4 hours after end}"] if text.may_say_times else [])]
            remedy = f"Use {_either(known)}." if known else "This text takes none."
            yield text.found(f"there is no placeholder {{{name}}} here", remedy)


def texts_are_cheap_and_plain(content: Content, sheet: str) -> Iterator[Found]:
    """GSM-7 only, and at most two segments, with real values filled in."""
    for text in _texts(content):
        bodies = _filled(text)
        if not bodies:
            continue
        body = max(bodies, key=len)
        size = measure(body)
        if size.forced_by:
            what = f"{size.forced_by!r} (U+{ord(size.forced_by):04X}) makes the text cost more than twice as much"
            yield text.found(what, "Replace it by a plain letter or mark.")
        elif size.segments > text.most_segments:
            what = f"the text fills {size.segments} segments ({len(body)} characters with real values)"
            yield text.found(
                what, f"Shorten it to {text.most_segments} segments ({153 * text.most_segments} characters)."
            )


def texts_name_the_clinic(content: Content, sheet: str) -> Iterator[Found]:
    """A text out of the blue must say who sends it."""
    for step in content.timeline.steps:
        for key, words in _variants(step):
            if not words.startswith("{clinic}"):
                yield Found(TIMELINE, step.id, (key,), "the text does not begin with {clinic}", "Begin with {clinic}:")


def no_reserved_word_is_offered(content: Content, sheet: str) -> Iterator[Found]:
    """A carrier would take the patient's answer for an opt-out or opt-in."""
    for text in _texts(content):
        if match := _OFFERS.search(text.words):
            word = match[0].split()[-1].strip('"')
            what = f"carriers treat {word} as an opt-out, opt-in or help word"
            yield text.found(what, "Offer another word, such as C, MOVE, Y or N.")


def every_moment_has_an_answer(content: Content, sheet: str) -> Iterator[Found]:
    """Windows must follow each other up to the end of time, for a short and for a long treatment."""
    for topic in content.topics.values():
        if topic.windows[-1].until is not None:
            what = f"{topic.id} has no answer after its last `until`"
            yield Found(
                ANSWERS, topic.id, ("answers", len(topic.windows) - 1), what, "Add a last answer without `until`."
            )
        for place, (window, following) in enumerate(zip(topic.windows, topic.windows[1:], strict=False)):
            if window.until is None or not _comes_before(window, following):
                what = f"{topic.id}: the answer after this one can never be given"
                yield Found(
                    ANSWERS, topic.id, ("answers", place), what, "Put the answers in the order of their `until`."
                )


def names_refer_to_something(content: Content, sheet: str) -> Iterator[Found]:
    """Steps, flags and topics that are spoken of exist, once."""
    timeline = content.timeline
    ids = Counter(step.id for step in timeline.steps)
    for step in timeline.steps:
        for key, flag in (("only", step.only), ("asks", step.asks)):
            if flag is not None and flag not in timeline.flags:
                hint = f"Use one of {', '.join(timeline.flags)}, or add it to `flags`."
                yield Found(TIMELINE, step.id, (key,), f"{flag!r} is no flag", hint)
        for key, other in (("not on the day of", step.not_on_the_day_of), ("instead of", step.instead_of)):
            if other and other not in ids:
                yield Found(TIMELINE, step.id, (key,), f"there is no step {other!r}", "Check its spelling.")
        for other in step.gives_way_to:
            if timeline.the(id=other, in_force=None) or other not in ids:
                what = f"there is no step {other!r} with `in force`"
                yield Found(TIMELINE, step.id, ("gives way to",), what, "Name a step whose limit begins somewhere.")
    for step_id in (i for i, times in ids.items() if times > 1):
        yield Found(TIMELINE, step_id, ("id",), f"two steps are called {step_id}", "Give one another id.", last=True)
    asked = {q["topic"] for q in content.questions if "topic" in q}
    for topic in sorted(asked - set(content.topics)):
        yield Found(QUESTIONS, topic, ("topic",), f"{topic!r} has no answers", "Add the topic to answers.yaml.")
    for topic in sorted(set(content.topics) - asked):
        yield Found(ANSWERS, topic, ("topic",), f"nobody can ask about {topic!r}", "Add the topic to questions.yaml.")


def clinic_texts_are_all_there(content: Content, sheet: str) -> Iterator[Found]:
    """Every text the bot may need is written, and none that it never uses."""
    for part, texts, needed in (("patients", content.patients, PATIENT_TEXTS), ("staff", content.staff, STAFF_TEXTS)):
        for key in sorted(set(needed) - set(texts)):
            yield Found(CLINIC, "", (part,), f"the text `{key}` is missing", "Add it; the bot needs it.")
        for key in sorted(set(texts) - set(needed)):
            yield Found(
                CLINIC, "", (part, key), f"`{key}` is no text the bot uses", "Check its spelling, or remove it."
            )


Rule = Callable[[Content, str], Iterator[Found]]

# These look at one entry at a time, so that they can be asked while some other part is still broken.
RULES_FOR_A_PART: tuple[Rule, ...] = (
    quotes_stand_in_the_sheet,
    placeholders_exist,
    texts_are_cheap_and_plain,
    texts_name_the_clinic,
    no_reserved_word_is_offered,
    every_moment_has_an_answer,
)
RULES: tuple[Rule, ...] = (
    *RULES_FOR_A_PART,
    every_statement_is_used,
    names_refer_to_something,
    clinic_texts_are_all_there,
)


@dataclass(frozen=True)
class _Text:
    """A text wherever it is written, with what it may use and how long it may be."""

    part: str
    entry: str
    path: tuple[Any, ...]
    words: str
    names: frozenset[str]
    prefix: str = ""
    ending: str = ""
    most_segments: int = MOST_SEGMENTS
    may_say_times: bool = True

    def found(self, what: str, remedy: str) -> Found:
        return Found(self.part, self.entry, self.path, what, remedy)


def _texts(content: Content) -> Iterator[_Text]:
    begins = f"{EXAMPLES['clinic']}: "
    for step in content.timeline.steps:
        names = STEP_NAMES | MERGED_NAMES if step.catch_up else STEP_NAMES
        for key, words in _variants(step):
            yield _Text(TIMELINE, step.id, (key,), words, names, ending=_first_text_ending(step, words, content))
    for topic in content.topics.values():
        for place, window in enumerate(topic.windows):
            if window.text:
                names = WINDOW_NAMES | {"until"} if window.until else WINDOW_NAMES
                yield _Text(ANSWERS, topic.id, ("answers", place, "text"), window.text, names, begins)
    for sign in content.signs.values():
        names = frozenset({"phone", "clinic"})
        yield _Text(SIGNS, sign.id, ("reply",), sign.reply, names, begins, may_say_times=False)
    for key, words in content.patients.items():
        names, timed = PATIENT_TEXTS.get(key, frozenset()), key in MAY_SAY_TIMES
        yield _Text(CLINIC, "", ("patients", key), words, names, begins, may_say_times=timed)
    for key, words in content.staff.items():
        names = STAFF_TEXTS.get(key, frozenset())
        yield _Text(
            CLINIC, "", ("staff", key), words, names, begins, most_segments=MOST_STAFF_SEGMENTS, may_say_times=False
        )


def _first_text_ending(step: Step, words: str, content: Content) -> str:
    """Any text may be a patient's first, and then says how to stop: it must have room for that."""
    says_it = says_how_to_stop(words) or "first" in step.variants
    return "" if says_it else f" {content.timeline.first_text_ends}"


def _variants(step: Step) -> Iterator[tuple[str, str]]:
    yield "text", step.text
    keys: Mapping[str, str] = {
        "prp": "text if prp",
        "nothing in force": "text if nothing is in force",
        "nothing prescribed": "text if nothing is prescribed",
        "first": "text if first",
        "on the day": "text on the day",
        "last": "last text",
    }
    for key, words in step.variants.items():
        yield keys[key], words


def _sources(content: Content) -> Iterator[tuple[str, str, tuple[Any, ...], tuple[str, ...]]]:
    for step in content.timeline.steps:
        yield TIMELINE, step.id, ("source",), step.source
    for topic in content.topics.values():
        for place, window in enumerate(topic.windows):
            yield ANSWERS, topic.id, ("answers", place, "source"), window.source
    for sign in content.signs.values():
        yield SIGNS, sign.id, ("source",), sign.source


def _filled(text: _Text) -> list[str]:
    """The text as it reads well before the treatment, when days are written out, and as it reads at its end."""
    moments = (APPOINTMENT.booked_at, APPOINTMENT.ends_at)
    values = EXAMPLES | FEWER_LIMITS.get(text.path[0], {})
    try:
        bodies = [fill(text.words, values, appointment=APPOINTMENT, now=now).text for now in moments]
        return [f"{text.prefix}{body}{text.ending}" for body in bodies]
    except (KeyError, ValueError):
        return []


def _is_known(name: str, text: _Text) -> bool:
    if name in text.names or not text.may_say_times:
        return name in text.names
    try:
        fill(f"{{{name}}}", {}, appointment=APPOINTMENT, now=APPOINTMENT.ends_at)
    except (KeyError, ValueError):
        return False
    return True


def _comes_before(window: Window, following: Window) -> bool:
    return following.until is None or all(
        resolve(window.until, a) < resolve(following.until, a) for a in _ordinary_appointments() if window.until
    )


def _ordinary_appointments() -> Iterator[Appointment]:
    """A short one in the morning and a long one in the afternoon: no order of windows may hang on that."""
    for hour, lasts in ((9, timedelta(minutes=15)), (15, timedelta(hours=3))):
        start = datetime(2026, 6, 10, hour, tzinfo=APPOINTMENT.zone).astimezone(UTC)
        yield Appointment(start - timedelta(days=30), start, start + lasts, APPOINTMENT.zone)


def _either(names: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _short(text: str) -> str:
    return text if len(text) <= 70 else text[:67] + "..."
