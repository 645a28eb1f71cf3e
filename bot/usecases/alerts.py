"""What staff are texted about a case, when, and how its texts reach the outbox; whom to tell is for others to say.

Each function works inside the caller's transaction.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.care.timing import quiet_ends_at
from bot.content.render import fill
from bot.conversation.model import Urgency
from bot.outbox.model import Kind, NewMessage, Priority
from bot.outbox.store import enqueue
from bot.records.patients import nearest_first
from bot.records.tables import AppointmentRow, EscalationRow, Patient
from bot.usecases.clinic import Clinic, Person, as_staff_know
from bot.usecases.who import day_of, treatments_of

MOST_WORDS = 160
# The step of what staff write to a patient.
STAFF_REPLY = "staff reply"


def alert(
    session: Session,
    clinic: Clinic,
    row: EscalationRow,
    key: str,
    people: Sequence[Person],
    words: str,
    reason: str,
    now: datetime,
) -> None:
    """Tell these people of the case; a task waits for the morning."""
    values = alert_values(session, clinic, row, words, reason, now)
    due_at = alert_due_at(clinic, Urgency(row.urgency), now)
    to_staff(session, clinic, people, key, values, now=now, escalation=row, due_at=due_at)


def to_staff(
    session: Session,
    clinic: Clinic,
    people: Sequence[Person],
    key: str,
    values: dict[str, str],
    *,
    now: datetime,
    escalation: EscalationRow | None = None,
    due_at: datetime | None = None,
) -> None:
    """One of the clinic's texts to each of these people."""
    words = " ".join(fill(clinic.any_content.staff[key], {**clinic.values(), **values}).text.split())
    alerts = [
        NewMessage(
            kind=Kind.ALERT,
            to_phone=person.phone,
            step=key,
            due_at=due_at or now,
            patient_id=escalation.patient_id if escalation else None,
            escalation_id=escalation.id if escalation else None,
            body=words,
            priority=Priority.NOW,
        )
        for person in people
    ]
    enqueue(session, alerts, now=now)


def to_patient(
    session: Session, clinic: Clinic, row: EscalationRow, key: str, values: dict[str, str], *, now: datetime
) -> None:
    """One of the clinic's texts to the patient about her escalation."""
    words = fill(clinic.any_content.patients[key], {**clinic.values(), **values}).text
    notify_patient(session, row, key, f"{clinic.name}: {' '.join(words.split())}", now=now)


def notify_patient(
    session: Session, row: EscalationRow, step: str, body: str, *, now: datetime, details: dict[str, str] | None = None
) -> None:
    """Text these words to the patient about her escalation, whatever the hour: quiet hours do not hold them."""
    assert row.phone is not None  # noqa: S101 - an escalation about a patient has her number
    notice = NewMessage(
        kind=Kind.NOTICE,
        to_phone=row.phone,
        step=step,
        due_at=now,
        patient_id=row.patient_id,
        escalation_id=row.id,
        details=details or {},
        body=body,
        priority=Priority.NOW,
    )
    enqueue(session, [notice], now=now)


def alert_values(
    session: Session, clinic: Clinic, row: EscalationRow, words: str, reason: str, now: datetime
) -> dict[str, str]:
    """What every text that tells of a case may be filled with; `words` are the patient's own."""
    return {
        "urgency": Urgency(row.urgency).upper(),
        "code": str(row.id),
        "patient": patient_name(session, row),
        "day": _day(session, clinic, row, now),
        "signs": reason,
        "words": _words_for(clinic, row, words),
        "phone": row.phone or "",
    }


def patient_name(session: Session, row: EscalationRow) -> str:
    """How staff read whom it is about; a number without appointment by its last digits."""
    patients = _patients(session, row)
    if patients:
        return " or ".join(as_staff_know(p) for p in patients)
    return f"unknown number ...{row.phone[-4:]}" if row.phone else "unknown number"


def alert_due_at(clinic: Clinic, urgency: Urgency, now: datetime) -> datetime:
    """When staff hear of it: a task can wait for the morning, a warning sign cannot."""
    return quiet_ends_at(now, clinic.quiet, clinic.zone) if urgency is Urgency.ROUTINE else now


def short(words: str) -> str:
    """The patient's words on one line, and no more of them than an alert has room for."""
    words = " ".join(words.split())
    return words if len(words) <= MOST_WORDS else words[: MOST_WORDS - 3] + "..."


def _words_for(clinic: Clinic, row: EscalationRow, words: str) -> str:
    """The patient's own words where alerts may carry them, else how to ask for them."""
    if clinic.alert_words:
        return f' "{short(words)}"' if words.strip() else ""
    asked_for = fill(clinic.any_content.staff["ask for words"], {**clinic.values(), "code": str(row.id)}).text
    return f" {' '.join(asked_for.split())}" if row.inbound_id else ""


def _patients(session: Session, row: EscalationRow) -> list[Patient]:
    if row.patient_id:
        return [session.get_one(Patient, row.patient_id)]
    return [patient for patient, _ in treatments_of(session, row.phone)] if row.phone else []


def _day(session: Session, clinic: Clinic, row: EscalationRow, now: datetime) -> str:
    appointments: list[AppointmentRow] = []
    zone = clinic.zone
    for patient, rows in treatments_of(session, row.phone) if row.phone else []:
        if row.patient_id in (None, patient.id):
            appointments += rows
            zone = clinic.zone_of(patient)
    nearest = nearest_first(appointments, now)
    return day_of(nearest[0], now, zone) if nearest else "no treatment known"
