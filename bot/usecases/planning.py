"""Planning an appointment again and applying the difference, inside the transaction of the change that caused it.

It sends nothing: a text of the old plan that a worker holds is dropped by its revision at the moment of sending.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.care.model import Anchor, Appointment, LeftOut, PlannedText, Step, Timeline
from bot.care.planner import plan
from bot.care.replan import difference
from bot.care.timing import resolve
from bot.content.planned import words_of
from bot.content.segments import measure
from bot.outbox.model import (
    LEFT_US,
    Drop,
    Kind,
    NewMessage,
    Priority,
    Rendered,
    State,
    StepRules,
    priority_of,
    rules_of,
)
from bot.outbox.moves import TRIED_AGAIN
from bot.outbox.store import cancel, enqueue, keep, suppress_for_number
from bot.records.numbers import lock_numbers
from bot.records.patients import BEARS_ON_CARE_FOR, others_on_the_number
from bot.records.plans import as_planned, decided_of, past_of, pending_of, planned_messages
from bot.records.tables import AppointmentRow, Message, Patient
from bot.usecases.clinic import Clinic, told_apart
from bot.usecases.first_text import is_first_text
from bot.usecases.too_late import tell_of_what_is_too_late

LEDGER_STATES = {"merged": State.CANCELLED, "late": State.EXPIRED, "expired": State.EXPIRED}


def replan(
    session: Session, clinic: Clinic, appointment: AppointmentRow, patient: Patient, *, now: datetime, why: str
) -> None:
    """Make the outbox say what the appointment, as it now stands, calls for.

    The caller has locked the number and the appointment, in that order, and has raised the appointment's revision.
    """
    # What another patient got while the appointment was hers is not what this one was told.
    rows = [row for row in planned_messages(session, appointment.id) if row.patient_id == patient.id]
    pending = pending_of(rows)
    past = past_of(rows, patient.phone)
    timeline = clinic.contents[appointment.treatment].timeline
    wanted = plan(
        timeline,
        as_planned(appointment, clinic.zone_of(patient)),
        now=now,
        quiet=clinic.quiet,
        past=past,
        pending=tuple(text for text in pending.values() if timeline.step(text.step)),
    )
    decided = decided_of(rows, patient.phone)
    texts = [t for t in wanted.texts if (t.step, t.occurrence, t.planned_for) not in decided]
    ids = {id(text): message_id for message_id, text in pending.items()}
    by_id = {row.id: row for row in rows}
    change = difference(list(pending.values()), texts, now=now)
    cancel(session, [ids[id(t)] for t in change.cancel], reason=why, rule="replanned", now=now)
    for old, new in change.keep:
        keep(
            session,
            ids[id(old)],
            revision=appointment.revision,
            due_at=_not_before_its_next_try(by_id[ids[id(old)]], new),
            planned_for=new.planned_for,
            useful_until=new.useful_until,
            now=now,
        )
    enqueue(session, [_message(t, timeline, appointment, patient) for t in change.add], now=now)
    known = {(row.step, row.occurrence, row.planned_for, row.rule) for row in rows}
    new_left_out = [e for e in wanted.left_out if (e.step, e.occurrence, e.planned_for, e.rule) not in known]
    undecided = [e for e in new_left_out if (e.step, e.occurrence, e.planned_for) not in decided]
    left_out = _record(session, undecided, appointment, patient, now)
    tell_of_what_is_too_late(session, clinic, timeline, patient, change=change, left_out=left_out, past=past, now=now)
    number = lock_numbers(session, [patient.phone]).get(patient.phone)
    if number is not None and number.opted_out_at is not None:
        suppress_for_number(session, patient.phone, reason="the patient has texted STOP", now=now)


def _not_before_its_next_try(row: Message, new: PlannedText) -> datetime:
    """A text that waits for its next try waits on, unless that would be too late: the phone is still off."""
    waits = row.rule == TRIED_AGAIN and row.due_at > new.due_at
    return row.due_at if waits and row.due_at < new.useful_until else new.due_at


def replan_all(session: Session, clinic: Clinic, patient: Patient, *, now: datetime, why: str) -> None:
    """Plan every appointment of the patient that bears on her care again, each in a new revision.

    The caller has locked the number. Whatever was given back or moved is then of the plan as it now stands.
    """
    hers = select(AppointmentRow).where(
        AppointmentRow.patient_id == patient.id, col(AppointmentRow.ends_at) > now - BEARS_ON_CARE_FOR
    )
    locked = hers.order_by(col(AppointmentRow.id)).with_for_update().execution_options(populate_existing=True)
    for appointment in session.exec(locked).all():
        _new_revision(session, appointment, now)
        replan(session, clinic, appointment, patient, now=now, why=why)


def plan_again(clinic: Clinic, session: Session, appointment_id: str, now: datetime) -> None:
    """Plan an appointment as it stands: a text thought to have gone did not. Number and appointment are locked.

    It is a revision of its own, for the one before may have the same text in other company already.
    """
    appointment = session.get_one(AppointmentRow, appointment_id)
    patient = session.get_one(Patient, appointment.patient_id)
    _new_revision(session, appointment, now)
    replan(session, clinic, appointment, patient, now=now, why="the appointment changed")


def _new_revision(session: Session, appointment: AppointmentRow, now: datetime) -> None:
    appointment.revision, appointment.updated_at = appointment.revision + 1, now
    session.add(appointment)
    session.flush()


def render_planned(
    clinic: Clinic, session: Session, message: Message, now: datetime, *, is_first: bool | None = None
) -> Rendered | Drop:
    """The words of a message at the moment of sending; fixed words are kept as they are.

    A planned text that was tried before is put into words anew: what the first try would have said may have moved.
    `is_first` is given where it is shown ahead of its time: whether it will be the number's first text.
    """
    if message.body is not None and message.kind != Kind.PLANNED:
        return Rendered(message.body, message.said, measure(message.body).segments)
    appointment = session.get(AppointmentRow, message.appointment_id)
    patient = session.get(Patient, message.patient_id)
    content = clinic.contents.get(appointment.treatment) if appointment else None
    step = content.timeline.step(message.step) if content else None
    if appointment is None or patient is None or content is None or step is None:
        return Drop(State.CANCELLED, "the timeline no longer has this text", "no-such-step")
    zone = clinic.zone_of(patient)
    if why := _gives_way(session, zone, appointment, step, content.timeline, message, now):
        return Drop(State.SUPPRESSED, why, "later-treatment")
    if step.not_on_the_day_of and _went_today(session, appointment, step.not_on_the_day_of, zone, now):
        return Drop(State.SUPPRESSED, f"{step.not_on_the_day_of} says it on the same day", "said already")
    values = clinic.values(patient)
    if others := others_on_the_number(session, patient, now=now):
        values["clinic"] = f"{clinic.name} (for {told_apart(patient, others)})"
    filled = words_of(
        step,
        content.timeline,
        appointment=as_planned(appointment, zone),
        now=now,
        values=values,
        occurrence=message.occurrence,
        carries=message.carries,
        is_first=is_first_text(session, message.to_phone, content.timeline) if is_first is None else is_first,
    )
    said = {"start": filled.said_start, "end": filled.said_end}
    spoken = {name: at.isoformat() for name, at in said.items() if at is not None}
    return Rendered(filled.text, spoken, measure(filled.text).segments)


def _gives_way(
    session: Session,
    zone: ZoneInfo,
    appointment: AppointmentRow,
    step: Step,
    timeline: Timeline,
    message: Message,
    now: datetime,
) -> str | None:
    """Why a text after one treatment does not go beside a later one of hers: the stricter limits win."""
    if not step.when or message.planned_for <= appointment.starts_at:
        return None
    moment = step.when[min(message.occurrence, len(step.when) - 1)]
    others = select(AppointmentRow).where(
        AppointmentRow.patient_id == appointment.patient_id,
        AppointmentRow.treatment == appointment.treatment,
        AppointmentRow.status == "booked",
        col(AppointmentRow.starts_at) > appointment.starts_at,
    )
    for later in (as_planned(row, zone) for row in session.exec(others)):
        if later.starts_at > now and _is_limited(step, timeline, later, now):
            return "what it allows is not allowed before a later treatment of hers"
        if later.starts_at <= now < resolve(moment, later):
            return "a later treatment of hers will have the same text"
    return None


def _is_limited(step: Step, timeline: Timeline, later: Appointment, now: datetime) -> bool:
    """Whether what this step allows is forbidden today; a limit is told by its day, so it holds from its morning."""
    limits = [timeline.step(each) for each in step.gives_way_to]
    begins = [resolve(limit.in_force, later).astimezone(later.zone) for limit in limits if limit and limit.in_force]
    return any(at.date() <= now.astimezone(later.zone).date() for at in begins)


def _went_today(session: Session, appointment: AppointmentRow, step_id: str, zone: ZoneInfo, now: datetime) -> bool:
    """Whether this step went on the same local day: what was planned for two days goes on one after an outage."""
    went = select(Message.attempted_at).where(
        Message.appointment_id == appointment.id,
        Message.patient_id == appointment.patient_id,
        Message.step == step_id,
        col(Message.state).in_(LEFT_US),
    )
    today = now.astimezone(zone).date()
    return any(at.astimezone(zone).date() == today for at in session.exec(went) if at)


def step_rules(clinic: Clinic, treatment: str, step_id: str) -> StepRules:
    """What a step says about the moment of sending; a step that is gone from the timeline has no wishes."""
    content = clinic.contents.get(treatment)
    step = content.timeline.step(step_id) if content else None
    return rules_of(step) if step else StepRules()


def _message(text: PlannedText, timeline: Timeline, appointment: AppointmentRow, patient: Patient) -> NewMessage:
    step = timeline.step(text.step)
    assert step is not None  # noqa: S101 - the plan is made of this timeline's steps
    return NewMessage(
        kind=Kind.PLANNED,
        to_phone=patient.phone,
        step=text.step,
        due_at=text.due_at,
        useful_until=text.useful_until,
        planned_for=text.planned_for,
        patient_id=patient.id,
        appointment_id=appointment.id,
        occurrence=text.occurrence,
        position=timeline.steps.index(step),
        revision=appointment.revision,
        carries=text.carries,
        # The first text says who we are and how to stop: nothing due with it overtakes it.
        priority=Priority.NOW if any(m.anchor is Anchor.BOOKED for m in step.when) else priority_of(step),
    )


def _record(
    session: Session, left_out: list[LeftOut], appointment: AppointmentRow, patient: Patient, now: datetime
) -> list[Message]:
    """The ledger's answer to "why didn't she get it": a row for each text that will not go, with rule and reason."""
    rows = [
        Message(
            kind=Kind.PLANNED,
            to_phone=patient.phone,
            patient_id=patient.id,
            appointment_id=appointment.id,
            step=entry.step,
            occurrence=entry.occurrence,
            revision=appointment.revision,
            due_at=entry.planned_for,
            planned_for=entry.planned_for,
            state=LEDGER_STATES.get(entry.rule, State.SUPPRESSED),
            reason=entry.reason,
            rule=entry.rule,
            settled_at=now,
            created_at=now,
            updated_at=now,
        )
        for entry in left_out
    ]
    session.add_all(rows)
    session.flush()
    return rows
