"""Which texts already sent say a time that is no longer true, and the one text that puts it right. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.care.model import Appointment, Corrects, PastText, PlannedText, Status, Timeline
from bot.care.timing import resolve


def corrections(
    timeline: Timeline,
    appointment: Appointment,
    *,
    past: Sequence[PastText],
    pending: Sequence[PlannedText],
    now: datetime,
) -> Iterable[PlannedText]:
    """At most one correction each of the start and of the end, due now.

    What counts is the latest text that named the time: once it is right again there is nothing to correct. Of the start
    it has to be one that gives the hour too: "until Friday avoid the sun" does not tell anybody that Wednesday is off.
    """
    wrong: list[Corrects] = []
    match appointment.status:
        case Status.NO_SHOW:
            pass
        case Status.CANCELLED:
            heard_of = _last(past, "said_start") is not None and not _was_called_off(timeline, past)
            wrong += [Corrects.CANCELLED] * heard_of
        case Status.BOOKED:
            hours = [p for p in past if _gives_the_hour(timeline, p)]
            said = (_last(hours, "said_start"), _last(past, "said_start"))
            moved = any(start is not None and start != appointment.starts_at for start in said)
            wrong += [Corrects.START] * (moved or _was_called_off(timeline, hours or past))
            said_end = _last(past, "said_end")
            wrong += [Corrects.END] * (said_end is not None and said_end != appointment.end)
    for step in [timeline.the(corrects=what) for what in wrong]:
        if step is not None and step.useful_until is not None and now < resolve(step.useful_until, appointment):
            waiting = next((p for p in pending if p.step == step.id), None)
            at, due = (waiting.planned_for, min(waiting.due_at, now)) if waiting else (now, now)
            occurrence = sum(p.step == step.id for p in past)
            yield PlannedText(step.id, occurrence, at, due, resolve(step.useful_until, appointment))


def _gives_the_hour(timeline: Timeline, past: PastText) -> bool:
    """Whether it gives the start to the minute, or says that it is off: what a correction is undone by."""
    step = timeline.step(past.step)
    return step is not None and (step.corrects is Corrects.CANCELLED or "{start_time}" in step.text)


def _was_called_off(timeline: Timeline, past: Sequence[PastText]) -> bool:
    off = timeline.the(corrects=Corrects.CANCELLED)
    heard = [p for p in past if p.said_start is not None or (off is not None and p.step == off.id)]
    return bool(heard) and off is not None and max(heard, key=lambda p: p.sent_at).step == off.id


def _last(past: Sequence[PastText], said: str) -> datetime | None:
    telling = [p for p in past if getattr(p, said) is not None]
    return getattr(max(telling, key=lambda p: p.sent_at), said) if telling else None
