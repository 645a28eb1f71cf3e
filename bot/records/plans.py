"""Rows of an appointment in the planner's words: the appointment itself, its pending texts and those that have left us.

Reads only; it plans nothing.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.care.model import Appointment, PastText, PlannedText, Status
from bot.outbox.model import LEFT_US, PENDING, Kind, State
from bot.records.tables import AppointmentRow, Message

# A text that failed has been tried on this number; planning again must not try it anew.
GONE = LEFT_US | {State.UNDELIVERED, State.FAILED}
# Rows a decision of its own ended: planning the same moment again would only be decided the same way.
DECIDED = frozenset({State.EXPIRED, State.SUPPRESSED})


def as_planned(row: AppointmentRow, zone: ZoneInfo) -> Appointment:
    """The appointment as the planner and the answers see it, in the patient's zone."""
    return Appointment(
        booked_at=row.booked_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=zone,
        ended_at=row.ended_at,
        flags=dict(row.flags),
        status=Status(row.status),
    )


def planned_messages(session: Session, appointment_id: str) -> list[Message]:
    """Every message ever planned for the appointment, in order of due time; rows are locked for the transaction.

    A notice that it is off counts: who gets the appointment back must not go on believing it.
    """
    kinds = col(Message.kind).in_((Kind.PLANNED, Kind.NOTICE))
    wanted = select(Message).where(Message.appointment_id == appointment_id, kinds)
    ordered = wanted.order_by(col(Message.id)).with_for_update().execution_options(populate_existing=True)
    return sorted(session.exec(ordered), key=lambda m: (m.due_at, m.id))


def pending_of(rows: Iterable[Message]) -> dict[str, PlannedText]:
    """The planned texts that have not left us, by message id."""
    return {row.id: as_text(row) for row in rows if row.state in PENDING}


def past_of(rows: Iterable[Message], phone: str) -> list[PastText]:
    """The texts that have left us for this number, or may have."""
    return [_past(row) for row in rows if row.state in GONE and row.to_phone == phone]


def decided_of(rows: Iterable[Message], phone: str) -> set[tuple[str, int, datetime]]:
    """Moments that are settled for this number although nothing went out: (step, occurrence, planned_for)."""
    ended = [row for row in rows if row.state in DECIDED and row.to_phone == phone]
    return {(row.step, row.occurrence, row.planned_for) for row in ended}


def as_text(row: Message) -> PlannedText:
    """A pending row in the planner's words."""
    return PlannedText(
        step=row.step,
        occurrence=row.occurrence,
        planned_for=row.planned_for,
        due_at=row.due_at,
        useful_until=row.useful_until or row.due_at,
        carries=tuple(row.carries),
    )


def _past(row: Message) -> PastText:
    said = {name: datetime.fromisoformat(at) for name, at in row.said.items()}
    return PastText(
        step=row.step,
        occurrence=row.occurrence,
        planned_for=row.planned_for,
        sent_at=row.sent_at or row.attempted_at or row.due_at,
        carries=tuple(row.carries),
        said_start=said.get("start"),
        said_end=said.get("end"),
    )
