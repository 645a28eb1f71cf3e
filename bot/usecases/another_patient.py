"""An appointment that is somebody else's now: the first patient's texts end, and what she told us stays hers.

It locks nothing: the caller holds both numbers and the appointment.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from rapidfuzz.distance import OSA, Indel
from sqlmodel import Session, col, select, update

from bot.care.model import Corrects, Status
from bot.care.planner import plan
from bot.content.planned import words_of
from bot.outbox.model import Kind, NewMessage, Priority
from bot.outbox.store import cancel_for_appointment, enqueue
from bot.records.patients import name_key, others_on_the_number
from bot.records.plans import as_planned, past_of, planned_messages
from bot.records.tables import AppointmentRow, Message, Patient
from bot.usecases.clinic import Clinic, told_apart
from bot.usecases.planning import replan

SHORTEST_WITH_A_SLIP = 4


def rename(session: Session, old: Patient, *, name: str, phone: str) -> None:
    """On the same number the same first name, or one with a slip of the pen, is the same person written anew."""
    if old.phone != phone or old.name_key == name_key(name) or not reads_alike(old.name, name):
        return
    taken = select(Patient.id).where(Patient.phone == phone, Patient.name_key == name_key(name))
    if session.exec(taken).first() is None:
        old.name, old.name_key = name, name_key(name)
        session.add(old)
        session.flush()


def reads_alike(one: str, other: str) -> bool:
    """ "Maria Gomez" and "Maria Lopez" or "Mria Gomez", but not "Mario Gomez": that may be the husband."""
    (first, *rest), (other_first, *other_rest) = name_key(one).split(), name_key(other).split()
    return first == other_first or (rest == other_rest and _is_slip(first, other_first))


def hand_over(
    session: Session,
    clinic: Clinic,
    row: AppointmentRow,
    old: Patient,
    patient: Patient,
    *,
    flags: Mapping[str, bool],
    now: datetime,
) -> None:
    """Give the appointment to `patient`, of whom nothing is known but `flags`; `old` hears that hers is off.

    Where it is the same person known twice, everything she said and was told goes along.
    """
    what = "number" if old.phone != patient.phone else "name"
    why = f"the appointment has another {what} now"
    notices: list[NewMessage] = []
    if _is_same(old, patient):
        session.exec(update(Message).where(col(Message.appointment_id) == row.id).values(patient_id=patient.id))
    else:
        notices = _called_off(session, clinic, row, old, patient, now)
        row.flags, row.confirmed_at, row.booked_at = dict(flags), None, now
    cancel_for_appointment(session, row.id, reason=why, rule="handed over", now=now)
    # The notice has a revision to itself: the plan that follows may call something off as well.
    row.patient_id, row.revision, row.updated_at = patient.id, row.revision + 2, now
    session.add(row)
    session.flush()
    enqueue(session, notices, now=now)
    replan(session, clinic, row, patient, now=now, why=why)


def _called_off(
    session: Session, clinic: Clinic, row: AppointmentRow, old: Patient, patient: Patient, now: datetime
) -> list[NewMessage]:
    """What `old` hears if she was told of the date. Under another number of her own she goes on hearing of it there."""
    if reads_alike(old.name, patient.name):
        return []
    timeline = clinic.contents[row.treatment].timeline
    step = timeline.the(corrects=Corrects.CANCELLED)
    zone = clinic.zone_of(old)
    hers = [message for message in planned_messages(session, row.id) if message.patient_id == old.id]
    off = replace(as_planned(row, zone), status=Status.CANCELLED)
    wanted = plan(timeline, off, now=now, quiet=clinic.quiet, past=past_of(hers, old.phone))
    values = clinic.values(old)
    others = others_on_the_number(session, old, now=now) + [patient] * (old.phone == patient.phone)
    if others:
        values["clinic"] = f"{clinic.name} (for {told_apart(old, others)})"
    return [
        NewMessage(
            kind=Kind.NOTICE,
            to_phone=old.phone,
            step=text.step,
            due_at=text.due_at,
            useful_until=text.useful_until,
            planned_for=text.planned_for,
            patient_id=old.id,
            appointment_id=row.id,
            occurrence=text.occurrence,
            revision=row.revision + 1,
            body=words_of(step, timeline, appointment=off, now=now, values=values).text,
            priority=Priority.TIME_CRITICAL,
        )
        for text in wanted.texts
        if step is not None and text.step == step.id
    ]


def _is_same(old: Patient, patient: Patient) -> bool:
    return old.phone == patient.phone and reads_alike(old.name, patient.name)


def _is_slip(one: str, other: str) -> bool:
    """A letter left out, put in or swapped with the next; another letter makes another name too often."""
    swapped = sorted(one) == sorted(other) and OSA.distance(one, other) == 1
    return min(len(one), len(other)) >= SHORTEST_WITH_A_SLIP and (swapped or Indel.distance(one, other) == 1)
