"""Reads what bears on sending a batch of messages, under the locks that keep it true until the attempt is on record.

It decides nothing and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, or_, select

from bot.care.model import QuietHours, Status
from bot.outbox.model import LEFT_US, AppointmentFacts, Facts, Kind, State, StepRules
from bot.records.numbers import ensure_numbers, lock_numbers
from bot.records.tables import AppointmentRow, EscalationRow, Message, Number, Patient

SAME_WORDS_WITHIN = timedelta(hours=24)


@dataclass
class Background:
    """What surrounds a batch of messages: everything by id, numbers by phone; `zone` is the clinic's."""

    zone: ZoneInfo
    messages: dict[str, Message]
    numbers: dict[str, Number]
    appointments: dict[str, AppointmentRow]
    patients: dict[str, Patient]
    urgent: frozenset[str]
    acknowledged: frozenset[str]
    told: dict[tuple[str, str], list[Message]]

    def remember_told(self, message: Message) -> None:
        """Count a message's words as told, for the rest of the batch."""
        self.told.setdefault((message.to_phone, message.body or ""), []).append(message)

    def told_at(self, message: Message, body: str, *, recurs: bool, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When the same words went to this number within a day, other than as another occurrence of the same step.

        Of a step that `recurs` two occurrences planned for two days of her `zone` may come on one, after an outage:
        then one is enough. A correction is said again however often what it says becomes true again.
        """
        day = now.astimezone(zone).date()
        times = [
            other.attempted_at
            for other in self.told.get((message.to_phone, body), ())
            if other.attempted_at and other.id != message.id
            if not _another_occurrence(other, message)
            or (recurs and other.attempted_at.astimezone(zone).date() == day and not _of_one_day(other, message, zone))
        ]
        return max(times, default=None)


def lock_background(
    session: Session, message_ids: Sequence[str], *, worker: str, house_zone: ZoneInfo, now: datetime
) -> Background:
    """What surrounds those of these messages that `worker` still holds; locks numbers, appointments, then messages."""
    phones, appointment_ids, patient_ids = _touched(session, message_ids)
    ensure_numbers(session, phones)
    numbers = lock_numbers(session, phones)
    appointments = _lock_appointments(session, appointment_ids)
    messages = _lock_messages(session, message_ids, worker)
    told = _told(session, phones, now)
    return _background(session, house_zone, messages, numbers, appointments, patient_ids, told)


def read_background(session: Session, message_ids: Sequence[str], *, house_zone: ZoneInfo) -> Background:
    """What surrounds these messages, whoever holds them, as it stands now; nothing is locked, and `told` is empty."""
    phones, appointment_ids, patient_ids = _touched(session, message_ids)
    messages = session.exec(select(Message).where(col(Message.id).in_(message_ids))).all()
    numbers = session.exec(select(Number).where(col(Number.phone).in_(phones))).all()
    appointments = session.exec(select(AppointmentRow).where(col(AppointmentRow.id).in_(appointment_ids))).all()
    return _background(
        session,
        house_zone,
        {message.id: message for message in messages},
        {number.phone: number for number in numbers},
        {appointment.id: appointment for appointment in appointments},
        patient_ids,
        {},
    )


def facts_of(message: Message, background: Background, *, quiet: QuietHours, rules: StepRules) -> Facts:
    """The facts about one message, for `decide`."""
    patient = background.patients.get(message.patient_id or "")
    number = background.numbers.get(message.to_phone)
    return Facts(
        state=State(message.state),
        kind=Kind(message.kind),
        step=message.step,
        revision=message.revision,
        zone=ZoneInfo(patient.timezone) if patient and patient.timezone else background.zone,
        quiet=quiet,
        rules=rules,
        useful_until=message.useful_until,
        appointment=_appointment(background.appointments.get(message.appointment_id or "")),
        opted_out_at=number.opted_out_at if number else None,
        urgent_open=message.to_phone in background.urgent,
        acknowledged=message.to_phone in background.acknowledged,
    )


def _touched(session: Session, message_ids: Sequence[str]) -> tuple[set[str], set[str], set[str]]:
    """(numbers, ids of appointments, ids of patients) that these messages belong to."""
    whose = select(Message.to_phone, Message.appointment_id, Message.patient_id)
    touched = session.exec(whose.where(col(Message.id).in_(message_ids))).all()
    return {phone for phone, _, _ in touched}, {a for _, a, _ in touched if a}, {p for _, _, p in touched if p}


def _background(
    session: Session,
    zone: ZoneInfo,
    messages: dict[str, Message],
    numbers: dict[str, Number],
    appointments: dict[str, AppointmentRow],
    patient_ids: set[str],
    told: dict[tuple[str, str], list[Message]],
) -> Background:
    patients = session.exec(select(Patient).where(col(Patient.id).in_(patient_ids))).all() if patient_ids else ()
    urgent, acknowledged = _escalations(session, set(numbers))
    by_id = {patient.id: patient for patient in patients}
    return Background(zone, messages, numbers, appointments, by_id, urgent, acknowledged, told)


def _lock_appointments(session: Session, ids: set[str]) -> dict[str, AppointmentRow]:
    if not ids:
        return {}
    wanted = select(AppointmentRow).where(col(AppointmentRow.id).in_(ids)).order_by(col(AppointmentRow.id))
    # Not shared: planning again raises the revision, and two who share a lock would each wait for the other's.
    locked = session.exec(wanted.with_for_update(key_share=True).execution_options(populate_existing=True))
    return {appointment.id: appointment for appointment in locked}


def _lock_messages(session: Session, ids: Sequence[str], worker: str) -> dict[str, Message]:
    held = select(Message).where(
        col(Message.id).in_(ids), col(Message.state) == State.CLAIMED, col(Message.claimed_by) == worker
    )
    locked = held.order_by(col(Message.id)).with_for_update().execution_options(populate_existing=True)
    return {message.id: message for message in session.exec(locked)}


def _escalations(session: Session, phones: set[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The phones with an urgent escalation open, and those that a member of staff has taken on."""
    open_ones = select(EscalationRow).where(
        col(EscalationRow.state) != "resolved",
        or_(
            col(EscalationRow.phone).in_(phones),
            col(EscalationRow.patient_id).in_(select(Patient.id).where(col(Patient.phone).in_(phones))),
        ),
    )
    rows = session.exec(open_ones).all()
    patient_ids = {row.patient_id for row in rows if row.patient_id and not row.phone}
    phone_of = _phones_of(session, patient_ids) if patient_ids else {}
    urgent: set[str] = set()
    taken: set[str] = set()
    for row in rows:
        phone = row.phone or phone_of.get(row.patient_id or "", "")
        urgent.update({phone} if row.urgency != "routine" else ())
        taken.update({phone} if row.state == "acknowledged" else ())
    return frozenset(urgent), frozenset(taken)


def _phones_of(session: Session, patient_ids: set[str]) -> dict[str, str]:
    found = session.exec(select(Patient.id, Patient.phone).where(col(Patient.id).in_(patient_ids)))
    return {patient_id: phone for patient_id, phone in found}


def _appointment(row: AppointmentRow | None) -> AppointmentFacts | None:
    return AppointmentFacts(Status(row.status), row.revision, row.ends_at, row.ended_at) if row else None


def _told(session: Session, phones: set[str], now: datetime) -> dict[tuple[str, str], list[Message]]:
    recent = select(Message).where(
        col(Message.to_phone).in_(phones),
        col(Message.attempted_at) > now - SAME_WORDS_WITHIN,
        col(Message.state).in_(LEFT_US),
        col(Message.kind) != Kind.ALERT,
    )
    told: dict[tuple[str, str], list[Message]] = {}
    for message in session.exec(recent):
        told.setdefault((message.to_phone, message.body or ""), []).append(message)
    return told


def _of_one_day(one: Message, other: Message, zone: ZoneInfo) -> bool:
    return one.planned_for.astimezone(zone).date() == other.planned_for.astimezone(zone).date()


def _another_occurrence(other: Message, message: Message) -> bool:
    same_step = (other.appointment_id, other.step) == (message.appointment_id, message.step)
    return same_step and other.occurrence != message.occurrence
