"""Which questions of ours a number may still answer: the one asked last, and older ones. Reads only.

A bare yes or no answers the one asked last and no other; asking again in a reply makes an older one the last.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.care.model import Step
from bot.content.planned import since_when
from bot.outbox.model import LEFT_US, PENDING, Kind
from bot.records.plans import as_planned
from bot.records.tables import AppointmentRow, Message, Patient
from bot.usecases.clinic import Clinic

CHECK_IN_IS_OPEN_FOR = timedelta(days=2)
LOOKED_BACK_AT = 80
# Beside a reply that asks again, in the outbox: the step it asks and the appointment it asks about.
ASKS, ABOUT = "asks", "appointment"


@dataclass(frozen=True)
class Asked:
    """A question of ours that may still be answered: its step, the flag it sets (None: none) and its appointment."""

    step: str
    flag: str | None
    appointment_id: str
    patient_id: str


@dataclass(frozen=True)
class OpenQuestions:
    """`last` is the one asked last, None where that is answered; `older` those asked before it, in the order asked.

    `more_to_come` says that others are still to be asked by themselves.
    """

    last: Asked | None = None
    older: tuple[Asked, ...] = ()
    more_to_come: bool = False


def open_questions(session: Session, clinic: Clinic, phone: str, *, now: datetime) -> OpenQuestions:
    """Our questions to this number that have not been answered, as far as answering them still changes something."""
    asked = [(entry, still) for _at, still, entry in sorted(_asked(session, clinic, phone, now), key=_last_first)]
    is_open = {entry: still for entry, still in reversed(asked)}
    last = asked[0][0] if asked and asked[0][1] else None
    older = tuple(entry for entry, still in is_open.items() if still and entry != last)
    return OpenQuestions(last, older, _more_to_come(session, clinic, phone))


def _last_first(asked: tuple[datetime, bool, Asked]) -> tuple[float, bool, str]:
    """The latest first; of two asked at one moment the one that is open, for that is what is being answered."""
    at, still, entry = asked
    return -at.timestamp(), not still, entry.appointment_id


def _asked(session: Session, clinic: Clinic, phone: str, now: datetime) -> Iterator[tuple[datetime, bool, Asked]]:
    """Every question asked lately: when, whether it is open, and which."""
    wanted = select(Message).where(
        Message.to_phone == phone,
        col(Message.kind).in_((Kind.PLANNED, Kind.REPLY)),
        col(Message.state).in_(LEFT_US),
    )
    for message in session.exec(wanted.order_by(col(Message.attempted_at).desc()).limit(LOOKED_BACK_AT)):
        is_reply = message.kind == Kind.REPLY
        step_id = message.details.get(ASKS) if is_reply else message.step
        appointment_id = message.details.get(ABOUT) if is_reply else message.appointment_id
        row = session.get(AppointmentRow, appointment_id) if appointment_id else None
        step = _step(clinic, row, step_id) if row is not None and step_id else None
        if row is None or step is None or message.patient_id not in (None, row.patient_id):
            continue  # also where another patient was asked while the appointment was hers
        if is_reply or _asks_something(clinic, session, message, step, row):
            at = message.attempted_at or message.due_at
            yield at, _is_open(message, step, row, now), Asked(step.id, step.asks, row.id, row.patient_id)


def _step(clinic: Clinic, row: AppointmentRow, step_id: str) -> Step | None:
    content = clinic.contents.get(row.treatment)
    return content.timeline.step(step_id) if content else None


def _asks_something(clinic: Clinic, session: Session, message: Message, step: Step, row: AppointmentRow) -> bool:
    """Limits that are still to come are told without a question."""
    if not step.catch_up:
        return step.asks is not None or step.id in ("confirm", "check-in")
    carried = [s for s in clinic.contents[row.treatment].timeline.steps if s.id in message.carries]
    zone = clinic.zone_of(session.get(Patient, row.patient_id))
    return since_when(carried, as_planned(row, zone), message.attempted_at or message.due_at) is not None


def _is_open(message: Message, step: Step, row: AppointmentRow, now: datetime) -> bool:
    if step.asks is not None:
        return step.asks not in row.flags and now < row.starts_at
    if step.id == "confirm":
        return row.confirmed_at is None and now < row.starts_at
    return now < (message.attempted_at or message.due_at) + CHECK_IN_IS_OPEN_FOR


def _more_to_come(session: Session, clinic: Clinic, phone: str) -> bool:
    questions = {step.id for content in clinic.contents.values() for step in content.timeline.steps if step.asks}
    waiting = select(Message.id).where(
        Message.to_phone == phone,
        Message.kind == Kind.PLANNED,
        col(Message.state).in_(PENDING),
        col(Message.step).in_(questions),
    )
    return session.exec(waiting.limit(1)).first() is not None
