"""A timeline applied to one appointment: what goes out when, and what is left out and why.

Pure: the same timeline, appointment, history and now always give the same plan. It renders no words and sends nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from bot.care.corrections import corrections
from bot.care.model import (
    Anchor,
    Appointment,
    IfLate,
    IfQuiet,
    LeftOut,
    PastText,
    Plan,
    PlannedText,
    QuietHours,
    Status,
    Step,
    Timeline,
)
from bot.care.timing import end_of_day, ending_by, is_quiet, on_the_wall, quiet_ends_at, resolve

USUAL_QUIET_HOURS = QuietHours()
# How long an unanswered question keeps the next one back: till the next morning, or, close to the procedure, two hours.
NEXT_QUESTION_AT = time(10, 0)
CLOSE_TO_START = timedelta(days=4)
PATIENCE_WHEN_CLOSE = timedelta(hours=2)


def plan(
    timeline: Timeline,
    appointment: Appointment,
    *,
    now: datetime,
    quiet: QuietHours = USUAL_QUIET_HOURS,
    past: Sequence[PastText] = (),
    pending: Sequence[PlannedText] = (),
) -> Plan:
    """Everything still to go out for this appointment, in order of due time; every instant in it is UTC.

    `past` are texts that have left us and are not repeated; `pending` are those already planned, which are not late
    merely because planning happens again after their moment.
    """
    now, appointment = now.astimezone(UTC), replace(appointment, booked_at=appointment.booked_at.astimezone(UTC))
    room = _Room(timeline, appointment, now, quiet, tuple(past), tuple(pending))
    texts: list[PlannedText] = list(corrections(timeline, appointment, past=past, pending=pending, now=now))
    left_out: list[LeftOut] = []
    if appointment.status is Status.BOOKED:
        slots = [slot for slot in _slots(room) if not _already_went(slot, room)]
        late = [slot for slot in slots if slot.step.if_late is IfLate.MERGE and _is_late(slot, room)]
        late = [slot for slot in late if now < _useful_until(slot.step, slot.planned_for, room)]
        texts += _merged(late, room)
        for entry in [*(_place(s, room) for s in slots if s not in late), *_questions(texts, room)]:
            (texts if isinstance(entry, PlannedText) else left_out).append(entry)  # type: ignore[arg-type]
        left_out += [
            LeftOut(s.step.id, s.occurrence, s.planned_for, "merged", "said in one text with other late ones")
            for s in late
            if not any(t.step == s.step.id for t in texts)
        ]
    held = [_held(text, room) for text in texts]
    going = _after_the_welcome([t for t in held if isinstance(t, PlannedText)], room)
    return Plan(
        texts=tuple(sorted(going, key=room.order)),
        left_out=tuple([*left_out, *(t for t in held if isinstance(t, LeftOut))]),
    )


@dataclass(frozen=True)
class _Room:
    """What every rule below may look at."""

    timeline: Timeline
    appointment: Appointment
    now: datetime
    quiet: QuietHours
    past: tuple[PastText, ...]
    pending: tuple[PlannedText, ...]

    def order(self, text: PlannedText) -> tuple[datetime, int]:
        """By due time, then as the timeline lists the steps."""
        return text.due_at, next(i for i, s in enumerate(self.timeline.steps) if s.id == text.step)

    def step(self, text: PlannedText) -> Step:
        """The step of a planned text."""
        return next(s for s in self.timeline.steps if s.id == text.step)


@dataclass(frozen=True)
class _Slot:
    """One occurrence of a step that this patient is to get."""

    step: Step
    occurrence: int
    planned_for: datetime


def _slots(room: _Room) -> Iterable[_Slot]:
    for step in room.timeline.steps:
        if step.asks or step.catch_up or (step.only and not room.appointment.flags.get(step.only)):
            continue
        for occurrence, moment in enumerate(step.when):
            yield _Slot(step, occurrence, resolve(moment, room.appointment))


def _already_went(slot: _Slot, room: _Room) -> bool:
    """Whether a text of the past stands for this slot.

    A step that went for another day goes again (the procedure was moved), unless its moment has passed meanwhile or it
    went late, on this very day.
    """
    went = [p for p in room.past if p.step == slot.step.id or slot.step.id in p.carries]
    if not went:
        return False
    if slot.step.hangs_on_end:
        return any(p.sent_at >= room.appointment.on_day(0) for p in went)
    if slot.planned_for == room.appointment.booked_at or _is_late(slot, room):
        return True
    zone = room.appointment.zone
    day = slot.planned_for.astimezone(zone).date()
    return any(day in (p.planned_for.astimezone(zone).date(), p.sent_at.astimezone(zone).date()) for p in went)


def _is_late(slot: _Slot, room: _Room) -> bool:
    """Whether the moment had passed before this text could be planned at all."""
    if slot.planned_for >= room.now:
        return False
    return _waiting(slot, room) is None


def _waiting(slot: _Slot, room: _Room) -> PlannedText | None:
    """The text already planned for this very moment."""
    key = (slot.step.id, slot.occurrence, slot.planned_for)
    return next((p for p in room.pending if (p.step, p.occurrence, p.planned_for) == key), None)


def _merged(late: Sequence[_Slot], room: _Room) -> Iterable[PlannedText]:
    """The late limits in one text; a single one that is not in force yet keeps its own words."""
    catch_up = room.timeline.the(catch_up=True)
    goes_at = quiet_ends_at(room.now, room.quiet, room.appointment.zone)
    since = _in_force_since([slot.step for slot in late], room.appointment, goes_at)
    if not late:
        return
    if catch_up is None or (len(late) == 1 and since is None):
        for slot in late:
            until = _useful_until(slot.step, slot.planned_for, room)
            yield PlannedText(slot.step.id, slot.occurrence, slot.planned_for, room.now, until)
        return
    carries = tuple(slot.step.id for slot in late)
    waiting = next((p for p in room.pending if p.step == catch_up.id and p.carries == carries), None)
    at = waiting.planned_for if waiting else room.now
    until = _useful_until(catch_up, at, room)
    yield PlannedText(catch_up.id, 0, at, at, until, carries=carries, since_at=since)


def _in_force_since(steps: Iterable[Step], appointment: Appointment, at: datetime) -> datetime | None:
    """When the first of these steps' limits came into force, if one had by then."""
    limits = [resolve(step.in_force, appointment) for step in steps if step.in_force]
    return min((limit for limit in limits if limit <= at), default=None)


