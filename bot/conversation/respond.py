"""From what a text means to what is said and done about it: the reply, whether staff are told, and what changes.

Pure: it says what is to happen, and the use case makes it happen. It does not read texts and holds no state.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.care.model import Appointment, Status
from bot.content.model import Content
from bot.content.render import fill
from bot.content.segments import measure
from bot.conversation.answer import Answer, answer
from bot.conversation.model import Command, Kind, Reading, Urgency

MOST_SEGMENTS = 3
MOST_NAMES = 3


class Change(StrEnum):
    """What a text changes besides being answered."""

    STOP = "stop"
    START = "start"
    CONFIRM = "confirm"
    FLAG = "flag"


@dataclass(frozen=True)
class Situation:
    """What is known of the sender: her treatments (nearest first), the open question and the clinic's values.

    `answers_flag` is the flag that a yes or no to the open question sets. `said_before` are the bot's last replies,
    so that the same words are not said twice running. `unanswered` are questions asked before the open one; the reply
    may ask one of them again where no other is to come by itself (`may_ask_again`).
    """

    now: datetime
    appointments: Sequence[Appointment]
    values: Mapping[str, str]
    asked: str | None = None
    answers_flag: str | None = None
    said_before: Sequence[str] = ()
    unanswered: Sequence[str] = ()
    may_ask_again: bool = False


@dataclass(frozen=True)
class Response:
    """What is to be said and done. `text` is None for silence; `reason` is how staff read why they were told.

    `asks_again` is the older question that the text asks once more.
    """

    text: str | None
    urgency: Urgency | None = None
    reason: str = ""
    answers: tuple[Answer, ...] = ()
    changes: Mapping[Change, bool | str] = field(default_factory=dict)
    asks_again: str | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics this reply answers."""
        return tuple(a.topic for a in self.answers)


def respond(reading: Reading, content: Content, situation: Situation) -> Response:
    """The first of these that fits: a warning, a command, an answer to our question, a question, anything else."""
    speak = _Speech(content, situation)
    if reading.is_warning:
        return _to_a_warning(reading, speak)
    match reading.command:
        case Command.STOP:
            reason = "has texted STOP, and what may be a warning" if reading.urgency else ""
            return Response(speak("stopped"), reading.urgency, reason, changes={Change.STOP: True})
        case Command.START:
            return Response(speak("started"), changes={Change.START: True})
        case Command.HELP:
            return Response(speak("help"))
        case Command.CONFIRM:
            return _and_one_more(_and_to_questions(_confirmed(speak, reading), reading, speak), speak)
        case Command.MOVE:
            return Response(speak("move"), Urgency.ROUTINE, "wants another time")
    if (reading.answer is not None or reading.in_doubt) and situation.asked:
        return _and_one_more(_and_to_questions(_to_an_answer(reading, speak), reading, speak), speak)
    if reading.topics:
        return _to_questions(reading, speak)
    return _to_anything_else(reading, speak)


class _Speech:
    """The clinic's words for this patient, begun with its name."""

    def __init__(self, content: Content, situation: Situation):
        self.content, self.situation = content, situation
        booked = [a for a in situation.appointments if a.status is Status.BOOKED]
        self.upcoming = next((a for a in booked if a.starts_at > situation.now), None)

    def __call__(self, key: str, **more: str) -> str:
        return self.begun(self.bare(key, **more))

    def bare(self, key: str, **more: str) -> str:
        return self.filled(self.content.patients[key], **more)

    def filled(self, template: str, **more: str) -> str:
        appointment = self.upcoming or next(iter(self.situation.appointments), None)
        values = {**self.situation.values, **more}
        return " ".join(fill(template, values, appointment=appointment, now=self.situation.now).text.split())

    def begun(self, words: str) -> str:
        """With the clinic's name in front, and no capital after its colon but for acronyms."""
        if words[1:2].islower() or words[1:2] == " ":
            words = words[0].lower() + words[1:]
        return f"{self.situation.values['clinic']}: {words}"

    def passed_on(self) -> str:
        first = self("passed on")
        return self("passed on again") if first in self.situation.said_before[-1:] else first


