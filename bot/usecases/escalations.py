"""Telling staff: the alert when an escalation opens, the relay of what follows, and the climb when nobody comes.

Each function works inside the caller's transaction, but `climb`, which is the housekeeping's own.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.conversation.model import Urgency
from bot.escalation import desk
from bot.escalation.policy import alerted, climbs_at, tells_patient_to_call
from bot.outbox.lost import COULD_NOT_BE_TEXTED, NOT_ARRIVED, climb_now
from bot.outbox.model import Kind
from bot.records.database import Database
from bot.records.tables import EscalationRow, Message, Number, Patient
from bot.usecases.alerts import (
    STAFF_REPLY,
    alert,
    alert_due_at,
    alert_values,
    patient_name,
    short,
    to_patient,
    to_staff,
)
from bot.usecases.clinic import Clinic
from bot.usecases.staff_opt_outs import reachable


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
        desk.note_whom(session, row, phone, [p.id for p in patients])
        wait = clinic.escalation_wait
        if desk.raise_urgency(session, row, urgency, signs, reason=reason, wait=wait, now=now):
            alert(session, clinic, row, "alert", reachable(session, clinic, now=now), words, reason, now)
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
        alerted_at=alert_due_at(clinic, urgency, now),
    )
    key = "task" if urgency is Urgency.ROUTINE else "alert"
    alert(session, clinic, row, key, alerted(reachable(session, clinic, now=now), urgency, 0), words, reason, now)
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
        values = {**alert_values(session, clinic, row, words, reason, now), "urgency": urgency.upper()}
        to_staff(session, clinic, staff, "warns again", values, now=now, escalation=row)
        return
    people = (taker,) if taker else alerted(staff, Urgency(row.urgency), row.climbs)
    key = "relay" if clinic.alert_words and words.strip() else "relay without words"
    values = {
        "code": str(row.id),
        "patient": patient_name(session, row),
        "words": short(words),
        "signs": reason,
        "phone": row.phone or "",
    }
    due_at = now if taker else alert_due_at(clinic, Urgency(row.urgency), now)
    to_staff(session, clinic, people, key, values, now=now, escalation=row, due_at=due_at)


def open_task_for(session: Session, clinic: Clinic, message: Message, words: str, *, now: datetime) -> None:
    """A text failed for good: staff are asked to call, once while that task is open.

    Whichever text it was: a number that takes none gets no instruction of the sheet. An alert that fails is no reason
    to alert; its escalation goes to the next person instead. What staff wrote is told to them at once, also at night.
    """
    if message.kind == Kind.ALERT:
        climb_now(session, message, now=now)
        return
    case = desk.find(session, message.escalation_id) if message.step == STAFF_REPLY and message.escalation_id else None
    if case is not None:
        _tell_of_lost_words(session, clinic, case, message, words, now=now)
        return
    asked = desk.unresolved_of(session, message.to_phone, about=COULD_NOT_BE_TEXTED)
    if asked is None:
        reason, at = f"{COULD_NOT_BE_TEXTED} ({message.step}): {words}", alert_due_at(clinic, Urgency.ROUTINE, now)
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
            people = alerted(reachable(session, clinic, now=now), urgency, row.climbs)
            alert(session, clinic, row, _asks_again(session, row), people, "", row.reason, now)
            if row.phone and tells_patient_to_call(urgency, row.climbs):
                to_patient(session, clinic, row, "nobody yet", {}, now=now)
        return len(rows)

    return database.write(write, safe_to_repeat=True)


def _asks_again(session: Session, row: EscalationRow) -> str:
    """The text for a case that nobody has taken; who has texted STOP cannot be told to call, and must be called."""
    if row.urgency == Urgency.ROUTINE:
        return "task"
    # Read without a lock: texts that come in lock the number first and the case after it.
    number = session.get(Number, row.phone) if row.phone else None
    return "alert again after stop" if number is not None and number.opted_out_at is not None else "alert again"


def _tell_of_lost_words(
    session: Session, clinic: Clinic, case: EscalationRow, reply: Message, why: str, *, now: datetime
) -> None:
    """Whoever has the case hears that words to the patient did not arrive, and who wrote them; else everyone."""
    staff = reachable(session, clinic, now=now)
    people = [p for p in staff if p.name in (case.acknowledged_by, reply.details.get("staff"))]
    if all(p.name != case.acknowledged_by for p in people):
        people = list(staff)
    values = {"patient": patient_name(session, case), "why": why.rstrip("."), "phone": reply.to_phone}
    to_staff(session, clinic, people, NOT_ARRIVED, values, now=now, escalation=case)


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
        session, clinic, staff, "task", alert_values(session, clinic, row, "", reason, now),
        now=now, escalation=row, due_at=alerted_at,
    )  # fmt: skip
