"""Who is texting, which of their treatments matter now, and which question of ours is still open. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.care.model import Appointment
from bot.outbox.model import LEFT_US, Kind
from bot.records.patients import BEARS_ON_CARE_FOR, nearest_first
from bot.records.plans import as_planned
from bot.records.tables import AppointmentRow, Inbound, Message, Patient
from bot.usecases.clinic import Clinic

# The two-week texts end on day 20; after that a past treatment no longer stands beside a coming one.
CARE_LASTS = timedelta(days=21)
CHECK_IN_IS_OPEN_FOR = timedelta(days=2)
LOOP_WITHIN, LOOP_AFTER = timedelta(minutes=10), 3


@dataclass(frozen=True)
class Asked:
    """A question of ours that may still be answered: its step, the flag it sets (None: none) and its appointment."""

    step: str
    flag: str | None
    appointment_id: str
    patient_id: str


def treatments_of(session: Session, phone: str) -> list[tuple[Patient, list[AppointmentRow]]]:
    """Everyone on this number with their appointments, oldest acquaintance first."""
    wanted = select(Patient, AppointmentRow).join(
        AppointmentRow, col(AppointmentRow.patient_id) == col(Patient.id)
    )  # fmt: skip
    found: dict[str, tuple[Patient, list[AppointmentRow]]] = {}
    for patient, appointment in session.exec(wanted.where(Patient.phone == phone).order_by(col(Patient.created_at))):
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


def open_question(session: Session, clinic: Clinic, phone: str, *, now: datetime) -> Asked | None:
    """Our latest question to this number, if it has not been answered and answering it still changes something."""
    wanted = (
        select(Message, AppointmentRow)
        .join(AppointmentRow, col(AppointmentRow.id) == col(Message.appointment_id))
        .where(Message.to_phone == phone, Message.kind == Kind.PLANNED, col(Message.state).in_(LEFT_US))
        .where(Message.patient_id == AppointmentRow.patient_id)
        .order_by(col(Message.attempted_at).desc())
    )
    for message, appointment in session.exec(wanted.limit(40)):
        content = clinic.contents.get(appointment.treatment)
        step = content.timeline.step(message.step) if content else None
        if step is None:
            continue
        flag = step.asks
        if flag is not None and flag not in appointment.flags and now < appointment.starts_at:
            return Asked(step.id, flag, appointment.id, appointment.patient_id)
        if _is_open(message, appointment, now):
            return Asked(step.id, None, appointment.id, appointment.patient_id)
    return None


def is_a_loop(session: Session, row: Inbound, now: datetime) -> bool:
    """The same words again and again within minutes are a machine's; answering would keep two machines talking."""
    same = select(Inbound.id).where(
        Inbound.from_phone == row.from_phone, Inbound.body == row.body, col(Inbound.received_at) > now - LOOP_WITHIN
    )
    return len(session.exec(same.limit(LOOP_AFTER + 1)).all()) > LOOP_AFTER


def _is_open(message: Message, appointment: AppointmentRow, now: datetime) -> bool:
    match message.step:
        case "confirm":
            return appointment.confirmed_at is None and now < appointment.starts_at
        case "check-in":
            return now < (message.attempted_at or message.due_at) + CHECK_IN_IS_OPEN_FOR
    return False