def _to_a_warning(reading: Reading, speak: _Speech) -> Response:
    """A warning is answered as a warning even where a question stands beside it: a human looks first."""
    signs = [speak.content.signs[s] for s in reading.signs if s in speak.content.signs]
    fitting = [s for s in signs if s.urgency == reading.urgency] or signs
    reason = ", ".join(s.name for s in signs) or "warning"
    if reading.command is Command.STOP:
        # Both count: staff are alerted and will call, and she is not texted again.
        return Response(
            speak("stopped"), reading.urgency, f"{reason}; has also texted STOP", changes={Change.STOP: True}
        )
    text = speak.begun(speak.filled(fitting[0].reply)) if fitting else speak.passed_on()
    return Response(text, reading.urgency, reason)


def _confirmed(speak: _Speech, reading: Reading) -> Response:
    if speak.upcoming is None:
        return Response(speak("nothing to confirm"), Urgency.ROUTINE, "confirms, but has no appointment ahead")
    if reading.urgency is None:
        return Response(speak("confirmed"), changes={Change.CONFIRM: True})
    text = f"{speak('confirmed')} {speak.bare('told staff')}"
    return Response(text, reading.urgency, "confirms, and asks something", changes={Change.CONFIRM: True})


def _to_an_answer(reading: Reading, speak: _Speech) -> Response:
    asked, flag = speak.situation.asked, speak.situation.answers_flag
    about = speak.content.timeline.flags.get(flag or "", asked)
    if reading.in_doubt:
        return Response(speak("in doubt"), Urgency.ROUTINE, f"no clear answer: {about}")
    changes: dict[Change, bool | str] = {Change.FLAG: bool(reading.answer)} if flag else {}
    urgency = reading.urgency
    match asked, reading.answer:
        case "confirm", True:
            return _confirmed(speak, reading)
        case "confirm", False:
            return Response(speak("no to confirm"), Urgency.ROUTINE, "cannot come at the time")
        case "ask-cold-sores", True if speak.upcoming is not None:
            return Response(speak(_cold_sores_key(speak)), urgency, "prone to cold sores", changes=changes)
        case _, False:
            text = " ".join(filter(None, [speak("no"), speak.bare("told staff") if urgency else ""]))
            return Response(text, urgency, "answered no, and more", changes=changes)
    # After the treatment no antiviral is started any more; what now is for a human to say.
    key = f"yes to {asked}" if asked != "ask-cold-sores" else "passed on"
    reason = f"answered yes: {about}"
    text = speak(key) if key in speak.content.patients else speak.passed_on()
    return Response(text, Urgency.ROUTINE, reason, changes=changes)


def _and_to_questions(first: Response, reading: Reading, speak: _Speech) -> Response:
    """An answer or a C with a question beside it gets both; where both do not fit one text, staff take the question."""
    if not reading.topics or first.text is None:
        return first
    questions = _to_questions(reading, speak)
    said = (questions.text or "").removeprefix(speak.begun(""))
    text = f"{first.text} {said[:1].upper()}{said[1:]}"
    urgency = first.urgency or questions.urgency
    reason = ", ".join(filter(None, [first.reason if first.urgency else "", questions.reason]))
    if measure(text).segments > MOST_SEGMENTS:
        about = _named([speak.content.topics[t].name for t in reading.topics if t in speak.content.topics])
        text = f"{first.text} {speak.bare('no answer in the sheet, besides', topics=about)}"
        return Response(text, Urgency.ROUTINE, f"asks about {about}", changes=first.changes)
    return Response(text, urgency, reason, questions.answers, first.changes)


def _and_one_more(first: Response, speak: _Speech) -> Response:
    """An older question that nobody answered is asked again: no bare yes or no goes to it by itself."""
    older = [step for step in speak.situation.unanswered if f"again {step}" in speak.content.patients]
    if not older or not speak.situation.may_ask_again or first.text is None or speak.upcoming is None:
        return first
    text = f"{first.text} {speak.bare('one more', question=speak.bare(f'again {older[0]}'))}"
    return first if measure(text).segments > MOST_SEGMENTS else replace(first, text=text, asks_again=older[0])


def _cold_sores_key(speak: _Speech) -> str:
    upcoming, now = speak.upcoming, speak.situation.now
    if upcoming is None or now < upcoming.on_day(-3):
        return "yes to ask-cold-sores"
    return "yes to ask-cold-sores late" if now < upcoming.on_day(0) else "yes to ask-cold-sores on the day"


