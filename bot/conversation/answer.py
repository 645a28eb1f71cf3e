"""From a topic to the answer that holds now, in clock times of the patient's own treatment. Pure; chooses no topic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.care.model import Appointment, Status
from bot.care.timing import resolve
from bot.content.model import Content, Topic, Verdict, Window
from bot.content.render import fill, spoken, up_to_the_minute

# Of two treatments at once the stricter rule holds; having no answer is stricter than a yes.
STRICTNESS: Mapping[Verdict | None, int] = {
    Verdict.AVOID: 4,
    Verdict.WAIT: 3,
    None: 2,
    Verdict.OK: 1,
    Verdict.INFO: 0,
}


@dataclass(frozen=True)
class Answer:
    """What the sheet says about one topic now. `verdict` is None where it says nothing: the question goes to staff.

    `until` (UTC) is when a wait is over; it is None for every other verdict.
    """

    topic: str
    verdict: Verdict | None
    until: datetime | None
    text: str
    also_staff: bool = False

    @property
    def is_for_staff_alone(self) -> bool:
        """True where the sheet sets nothing down for this moment."""
        return self.verdict is None


def answer(
    topic_id: str,
    content: Content,
    *,
    appointments: Sequence[Appointment],
    now: datetime,
    values: Mapping[str, str],
    at: datetime | None = None,
) -> Answer:
    """The answer on one topic; the strictest where several treatments overlap, staff's where there is none.

    It holds for the moment `at` that is asked about, or else for `now`; its times are spoken as of `now`.

    A treatment that was called off, or to which the patient did not come, limits nothing.
    """
    topic = content.topics.get(topic_id)
    standing = [appointment for appointment in appointments if appointment.status is Status.BOOKED]
    if topic is None or not standing:
        return Answer(topic_id, None, None, "")
    answers = [_for_one(topic, appointment, now, at or now, values) for appointment in standing]
    return max(answers, key=lambda a: (STRICTNESS[a.verdict], a.until or now))


def window_at(topic: Topic, appointment: Appointment, now: datetime) -> Window:
    """The first window that has not ended; each holds up to its `until`, which is outside it."""
    return next(w for w in topic.windows if w.until is None or now < up_to_the_minute(resolve(w.until, appointment)))


def _for_one(topic: Topic, appointment: Appointment, now: datetime, at: datetime, values: Mapping[str, str]) -> Answer:
    window = window_at(topic, appointment, at)
    if window.verdict is None:
        return Answer(topic.id, None, None, "")
    ends_at = up_to_the_minute(resolve(window.until, appointment)) if window.until else None
    named = {**values, "until": spoken(ends_at, now, appointment.zone)} if ends_at else values
    text = fill(window.text, named, appointment=appointment, now=now).text
    until = ends_at if window.verdict is Verdict.WAIT else None
    return Answer(topic.id, window.verdict, until, text, window.also_staff)
