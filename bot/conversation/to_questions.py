"""Answers questions: one answer a topic, all in one text of at most three segments. Reads no text, changes nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.content.model import Verdict
from bot.content.segments import measure
from bot.conversation.answer import Answer, answer
from bot.conversation.model import Reading, Urgency
from bot.conversation.response import MOST_SEGMENTS, Response
from bot.conversation.speech import Speech, continued

MOST_NAMES = 3
NOT_YET = "Not yet: "


def to_questions(reading: Reading, speak: Speech) -> Response:
    """Answer each topic asked that the sheet answers; the rest goes to staff, and the reply says so."""
    topics = tuple(dict.fromkeys(reading.topics))
    answers = _answers(topics, speak)
    if reading.about_after and speak.upcoming is not None:
        later = _answers(topics, speak, at=speak.upcoming.end)
        answers = [
            now if now.verdict is Verdict.INFO else _told_before(then, speak)
            for now, then in zip(answers, later, strict=True)
        ]
    given, unanswered = [a for a in answers if not a.is_for_staff_alone], [a for a in answers if a.is_for_staff_alone]
    for_staff = bool(unanswered) or reading.urgency is not None or any(a.also_staff for a in given)
    names = named([speak.content.topics[a.topic].name for a in unanswered if a.topic in speak.content.topics])
    if not given:
        text = speak("no answer in the sheet", topics=names) if names else speak.passed_on()
        about = _topic_names(answers, speak, most=len(answers))
        return Response(text, Urgency.ROUTINE, f"asks about {about or 'something'}")
    closing = _closing(speak, names, reading, given)
    said, left = _as_many_as_fit(given, closing, speak)
    if left:
        closing = " ".join(filter(None, [closing, speak.bare("ask again", topics=_topic_names(left, speak))]))
    text = speak.begun(" ".join(filter(None, [_in_one(said, speak), closing])))
    about = _topic_names(answers, speak, most=len(answers))
    return Response(
        text, Urgency.ROUTINE if for_staff else None, f"asks about {about}" if for_staff else "", tuple(said)
    )


def _answers(topics: Sequence[str], speak: Speech, *, at: datetime | None = None) -> list[Answer]:
    situation = speak.situation
    values = {**situation.values, "prescribed": speak.bare("prescribed")}
    return [
        answer(t, speak.content, appointments=situation.appointments, now=situation.now, values=values, at=at)
        for t in topics
    ]


def _told_before(later: Answer, speak: Speech) -> Answer:
    """An answer that holds after the treatment, for somebody who is still to have it."""
    words = continued(later.text.removeprefix(NOT_YET))
    return replace(later, text=speak.bare("of after", answer=words) if words else "")


def _closing(speak: Speech, unanswered: str, reading: Reading, given: Sequence[Answer]) -> str:
    """What the reply says of staff: which question went to them, or that they know of the text."""
    if unanswered:
        return speak.bare("no answer in the sheet, besides", topics=unanswered)
    if reading.urgency is not None and not any(a.also_staff for a in given):
        return speak.bare("told staff")
    return ""


def _as_many_as_fit(given: Sequence[Answer], closing: str, speak: Speech) -> tuple[list[Answer], list[Answer]]:
    """As many answers, in the order asked, as one text of three segments carries."""
    for count in range(len(given), 1, -1):
        left = given[count:]
        tail = speak.bare("ask again", topics=_topic_names(left, speak)) if left else ""
        text = speak.begun(" ".join(filter(None, [_in_one(given[:count], speak), closing, tail])))
        if measure(text).segments <= MOST_SEGMENTS:
            return list(given[:count]), list(left)
    return list(given[:1]), list(given[1:])


def _in_one(answers: Sequence[Answer], speak: Speech) -> str:
    """The answers one after the other; words that belong to several of them are said once.

    Whom to ask about what is prescribed stands behind the last of those it holds for.
    """
    texts, prescribed = list(dict.fromkeys(a.text for a in answers)), f" {speak.bare('prescribed')}"
    last = max((place for place, text in enumerate(texts) if prescribed in text), default=None)
    return " ".join(t if place == last else t.replace(prescribed, "") for place, t in enumerate(texts))


def _topic_names(answers: Sequence[Answer], speak: Speech, *, most: int = MOST_NAMES) -> str:
    return named([speak.content.topics[a.topic].name for a in answers if a.topic in speak.content.topics], most=most)


def named(names: Sequence[str], *, most: int = MOST_NAMES) -> str:
    """The names as a person lists them; beyond `most` they would crowd out the answers."""
    listed = [*names[:most], "the rest"] if len(names) > most else list(names)
    return ", ".join(listed[:-1]) + (" and " if len(listed) > 1 else "") + listed[-1] if listed else ""
