"""How an appointment and its texts are shown to the API, the staff page and the commands. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from bot.outbox.model import PENDING, TERMINAL, Drop, Kind
from bot.records.tables import AppointmentRow, Message, Patient
from bot.usecases.clinic import Clinic
from bot.usecases.first_text import first_to_come
from bot.usecases.planning import render_planned


@dataclass(frozen=True)
class MessageView:
    """One text: as it was sent, or as it would read at its due time.

    `reason` and `rule` say why it will not go, or waits; `became_at` is when its state was settled, or else when it
    was handed over; None while it waits.
    """

    id: str
    step: str
    due_at: datetime
    state: str
    text: str | None
    reason: str | None
    rule: str | None = None
    became_at: datetime | None = None
    sent_at: datetime | None = None
    carries: tuple[str, ...] = ()


@dataclass(frozen=True)
class AppointmentView:
    """An appointment with every text ever planned for it, in order of due time and then of the timeline.

    `notes` say what was accepted just now and is worth a second look.
    """

    id: str
    external_id: str
    revision: int
    status: str
    treatment: str
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    flags: Mapping[str, bool]
    patient_name: str
    messages: tuple[MessageView, ...]
    notes: tuple[str, ...] = ()


def view_of(session: Session, clinic: Clinic, row: AppointmentRow, *, now: datetime) -> AppointmentView:
    """The appointment as it stands in this session."""
    session.flush()
    wanted = select(Message).where(Message.appointment_id == row.id, Message.kind == Kind.PLANNED)
    messages = session.exec(wanted.execution_options(populate_existing=True)).all()
    content = clinic.contents.get(row.treatment)
    order = {step.id: at for at, step in enumerate(content.timeline.steps)} if content else {}
    ordered = sorted(messages, key=lambda m: (m.due_at, m.created_at, order.get(m.step, 0), m.id))
    first_id = first_to_come(session, ordered, content.timeline) if content else None
    return AppointmentView(
        id=row.id,
        external_id=row.external_id,
        revision=row.revision,
        status=row.status,
        treatment=row.treatment,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
        flags=dict(row.flags),
        patient_name=session.get_one(Patient, row.patient_id).name,
        messages=tuple(
            _message(session, clinic, message, now, is_first=message.id == first_id) for message in ordered
        ),
    )


def became_at(message: Message) -> datetime | None:
    """When a message came to stand as it stands; None while it waits."""
    return message.settled_at if message.state in TERMINAL else message.sent_at or message.attempted_at


def _message(session: Session, clinic: Clinic, message: Message, now: datetime, *, is_first: bool) -> MessageView:
    return MessageView(
        id=message.id,
        step=message.step,
        due_at=message.due_at,
        state=message.state,
        text=_words(session, clinic, message, now, is_first=is_first),
        reason=message.reason,
        rule=message.rule,
        became_at=became_at(message),
        sent_at=message.sent_at,
        carries=tuple(message.carries),
    )


def _words(session: Session, clinic: Clinic, message: Message, now: datetime, *, is_first: bool) -> str | None:
    if message.state not in PENDING:
        return message.body
    rendered = render_planned(clinic, session, message, max(now, message.due_at), is_first=is_first)
    return None if isinstance(rendered, Drop) else rendered.body