def _place(slot: _Slot, room: _Room) -> PlannedText | LeftOut:
    step, until = slot.step, _useful_until(slot.step, slot.planned_for, room)
    late = _is_late(slot, room)
    if until <= max(room.now, slot.planned_for):
        return _left(slot, "expired", "its time had passed before it could be planned")
    if late and step.if_late is IfLate.DROP:
        return _left(slot, "late", "its moment had passed before it could be planned")
    waiting = _waiting(slot, room)
    due = min(waiting.due_at, room.now) if waiting and slot.planned_for < room.now else slot.planned_for
    due = room.now if late else due
    if step.not_on_the_day_of and _stands_in(step.not_on_the_day_of, due, room):
        return _left(slot, "said already", f"{step.not_on_the_day_of} says it on the same day")
    return PlannedText(step.id, slot.occurrence, slot.planned_for, due, until)


def _left(slot: _Slot, rule: str, reason: str) -> LeftOut:
    return LeftOut(slot.step.id, slot.occurrence, slot.planned_for, rule, reason)


def _stands_in(other_id: str, due: datetime, room: _Room) -> bool:
    """Whether the other step goes, or went, on the same local day."""
    zone = room.appointment.zone
    days = [p.sent_at.astimezone(zone).date() for p in room.past if p.step == other_id]
    for slot in _slots(room):
        if slot.step.id == other_id and not _already_went(slot, room):
            waiting = _waiting(slot, room)
            goes_at = waiting.due_at if waiting else max(slot.planned_for, room.now)
            days.append(quiet_ends_at(goes_at, room.quiet, zone).astimezone(zone).date())
    return due.astimezone(zone).date() in days


