"""A timeline applied to one appointment: what goes out when, and what is left out and why.

Pure: the same timeline, appointment, history and now always give the same plan. It renders no words and sends nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

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
    Timeline,
)
from bot.care.questions import in_force_since, questions
from bot.care.room import Room, Slot, already_went, is_late, quiet_for, slots, useful_until, waiting
from bot.care.timing import is_quiet, quiet_ends_at

USUAL_QUIET_HOURS = QuietHours()


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
    room = Room(timeline, appointment, now, quiet, tuple(past), tuple(pending))
    texts: list[PlannedText] = list(corrections(timeline, appointment, past=past, pending=pending, now=now))
    left_out: list[LeftOut] = []
    if appointment.status is Status.BOOKED:
        due_slots = [slot for slot in slots(room) if not already_went(slot, room)]
        late = [slot for slot in due_slots if slot.step.if_late is IfLate.MERGE and is_late(slot, room)]
        late = [slot for slot in late if now < useful_until(slot.step, slot.planned_for, room)]
        texts += _merged(late, room)
        for entry in [*(_place(s, room) for s in due_slots if s not in late), *questions(texts, room)]:
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


def _merged(late: Sequence[Slot], room: Room) -> Iterable[PlannedText]:
    """The late limits in as few texts as carry them: those in force in one that asks, those to come in another.

    Only what is in force can have been broken; what is still to come is told with its date.
    """
    goes_at = quiet_ends_at(room.now, room.quiet, room.appointment.zone)
    in_force = [slot for slot in late if in_force_since([slot.step], room, goes_at) is not None]
    yield from _in_one(in_force, 0, room, since=in_force_since([slot.step for slot in in_force], room, goes_at))
    yield from _in_one([slot for slot in late if slot not in in_force], 1, room, since=None)


def _in_one(late: Sequence[Slot], occurrence: int, room: Room, *, since: datetime | None) -> Iterable[PlannedText]:
    """One text for these limits; a single one that is still to come keeps its own words."""
    catch_up = room.timeline.the(catch_up=True)
    if catch_up is None or (len(late) == 1 and since is None):
        for slot in late:
            # Planned for the moment it was found late, not for its own: planning again must find it late again.
            at = _first_called_for(slot.step.id, slot.occurrence, (), room)
            yield PlannedText(slot.step.id, slot.occurrence, at, at, useful_until(slot.step, slot.planned_for, room))
    elif late:
        carries = tuple(slot.step.id for slot in late)
        at = _first_called_for(catch_up.id, occurrence, carries, room)
        until = useful_until(catch_up, at, room)
        yield PlannedText(catch_up.id, occurrence, at, at, until, carries=carries, since_at=since)


def _first_called_for(step_id: str, occurrence: int, carries: tuple[str, ...], room: Room) -> datetime:
    """When a text that goes as soon as it is called for was: now, unless it is planned already."""
    asked = (step_id, occurrence, carries)
    there = [p.planned_for for p in room.pending if (p.step, p.occurrence, p.carries) == asked]
    return max((at for at in there if at <= room.now), default=room.now)


def _place(slot: Slot, room: Room) -> PlannedText | LeftOut:
    step, until = slot.step, useful_until(slot.step, slot.planned_for, room)
    late = is_late(slot, room)
    if until <= max(room.now, slot.planned_for):
        return _left(slot, "expired", "its time had passed before it could be planned")
    if late and step.if_late is IfLate.DROP:
        return _left(slot, "late", "its moment had passed before it could be planned")
    there = waiting(slot, room)
    due = min(there.due_at, room.now) if there and slot.planned_for < room.now else slot.planned_for
    due = room.now if late else due
    if step.not_on_the_day_of and _stands_in(step.not_on_the_day_of, due, room):
        return _left(slot, "said already", f"{step.not_on_the_day_of} says it on the same day")
    return PlannedText(step.id, slot.occurrence, slot.planned_for, due, until)


def _left(slot: Slot, rule: str, reason: str) -> LeftOut:
    return LeftOut(slot.step.id, slot.occurrence, slot.planned_for, rule, reason)


def _stands_in(other_id: str, due: datetime, room: Room) -> bool:
    """Whether the other step goes, or went, on the same local day."""
    zone = room.appointment.zone
    days = [p.sent_at.astimezone(zone).date() for p in room.past if p.step == other_id]
    for slot in slots(room):
        if slot.step.id == other_id and not already_went(slot, room):
            there = waiting(slot, room)
            goes_at = there.due_at if there else max(slot.planned_for, room.now)
            days.append(quiet_ends_at(goes_at, room.quiet, zone).astimezone(zone).date())
    return due.astimezone(zone).date() in days


def _held(text: PlannedText, room: Room) -> PlannedText | LeftOut:
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


def _after_the_welcome(texts: Sequence[PlannedText], room: Room) -> Iterable[PlannedText]:
    """The first text says who we are and how to stop: one that may go earlier in the morning waits for it."""
    greetings = [t.due_at for t in texts if any(m.anchor is Anchor.BOOKED for m in room.step(t).when)]
    first_at = max(greetings, default=room.now)
    return [replace(t, due_at=max(t.due_at, first_at)) if first_at < t.useful_until else t for t in texts]
