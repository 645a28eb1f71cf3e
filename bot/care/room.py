"""What every rule of planning may look at, and what is true of one occurrence of a step. Pure; plans nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.care.model import Appointment, PastText, PlannedText, QuietHours, Step, Timeline
from bot.care.timing import end_of_day, ending_by, quiet_ends_at, resolve


@dataclass(frozen=True)
class Room:
    """The timeline, the appointment, what went, what is planned, and the moment of planning (UTC)."""

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
class Slot:
    """One occurrence of a step that this patient is to get."""

    step: Step
    occurrence: int
    planned_for: datetime


def slots(room: Room) -> Iterable[Slot]:
    """Every occurrence of every step that has a moment of its own; questions and merged texts have none."""
    for step in room.timeline.steps:
        if step.asks or step.catch_up or (step.only and not room.appointment.flags.get(step.only)):
            continue
        if step.instead_of is None or _is_needed_instead(step.instead_of, room):
            yield from _occurrences(step, room)


def already_went(slot: Slot, room: Room) -> bool:
    """Whether a text of the past stands for this slot.

    A step that went for another day goes again (the procedure was moved), unless its moment has passed meanwhile or it
    went late, on this very day.
    """
    went = [p for p in room.past if p.step == slot.step.id or slot.step.id in p.carries]
    if not went:
        return False
    if slot.step.hangs_on_end:
        return any(p.sent_at >= room.appointment.on_day(0) for p in went)
    if slot.planned_for == room.appointment.booked_at or is_late(slot, room):
        return True
    zone = room.appointment.zone
    day = slot.planned_for.astimezone(zone).date()
    return any(day in (p.planned_for.astimezone(zone).date(), p.sent_at.astimezone(zone).date()) for p in went)


def is_late(slot: Slot, room: Room) -> bool:
    """Whether the moment had passed before this text could be planned at all."""
    if slot.planned_for >= room.now:
        return False
    return waiting(slot, room) is None


def waiting(slot: Slot, room: Room) -> PlannedText | None:
    """The text already planned for this very moment."""
    key = (slot.step.id, slot.occurrence, slot.planned_for)
    return next((p for p in room.pending if (p.step, p.occurrence, p.planned_for) == key), None)


def useful_until(step: Step, due: datetime, room: Room) -> datetime:
    """The instant from which a text of this step, due then, helps nobody any more."""
    if step.until_that_days_end:
        return end_of_day(due, room.appointment.zone)
    assert step.useful_until is not None  # noqa: S101 - the content check refuses a step without one
    return resolve(step.useful_until, room.appointment)


def quiet_for(step: Step, quiet: QuietHours) -> QuietHours:
    """Quiet hours as they hold for this step: one that may go earlier in the morning ends them earlier."""
    return ending_by(quiet, step.earliest)


def _occurrences(step: Step, room: Room) -> Iterable[Slot]:
    for occurrence, moment in enumerate(step.when):
        yield Slot(step, occurrence, resolve(moment, room.appointment))


def _is_needed_instead(step_id: str, room: Room) -> bool:
    """Whether this step has an occurrence that never can go at its moment, and did not go at another."""
    step = room.timeline.step(step_id)
    if step is None or (step.only and not room.appointment.flags.get(step.only)):
        return False
    return any(_never_goes(slot, room) and not already_went(slot, room) for slot in _occurrences(step, room))


def _never_goes(slot: Slot, room: Room) -> bool:
    """Whether quiet hours, or the start, leave no moment at which it could go and help; whenever it is planned."""
    quiet = quiet_for(slot.step, room.quiet)
    goes_at = quiet_ends_at(slot.planned_for, quiet, room.appointment.zone)
    return goes_at >= useful_until(slot.step, slot.planned_for, room)
