"""Who is behind a number, and which treatments they have. Reads, and creates a patient; decides nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.records.tables import AppointmentRow, Patient

# How long a treatment still bears on what a patient is told and asks: the two-week texts, and some time to spare.
BEARS_ON_CARE_FOR = timedelta(days=60)


def find_or_add_patient(session: Session, *, name: str, phone: str, timezone: str | None, now: datetime) -> Patient:
    """The patient of this name on this number, her name as it is written now; a time zone is taken for a new one."""
    key = name_key(name)
    patient = session.exec(select(Patient).where(Patient.phone == phone, Patient.name_key == key)).first()
    if patient is None:
        patient = Patient(name=name, name_key=key, phone=phone, timezone=timezone, created_at=now)
        session.add(patient)
        session.flush()
    patient.name = name
    return patient


def name_key(name: str) -> str:
    """How names are compared: no matter the case or the blanks."""
    return " ".join(name.casefold().split())


def nearest_first(rows: Sequence[AppointmentRow], now: datetime) -> list[AppointmentRow]:
    """Appointments that stand, by how near they are to now."""
    standing = [row for row in rows if row.status == "booked"]
    return sorted(standing, key=lambda row: abs(row.starts_at - now))


def others_on_the_number(session: Session, patient: Patient, *, now: datetime) -> list[Patient]:
    """Who else is, or was lately, treated under the same number."""
    other = (
        select(Patient)
        .join(AppointmentRow, col(AppointmentRow.patient_id) == col(Patient.id))
        .where(Patient.phone == patient.phone, Patient.id != patient.id)
        .where(AppointmentRow.status == "booked", col(AppointmentRow.ends_at) > now - BEARS_ON_CARE_FOR)
    )
    return list(session.exec(other.distinct()).all())
