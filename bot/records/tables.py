"""Every table of the database, in the words of the glossary; no behaviour and no queries.

Instants are stored in UTC and come back aware. Numbers are E.164. Nothing is deleted but by retention.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, Column, DateTime, Dialect, Index, TypeDecorator, UniqueConstraint
from sqlmodel import Field, SQLModel


class Instant(TypeDecorator[datetime]):
    """An aware datetime, in UTC on disk. SQLite forgets zones, so a naive value is a bug and is refused here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be stored: {value!r}")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> str:
    """An unguessable id of 32 hexadecimal digits."""
    return uuid4().hex


def instant(**column: Any) -> Any:
    """A required column that holds an instant."""
    return Field(sa_column=Column(Instant(), nullable=False, **column))


def maybe_instant(**column: Any) -> Any:
    """An optional column that holds an instant."""
    return Field(default=None, sa_column=Column(Instant(), nullable=True, **column))


def json_column(default: type) -> Any:
    """A required column that holds a small JSON value."""
    return Field(default_factory=default, sa_column=Column(JSON, nullable=False))


class Number(SQLModel, table=True):
    """One telephone number and whether it may be texted: an opt-out is per number, total and instant."""

    __tablename__ = "number"
    phone: str = Field(primary_key=True)
    opted_out_at: datetime | None = maybe_instant()
    opt_out_words: str | None = None
    opt_out_via: str | None = None
    opted_in_at: datetime | None = maybe_instant()
    last_inbound_at: datetime | None = maybe_instant()
    last_outbound_at: datetime | None = maybe_instant()