def _to_questions(reading: Reading, speak: _Speech) -> Response:
    situation = speak.situation
    values = {**situation.values, "prescribed": speak.bare("prescribed")}
    answers = [
        answer(t, speak.content, appointments=situation.appointments, now=situation.now, values=values)
        for t in dict.fromkeys(reading.topics)
    ]
    given, unanswered = [a for a in answers if not a.is_for_staff_alone], [a for a in answers if a.is_for_staff_alone]
    for_staff = bool(unanswered) or reading.urgency is not None or any(a.also_staff for a in given)
    names = _named([speak.content.topics[a.topic].name for a in unanswered if a.topic in speak.content.topics])
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


def _closing(speak: _Speech, unanswered: str, reading: Reading, given: Sequence[Answer]) -> str:
    """What the reply says of staff: which question went to them, or that they know of the text."""
    if unanswered:
        return speak.bare("no answer in the sheet, besides", topics=unanswered)
    if reading.urgency is not None and not any(a.also_staff for a in given):
        return speak.bare("told staff")
    return ""


def _as_many_as_fit(given: Sequence[Answer], closing: str, speak: _Speech) -> tuple[list[Answer], list[Answer]]:
    """As many answers, in the order asked, as one text of three segments carries."""
    for count in range(len(given), 1, -1):
        left = given[count:]
        tail = speak.bare("ask again", topics=_topic_names(left, speak)) if left else ""
        text = speak.begun(" ".join(filter(None, [_in_one(given[:count], speak), closing, tail])))
        if measure(text).segments <= MOST_SEGMENTS:
            return list(given[:count]), list(left)
    return list(given[:1]), list(given[1:])


def _in_one(answers: Sequence[Answer], speak: _Speech) -> str:
    """The answers one after the other; words that belong to several of them are said once.

    Whom to ask about what is prescribed stands behind the last of those it holds for.
    """
    texts, prescribed = list(dict.fromkeys(a.text for a in answers)), f" {speak.bare('prescribed')}"
    last = max((place for place, text in enumerate(texts) if prescribed in text), default=None)
    return " ".join(t if place == last else t.replace(prescribed, "") for place, t in enumerate(texts))


def _topic_names(answers: Sequence[Answer], speak: _Speech, *, most: int = MOST_NAMES) -> str:
    return _named([speak.content.topics[a.topic].name for a in answers if a.topic in speak.content.topics], most=most)


def _named(names: Sequence[str], *, most: int = MOST_NAMES) -> str:
    """The names as a person lists them; beyond `most` they would crowd out the answers."""
    listed = [*names[:most], "the rest"] if len(names) > most else list(names)
    return ", ".join(listed[:-1]) + (" and " if len(listed) > 1 else "") + listed[-1] if listed else ""


def _which_one(reading: Reading, speak: _Speech) -> Response:
    """Ask back; the name of a topic, texted alone, is a question about it. Asked once: then a human reads it."""
    names = [speak.content.topics[topic].name for topic in reading.choices if topic in speak.content.topics]
    text = speak("which one", choices=" or ".join(names))
    if len(names) < 2 or text in speak.situation.said_before[-1:]:
        return Response(speak.passed_on(), Urgency.ROUTINE, "not understood")
    return Response(text)


def _to_anything_else(reading: Reading, speak: _Speech) -> Response:
    match reading.kind:
        case Kind.WHICH_ONE:
            return _which_one(reading, speak)
        case Kind.PICTURE:
            return Response(speak("picture"), Urgency.ROUTINE, "sent a picture")
        case Kind.EMPTY:
            return Response(speak("empty"), Urgency.ROUTINE, "sent a text without words")
        case Kind.AUTO_REPLY | Kind.WRONG_NUMBER:
            return Response(None, reading.urgency, "not for the clinic, it seems")
        case Kind.CHITCHAT:
            return Response(None, reading.urgency, "")
        case Kind.YES_NO if speak.situation.unanswered:
            return Response(speak("yes or no to which"), Urgency.ROUTINE, "answers yes or no, unclear to what")
        case Kind.YES_NO:
            return Response(speak("yes or no to nothing"), Urgency.ROUTINE, "answers yes or no, but nothing was asked")
    return Response(speak.passed_on(), Urgency.ROUTINE, "not understood")
