"""Who has been booked in the demo, with what the page needs of their appointments. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from bot.care.model import Appointment
from bot.errors import NotFound
from bot.records.plans import as_planned
from bot.records.tables import AppointmentRow, EscalationRow, Inbound, Number, Patient
from bot.web.demo.stage import Stage


@dataclass(frozen=True)
class Visit:
    """One patient's treatment; instants in UTC, `zone` the patient's. `appointment` is what answers go by."""

    external_id: str
    name: str
    phone: str
    zone: ZoneInfo
    treatment: str
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    status: str
    flags: Mapping[str, bool]
    appointment: Appointment

    @property
    def first_name(self) -> str:
        """What friends call the patient."""
        return self.name.split()[0]


def visits_in(stage: Stage, session: Session) -> list[Visit]:
    """Everybody booked, in the order of booking."""
    wanted = select(AppointmentRow, Patient).join(Patient, col(Patient.id) == col(AppointmentRow.patient_id))
    rows = session.exec(wanted.order_by(col(AppointmentRow.created_at), col(AppointmentRow.id))).all()
    return [_visit(stage, row, patient) for row, patient in rows]


def find_visit(stage: Stage, external_id: str) -> Visit:
    """The visit of this id; NotFound where nobody was booked under it."""
    with stage.parts.database.session() as session:
        found = next((v for v in visits_in(stage, session) if v.external_id == external_id), None)
    if found is None:
        raise NotFound("patient", external_id)
    return found


def count_visits(stage: Stage) -> int:
    """How many appointments there are."""
    with stage.parts.database.session() as session:
        return session.exec(select(func.count()).select_from(AppointmentRow)).one()


def last_text_of(session: Session, phone: str) -> Inbound | None:
    """The latest text from this number, with how it was read."""
    wanted = select(Inbound).where(col(Inbound.from_phone) == phone, col(Inbound.handled_at).is_not(None))
    return session.exec(wanted.order_by(col(Inbound.received_at).desc()).limit(1)).first()


def case_opened_by(session: Session, inbound: Inbound) -> int | None:
    """The code of the escalation that this text opened; None where it opened none."""
    return session.exec(select(EscalationRow.id).where(col(EscalationRow.inbound_id) == inbound.id).limit(1)).first()


def has_opted_out(session: Session, phone: str) -> bool:
    """Whether nothing may be texted to this number."""
    number = session.get(Number, phone)
    return number is not None and number.opted_out_at is not None


def _visit(stage: Stage, row: AppointmentRow, patient: Patient) -> Visit:
    zone = stage.parts.clinic.zone_of(patient)
    return Visit(
        external_id=row.external_id,
        name=patient.name,
        phone=patient.phone,
        zone=zone,
        treatment=row.treatment,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
        status=row.status,
        flags=dict(row.flags),
        appointment=as_planned(row, zone),
    )