def _questions(texts: Sequence[PlannedText], room: _Room) -> Iterable[PlannedText | LeftOut]:
    """One question at a time: the next one follows the answer, or a while after a silence."""
    asked = [p for p in room.past if _was_question(p, room) and not _is_answered(p.step, room)]
    asked_at = max((p.sent_at for p in asked), default=None)
    asking = [t.due_at for t in texts if t.since_at and not _is_answered(t.step, room)]
    asked_at = max([*asking, *([asked_at] if asked_at else [])], default=None)
    for step in room.timeline.steps:
        if not step.asks or step.catch_up or step.asks in room.appointment.flags:
            continue
        if any(p.step == step.id for p in room.past):
            continue
        waiting = next((p for p in room.pending if p.step == step.id), None)
        planned_for = waiting.planned_for if waiting else max(room.appointment.booked_at, room.now)
        due = max(planned_for, min(waiting.due_at, room.now)) if waiting else planned_for
        if asked_at:
            due = max(due, _after_a_silence(asked_at, room))
        until = _useful_until(step, due, room)
        if until <= max(due, room.now):
            yield LeftOut(step.id, 0, planned_for, "expired", "the appointment came first")
            continue
        asked_at = due
        yield PlannedText(step.id, 0, planned_for, due, until)


def _was_question(past: PastText, room: _Room) -> bool:
    """Late limits in one text ask whether they were kept, but only where one of them was in force by then."""
    step = room.timeline.step(past.step)
    if step is None or not step.catch_up:
        return step is not None and step.asks is not None
    then = replace(room.appointment, starts_at=past.said_start or room.appointment.starts_at)
    carried = [s for s in room.timeline.steps if s.id in past.carries]
    return _in_force_since(carried, then, past.sent_at) is not None


def _is_answered(step_id: str, room: _Room) -> bool:
    step = room.timeline.step(step_id)
    return step is not None and (step.asks or step.id) in room.appointment.flags


def _after_a_silence(asked_at: datetime, room: _Room) -> datetime:
    asked_at = quiet_ends_at(asked_at, room.quiet, room.appointment.zone)
    if asked_at > room.appointment.starts_at - CLOSE_TO_START:
        return asked_at + PATIENCE_WHEN_CLOSE
    return on_the_wall(asked_at.astimezone(room.appointment.zone), days=1, at=NEXT_QUESTION_AT).astimezone(UTC)


def _useful_until(step: Step, due: datetime, room: _Room) -> datetime:
    if step.until_that_days_end:
        return end_of_day(due, room.appointment.zone)
    assert step.useful_until is not None  # noqa: S101 - the content check refuses a step without one
    return resolve(step.useful_until, room.appointment)


def _held(text: PlannedText, room: _Room) -> PlannedText | LeftOut:
    """Quiet hours: held to their end, or dropped where the step says so or the end comes too late."""
    step, zone = room.step(text), room.appointment.zone
    quiet = quiet_for(step, room.quiet)
    moments = (text.due_at, text.planned_for)
    if step.if_quiet is IfQuiet.DROP and any(is_quiet(moment, quiet, zone) for moment in moments):
        return LeftOut(text.step, text.occurrence, text.planned_for, "quiet hours", "it would come in quiet hours")
    if not is_quiet(text.due_at, quiet, zone):
        return text
    due = quiet_ends_at(text.due_at, quiet, zone)
    if due >= text.useful_until:
        reason = "quiet hours end only after it has stopped being useful"
        return LeftOut(text.step, text.occurrence, text.planned_for, "quiet hours", reason)
    return replace(text, due_at=due)


def _after_the_welcome(texts: Sequence[PlannedText], room: _Room) -> Iterable[PlannedText]:
    """The first text says who we are and how to stop: one that may go earlier in the morning waits for it."""
    greetings = [t.due_at for t in texts if any(m.anchor is Anchor.BOOKED for m in room.step(t).when)]
    first_at = max(greetings, default=room.now)
    return [replace(t, due_at=max(t.due_at, first_at)) if first_at < t.useful_until else t for t in texts]


def quiet_for(step: Step, quiet: QuietHours) -> QuietHours:
    """Quiet hours as they hold for this step: one that may go earlier in the morning ends them earlier."""
    return ending_by(quiet, step.earliest)
