"""Which questions are asked when: one at a time, the next on the answer or after a silence. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.care.model import LeftOut, PastText, PlannedText, Step
from bot.care.room import Room, useful_until
from bot.care.timing import on_the_wall, quiet_ends_at, resolve

# How long an unanswered question keeps the next one back: till the next morning, or, close to the procedure, two hours.
NEXT_QUESTION_AT = time(10, 0)
CLOSE_TO_START = timedelta(days=4)
PATIENCE_WHEN_CLOSE = timedelta(hours=2)


def questions(texts: Sequence[PlannedText], room: Room) -> Iterable[PlannedText | LeftOut]:
    """One question at a time: the next one follows the answer, or a while after a silence.

    `texts` are those planned so far: late limits in one text ask too.
    """
    asked = [p.sent_at for p in room.past if _was_question(p, room) and not _is_answered(p.step, room)]
    asked += [t.due_at for t in texts if t.since_at and not _is_answered(t.step, room)]
    asked_at = max(asked, default=None)
    to_ask = [step for step in room.timeline.steps if _is_to_ask(step, room)]
    while to_ask:
        step = _next(to_ask, asked_at, room)
        to_ask.remove(step)
        entry = _asked(step, asked_at, room)
        if isinstance(entry, PlannedText):
            asked_at = entry.due_at
        yield entry


def in_force_since(steps: Iterable[Step], room: Room, at: datetime) -> datetime | None:
    """When the first of these steps' limits came into force, if one had by then."""
    limits = [resolve(step.in_force, room.appointment) for step in steps if step.in_force]
    return min((limit for limit in limits if limit <= at), default=None)


def _is_to_ask(step: Step, room: Room) -> bool:
    if not step.asks or step.catch_up or step.asks in room.appointment.flags:
        return False
    return not any(p.step == step.id for p in room.past)


def _next(to_ask: Sequence[Step], asked_at: datetime | None, room: Room) -> Step:
    """As the timeline lists them; on the treatment's own day what staff must know goes first."""
    due = quiet_ends_at(_due(to_ask[0], asked_at, room), room.quiet, room.appointment.zone)
    on_the_day = due >= room.appointment.on_day(0)
    return next((step for step in to_ask if not (on_the_day and step.last_on_the_day)), to_ask[0])


def _asked(step: Step, asked_at: datetime | None, room: Room) -> PlannedText | LeftOut:
    planned_for, due = _planned_for(step, room), _due(step, asked_at, room)
    until = useful_until(step, due, room)
    if until <= max(due, room.now):
        return LeftOut(step.id, 0, planned_for, "expired", "the appointment came first")
    return PlannedText(step.id, 0, planned_for, due, until)


def _due(step: Step, asked_at: datetime | None, room: Room) -> datetime:
    planned_for, waiting = _planned_for(step, room), _waiting(step, room)
    due = max(planned_for, min(waiting.due_at, room.now)) if waiting else planned_for
    return max(due, _after_a_silence(asked_at, room)) if asked_at else due


def _planned_for(step: Step, room: Room) -> datetime:
    waiting = _waiting(step, room)
    return waiting.planned_for if waiting else max(room.appointment.booked_at, room.now)


def _waiting(step: Step, room: Room) -> PlannedText | None:
    return next((p for p in room.pending if p.step == step.id), None)


def _was_question(past: PastText, room: Room) -> bool:
    """Late limits in one text ask whether they were kept, but only where one of them was in force by then."""
    step = room.timeline.step(past.step)
    if step is None or not step.catch_up:
        return step is not None and step.asks is not None
    then = replace(room.appointment, starts_at=past.said_start or room.appointment.starts_at)
    carried = [s for s in room.timeline.steps if s.id in past.carries]
    return in_force_since(carried, replace(room, appointment=then), past.sent_at) is not None


def _is_answered(step_id: str, room: Room) -> bool:
    step = room.timeline.step(step_id)
    return step is not None and (step.asks or step.id) in room.appointment.flags


def _after_a_silence(asked_at: datetime, room: Room) -> datetime:
    asked_at = quiet_ends_at(asked_at, room.quiet, room.appointment.zone)
    if asked_at > room.appointment.starts_at - CLOSE_TO_START:
        return asked_at + PATIENCE_WHEN_CLOSE
    return on_the_wall(asked_at.astimezone(room.appointment.zone), days=1, at=NEXT_QUESTION_AT).astimezone(UTC)
