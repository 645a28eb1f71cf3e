""" "Why didn't she get it?": every text planned for a patient, what became of it and by which rule. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import phonenumbers
from sqlmodel import Session, col, or_, select

from bot.content.render import clock_time, day_name
from bot.errors import NotFound
from bot.outbox.model import Kind, State
from bot.records.database import Database
from bot.records.patients import name_key
from bot.records.tables import AppointmentRow, Message, Patient
from bot.sms.twilio_codes import classify
from bot.usecases.clinic import Clinic
from bot.usecases.views import became_at

BECAME: Mapping[State, str] = {
    State.SCHEDULED: "is to go",
    State.CLAIMED: "is being sent",
    State.UNKNOWN: "was handed to Twilio, whose answer was not heard; it is being looked up",
    State.ACCEPTED: "was taken by Twilio; the carrier has not reported yet",
    State.SENT: "was sent to the carrier, which has not confirmed that it arrived",
    State.DELIVERED: "arrived",
    State.UNDELIVERED: "did not arrive",
    State.FAILED: "could not be sent",
    State.CANCELLED: "was taken off the plan",
    State.SUPPRESSED: "was held back",
    State.EXPIRED: "was not sent, as it came too late to be useful",
}


@dataclass(frozen=True)
class Entry:
    """One text of the ledger: when it was for (local time), which step, and what became of it in plain words."""

    appointment: str
    patient: str
    planned_for: str
    step: str
    state: str
    became: str
    rule: str | None
    at: str | None


def why(clinic: Clinic, database: Database, who: str) -> list[Entry]:
    """The ledger of an appointment (by its external_id) or of a patient (by name or number), oldest first."""
    with database.session() as session:
        found = _appointments(session, who)
        if not found:
            raise NotFound("appointment or patient", who)
        return [entry for row, patient in found for entry in _entries(session, clinic, row, patient)]


def _appointments(session: Session, who: str) -> list[tuple[AppointmentRow, Patient]]:
    names = or_(col(Patient.name_key) == name_key(who), col(Patient.name_key).startswith(f"{name_key(who)} "))
    wanted = (
        select(AppointmentRow, Patient)
        .join(Patient, col(Patient.id) == col(AppointmentRow.patient_id))
        .where(or_(col(AppointmentRow.external_id) == who, names, col(Patient.phone) == _e164(who)))
        .order_by(col(AppointmentRow.starts_at), col(Patient.name_key), col(AppointmentRow.id))
    )
    return [(row, patient) for row, patient in session.exec(wanted)]


def _entries(session: Session, clinic: Clinic, row: AppointmentRow, patient: Patient) -> list[Entry]:
    wanted = select(Message).where(Message.appointment_id == row.id, Message.kind == Kind.PLANNED)
    messages = session.exec(wanted.order_by(col(Message.planned_for), col(Message.created_at))).all()
    zone = clinic.zone_of(patient)
    return [
        Entry(
            appointment=row.external_id,
            patient=patient.name,
            planned_for=_local(message.planned_for, zone),
            step=message.step,
            state=message.state,
            became=_became(message),
            rule=message.rule,
            at=_local(became_at(message), zone) or None,
        )
        for message in messages
    ]


def _became(message: Message) -> str:
    words = BECAME[State(message.state)]
    if message.carries:
        words += f", with {', '.join(message.carries)} in it"
    if message.state in (State.FAILED, State.UNDELIVERED) and message.error_code:
        return f"{words}: {classify(message.error_code).words} ({message.error_code})"
    return f"{words}: {message.reason}" if message.reason and message.state != State.DELIVERED else words


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{day_name(local)} {clock_time(local)}"


def _e164(who: str) -> str:
    try:
        return phonenumbers.format_number(phonenumbers.parse(who, "US"), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        return ""
