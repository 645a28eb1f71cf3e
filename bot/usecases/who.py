"""Who is texting, and which of their treatments matter now. Reads only."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.care.model import Appointment
from bot.records.patients import BEARS_ON_CARE_FOR, nearest_first
from bot.records.plans import as_planned
from bot.records.tables import AppointmentRow, Inbound, Patient

# The two-week texts end on day 20; after that a past treatment no longer stands beside a coming one.
CARE_LASTS = timedelta(days=21)
LOOP_WITHIN, LOOP_AFTER = timedelta(minutes=10), 3


def treatments_of(session: Session, phone: str) -> list[tuple[Patient, list[AppointmentRow]]]:
    """Everyone on this number, oldest acquaintance first and then by name, each with appointments by their start."""
    wanted = select(Patient, AppointmentRow).join(
        AppointmentRow, col(AppointmentRow.patient_id) == col(Patient.id)
    )  # fmt: skip
    found: dict[str, tuple[Patient, list[AppointmentRow]]] = {}
    order = (col(Patient.created_at), col(Patient.name_key), col(AppointmentRow.starts_at), col(AppointmentRow.id))
    for patient, appointment in session.exec(wanted.where(Patient.phone == phone).order_by(*order)):
        found.setdefault(patient.id, (patient, []))[1].append(appointment)
    return list(found.values())


def in_care(
    people: Sequence[tuple[Patient, list[AppointmentRow]]], now: datetime
) -> list[tuple[Patient, list[AppointmentRow]]]:
    """Those with a treatment ahead or in the last two months; everybody where there is no such one."""
    recent = [
        (patient, rows)
        for patient, rows in people
        if any(row.status == "booked" and row.ends_at > now - BEARS_ON_CARE_FOR for row in rows)
    ]
    return recent or list(people[:1])


def that_matter(rows: Sequence[AppointmentRow], now: datetime) -> list[AppointmentRow]:
    """Treatments ahead or still under care, the one under care first; else the last one there was."""
    standing = nearest_first(rows, now)
    under_care = [row for row in standing if row.starts_at <= now < row.starts_at + CARE_LASTS]
    ahead = sorted((row for row in standing if row.starts_at > now), key=lambda row: row.starts_at)
    return [*under_care, *ahead] or standing[:1]


def as_seen(rows: Sequence[AppointmentRow], zone: ZoneInfo) -> list[Appointment]:
    """Appointments as the answers see them."""
    return [as_planned(row, zone) for row in rows]


def day_of(row: AppointmentRow, now: datetime, zone: ZoneInfo) -> str:
    """Where on the timeline this moment is, as staff say it: "5 days before", "treatment day", "day 3 after"."""
    days = (now.astimezone(zone).date() - row.starts_at.astimezone(zone).date()).days
    if days == 0:
        return "treatment day"
    return f"{-days} days before" if days < 0 else f"day {days} after"


def is_a_loop(session: Session, row: Inbound, now: datetime) -> bool:
    """The same words again and again within minutes are a machine's; answering would keep two machines talking."""
    same = select(Inbound.id).where(
        Inbound.from_phone == row.from_phone, Inbound.body == row.body, col(Inbound.received_at) > now - LOOP_WITHIN
    )
    return len(session.exec(same.limit(LOOP_AFTER + 1)).all()) > LOOP_AFTER