class Patient(SQLModel, table=True):
    """A person under treatment. Several patients may share one number; `name` tells them apart."""

    __tablename__ = "patient"
    __table_args__ = (UniqueConstraint("phone", "name_key"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    name: str
    name_key: str
    phone: str = Field(index=True)
    timezone: str | None = None
    created_at: datetime = instant()


class Consent(SQLModel, table=True):
    """The prior agreement to be texted: how and when it was given."""

    __tablename__ = "consent"
    id: str = Field(default_factory=new_id, primary_key=True)
    patient_id: str = Field(foreign_key="patient.id", index=True)
    method: str
    given_at: datetime = instant()
    recorded_at: datetime = instant()


class AppointmentRow(SQLModel, table=True):
    """One procedure. `revision` grows with every change of times, status or flags, and each message carries its own."""

    __tablename__ = "appointment"
    id: str = Field(default_factory=new_id, primary_key=True)
    external_id: str = Field(unique=True)
    patient_id: str = Field(foreign_key="patient.id", index=True)
    treatment: str
    booked_at: datetime = instant()
    starts_at: datetime = instant(index=True)
    ends_at: datetime = instant(index=True)
    ended_at: datetime | None = maybe_instant()
    status: str = "booked"
    confirmed_at: datetime | None = maybe_instant()
    flags: dict[str, bool] = json_column(dict)
    revision: int = 1
    created_at: datetime = instant()
    updated_at: datetime = instant()


class Message(SQLModel, table=True):
    """A row of the outbox: one outbound text, from planned to its last receipt.

    `kind` is planned, reply (answers an inbound, rides in TwiML), notice (to a patient, unplanned) or alert (to staff).
    `body` is empty until the words are rendered at the moment of sending, and then kept as sent; a planned text that
    is to be sent again keeps those of its last attempt, by which it is recognised, until the next renders it anew.
    `carries` are the steps merged into this text; `said` are the instants its words named, for later corrections.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("appointment_id", "revision", "step", "occurrence", name="uq_message_key"),
        Index("ix_message_state_due", "state", "due_at"),
        Index("ix_message_state_priority_due", "state", "priority", "due_at"),
        Index("ix_message_to_attempted", "to_phone", "attempted_at"),
        Index("ix_message_look_up", "look_up_at"),
    )
    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str
    to_phone: str
    patient_id: str | None = Field(default=None, foreign_key="patient.id", index=True)
    appointment_id: str | None = Field(default=None, foreign_key="appointment.id", index=True)
    inbound_id: str | None = Field(default=None, foreign_key="inbound.id", index=True)
    escalation_id: int | None = Field(default=None, foreign_key="escalation.id", index=True)
    step: str
    occurrence: int = 0
    position: int = 0
    revision: int = 0
    carries: list[str] = json_column(list)
    details: dict[str, Any] = json_column(dict)
    said: dict[str, str] = json_column(dict)
    body: str | None = None
    segments: int | None = None
    priority: int = 2
    due_at: datetime = instant()
    planned_for: datetime = instant()
    useful_until: datetime | None = maybe_instant()
    state: str = "scheduled"
    reason: str | None = None
    rule: str | None = None
    claimed_by: str | None = None
    lease_until: datetime | None = maybe_instant()
    attempts: int = 0
    attempted_at: datetime | None = maybe_instant()
    sent_at: datetime | None = maybe_instant()
    settled_at: datetime | None = maybe_instant()
    look_up_at: datetime | None = maybe_instant()
    sid: str | None = Field(default=None, unique=True)
    error_code: int | None = None
    created_at: datetime = instant()
    updated_at: datetime = instant()


class Receipt(SQLModel, table=True):
    """Twilio's later news of an outbound message; every one is kept, repeated ones once."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("sid", "status"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    message_id: str | None = Field(default=None, foreign_key="message.id", index=True)
    sid: str
    status: str
    error_code: int | None = None
    received_at: datetime = instant()


class Inbound(SQLModel, table=True):
    """What a patient or staff member sent, stored before it is understood and unique on Twilio's MessageSid.

    `answer_xml` is the TwiML that was answered: the same webhook again gets the same bytes.
    """

    __tablename__ = "inbound"
    id: str = Field(default_factory=new_id, primary_key=True)
    sid: str = Field(unique=True)
    from_phone: str = Field(index=True)
    to_phone: str
    body: str | None
    media_count: int = 0
    opt_out_type: str | None = None
    patient_id: str | None = Field(default=None, foreign_key="patient.id", index=True)
    via: str = "webhook"
    sent_at: datetime = instant()
    received_at: datetime = instant()
    reading: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    outcome: str | None = None
    handled_at: datetime | None = maybe_instant()
    answer_xml: str | None = None


class ListRead(SQLModel, table=True):
    """How far one of Twilio's lists has been read, with nothing missing; before `began_at` it is none of ours."""

    __tablename__ = "list_read"
    name: str = Field(primary_key=True)
    began_at: datetime = instant()
    read_until: datetime = instant()


class EscalationRow(SQLModel, table=True):
    """A request for a human, with reason and urgency; its id is the code staff text back."""

    __tablename__ = "escalation"
    id: int | None = Field(default=None, primary_key=True)
    patient_id: str | None = Field(default=None, foreign_key="patient.id", index=True)
    phone: str | None = Field(default=None, index=True)
    inbound_id: str | None = Field(default=None, foreign_key="inbound.id")
    urgency: str
    reason: str
    signs: list[str] = json_column(list)
    state: str = Field(default="open", index=True)
    opened_at: datetime = instant()
    climb_at: datetime | None = maybe_instant()
    climbs: int = 0
    acknowledged_at: datetime | None = maybe_instant()
    acknowledged_by: str | None = None
    resolved_at: datetime | None = maybe_instant()
    resolved_by: str | None = None
    note: str | None = None


class Heartbeat(SQLModel, table=True):
    """A worker that is alive, and when it last said so.

    `silent_until` is when the latest silence known to it ended: before it nobody was heard of for a while.
    """

    __tablename__ = "heartbeat"
    worker: str = Field(primary_key=True)
    beaten_at: datetime = instant()
    started_at: datetime = instant()
    silent_until: datetime | None = maybe_instant()


class Alarm(SQLModel, table=True):
    """Something the operator must mend (a wrong token, a rise of refused webhooks); at most one open of a kind.

    One with `holds_until` stops all sending until then; `rounds` counts how often that was in vain. `told_at` is when
    staff were last texted about one of this kind.
    """

    __tablename__ = "alarm"
    kind: str = Field(primary_key=True)
    words: str
    raised_at: datetime = instant()
    cleared_at: datetime | None = maybe_instant()
    holds_until: datetime | None = maybe_instant()
    told_at: datetime | None = maybe_instant()
    rounds: int = 0


class Pace(SQLModel, table=True):
    """When the next text may leave, shared by all workers so that MESSAGES_PER_SECOND holds over them together."""

    __tablename__ = "pace"
    name: str = Field(primary_key=True)
    free_at: datetime = instant()
