"""Telling staff: the alert when an escalation opens, the relay of what follows, and the climb when nobody comes.

Each function works inside the caller's transaction, but `climb`, which is the housekeeping's own.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.care.timing import quiet_ends_at
from bot.content.render import fill
from bot.conversation.model import Urgency
from bot.escalation import desk
from bot.escalation.policy import alerted, climbs_at, tells_patient_to_call
from bot.outbox.lost import COULD_NOT_BE_TEXTED, climb_now
from bot.outbox.model import Kind, NewMessage, Priority
from bot.outbox.store import enqueue
from bot.records.database import Database
from bot.records.patients import nearest_first
from bot.records.tables import AppointmentRow, EscalationRow, Message, Patient
from bot.usecases.clinic import Clinic, Person, as_staff_know
from bot.usecases.staff_opt_outs import reachable
from bot.usecases.who import day_of, treatments_of

MOST_WORDS = 160


def tell_staff(
    session: Session,
    clinic: Clinic,
    *,
    urgency: Urgency,
    reason: str,
    phone: str,
    patients: Sequence[Patient],
    words: str,
    now: datetime,
    signs: Sequence[str] = (),
    inbound_id: str | None = None,
) -> EscalationRow:
    """Open an escalation and alert staff; one that is open for this number is added to instead.

    `words` are the patient's own; they are carried only where the clinic has turned that on, and else shown when asked.
    """
    row = desk.unresolved_of(session, phone, [p.id for p in patients])
    if row is not None:
        if desk.raise_urgency(session, row, urgency, signs, wait=clinic.escalation_wait, now=now):
            row.reason = reason
            _alert(session, clinic, row, "alert", reachable(session, clinic, now=now), words, reason, now)
        else:
            relay(session, clinic, row, words, reason, now=now, urgency=urgency)
        return row
    row = desk.open_escalation(
        session,
        urgency=urgency,
        reason=reason,
        phone=phone,
        patient_id=patients[0].id if len(patients) == 1 else None,
        wait=clinic.escalation_wait,
        now=now,
        signs=signs,
        inbound_id=inbound_id,
        alerted_at=_alerted_at(clinic, urgency, now),
    )
    key = "task" if urgency is Urgency.ROUTINE else "alert"
    _alert(session, clinic, row, key, alerted(reachable(session, clinic, now=now), urgency, 0), words, reason, now)
    return row


def relay(
    session: Session,
    clinic: Clinic,
    row: EscalationRow,
    words: str,
    reason: str,
    *,
    now: datetime,
    urgency: Urgency = Urgency.ROUTINE,
) -> None:
    """What the patient says next reaches whoever has taken the case, or all who were alerted.

    Another warning reaches everyone: whoever took the case days ago may be off duty.
    """
    staff = reachable(session, clinic, now=now)
    taker = next((p for p in staff if p.name == row.acknowledged_by), None)
    if urgency is not Urgency.ROUTINE:
        values = {**_alert_values(session, clinic, row, words, reason, now), "urgency": urgency.upper()}
        to_staff(session, clinic, staff, "warns again", values, now=now, escalation=row)
        return
    people = (taker,) if taker else alerted(staff, Urgency(row.urgency), row.climbs)
    key = "relay" if clinic.alert_words and words.strip() else "relay without words"
    values = {
        "code": str(row.id),
        "patient": patient_name(session, row),
        "words": _short(words),
        "signs": reason,
        "phone": row.phone or "",
    }
    due_at = now if taker else _alerted_at(clinic, Urgency(row.urgency), now)
    to_staff(session, clinic, people, key, values, now=now, escalation=row, due_at=due_at)


def open_task_for(session: Session, clinic: Clinic, message: Message, words: str, *, now: datetime) -> None:
    """A text failed for good: staff are asked to call, once while that task is open.

    Whichever text it was: a number that takes none gets no instruction of the sheet. An alert that fails is no reason
    to alert; its escalation goes to the next person instead.
    """
    if message.kind == Kind.ALERT:
        climb_now(session, message, now=now)
        return
    asked = desk.unresolved_of(session, message.to_phone, about=COULD_NOT_BE_TEXTED)
    if asked is None:
        reason, at = f"{COULD_NOT_BE_TEXTED} ({message.step}): {words}", _alerted_at(clinic, Urgency.ROUTINE, now)
        _open_task(session, clinic, reason, message.to_phone, message.patient_id, at, now)


def open_task_about(session: Session, clinic: Clinic, patient: Patient, reason: str, *, now: datetime) -> None:
    """Something about this patient is for staff to do now; the caller has seen to it that it is not night for them."""
    _open_task(session, clinic, reason, patient.phone, patient.id, now, now)


def climb(clinic: Clinic, database: Database, *, now: datetime) -> int:
    """Alert everyone again about what nobody has taken, and tell the patient to call; returns how many climbed."""

    def write(session: Session) -> int:
        rows = desk.waiting_too_long(session, now=now)
        for row in rows:
            row.climbs += 1
            urgency = Urgency(row.urgency)
            row.climb_at = climbs_at(now, urgency, row.climbs, wait=clinic.escalation_wait)
            session.add(row)
            key = "task" if urgency is Urgency.ROUTINE else "alert again"
            staff = reachable(session, clinic, now=now)
            _alert(session, clinic, row, key, alerted(staff, urgency, row.climbs), "", row.reason, now)
            if row.phone and tells_patient_to_call(urgency, row.climbs):
                to_patient(session, clinic, row, "nobody yet", {}, now=now)
        return len(rows)

    return database.write(write, safe_to_repeat=True)


def to_patient(
    session: Session, clinic: Clinic, row: EscalationRow, key: str, values: dict[str, str], *, now: datetime
) -> None:
    """A text to the patient about her escalation; it is exempt from quiet hours."""
    assert row.phone is not None  # noqa: S101 - an escalation about a patient has her number
    words = fill(clinic.any_content.patients[key], {**clinic.values(), **values}).text
    notice = NewMessage(
        kind=Kind.NOTICE,
        to_phone=row.phone,
        step=key,
        due_at=now,
        patient_id=row.patient_id,
        escalation_id=row.id,
        body=f"{clinic.name}: {' '.join(words.split())}",
        priority=Priority.NOW,
    )
    enqueue(session, [notice], now=now)


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


def _open_task(
    session: Session,
    clinic: Clinic,
    reason: str,
    phone: str,
    patient_id: str | None,
    alerted_at: datetime,
    now: datetime,
) -> None:
    row = desk.open_escalation(
        session,
        urgency=Urgency.ROUTINE,
        reason=reason,
        phone=phone,
        patient_id=patient_id,
        wait=clinic.escalation_wait,
        now=now,
        alerted_at=alerted_at,
    )
    staff = alerted(reachable(session, clinic, now=now), Urgency.ROUTINE, 0)
    to_staff(
        session, clinic, staff, "task", _alert_values(session, clinic, row, "", reason, now),
        now=now, escalation=row, due_at=alerted_at,
    )  # fmt: skip


def patient_name(session: Session, row: EscalationRow) -> str:
    """How staff read whom it is about; a number without appointment by its last digits."""
    patients = _patients(session, row)
    if patients:
        return " or ".join(as_staff_know(p) for p in patients)
    return f"unknown number ...{row.phone[-4:]}" if row.phone else "unknown number"


def _alert(
    session: Session,
    clinic: Clinic,
    row: EscalationRow,
    key: str,
    people: Sequence[Person],
    words: str,
    reason: str,
    now: datetime,
) -> None:
    values = _alert_values(session, clinic, row, words, reason, now)
    due_at = _alerted_at(clinic, Urgency(row.urgency), now)
    to_staff(session, clinic, people, key, values, now=now, escalation=row, due_at=due_at)


def _alert_values(
    session: Session, clinic: Clinic, row: EscalationRow, words: str, reason: str, now: datetime
) -> dict[str, str]:
    return {
        "urgency": Urgency(row.urgency).upper(),
        "code": str(row.id),
        "patient": patient_name(session, row),
        "day": _day(session, clinic, row, now),
        "signs": reason,
        "words": _words_for(clinic, row, words),
    }


def _words_for(clinic: Clinic, row: EscalationRow, words: str) -> str:
    """The patient's own words where alerts may carry them, else how to ask for them."""
    if clinic.alert_words:
        return f' "{_short(words)}"' if words.strip() else ""
    asked_for = fill(clinic.any_content.staff["ask for words"], {**clinic.values(), "code": str(row.id)}).text
    return f" {' '.join(asked_for.split())}" if row.inbound_id else ""


def _alerted_at(clinic: Clinic, urgency: Urgency, now: datetime) -> datetime:
    """When staff hear of it: a task can wait for the morning, a warning sign cannot."""
    return quiet_ends_at(now, clinic.quiet, clinic.zone) if urgency is Urgency.ROUTINE else now


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


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= MOST_WORDS else words[: MOST_WORDS - 3] + "..."
