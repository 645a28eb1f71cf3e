"""What a patient answered to a question of ours, remembered for every treatment of hers that it holds for.

It reads no answer and plans nothing but what follows from the flag.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.care.model import Status
from bot.outbox.decide import ALREADY_TOLD
from bot.records.tables import AppointmentRow, Message
from bot.usecases.appointment import apply_changes, lock_patient_of
from bot.usecases.bookings import Changes
from bot.usecases.clinic import Clinic
from bot.usecases.known_flags import note_answer
from bot.usecases.open_questions import Asked


def take_answer(session: Session, clinic: Clinic, asked: Asked, *, yes: bool, now: datetime) -> None:
    """Set the flag that was asked about, and plan what follows from it."""
    if asked.flag is None:
        return
    row = session.get_one(AppointmentRow, asked.appointment_id)
    patient = lock_patient_of(session, row)
    step = clinic.contents[row.treatment].timeline.step(asked.step)
    lasts = step is not None and step.answer_lasts
    others = [each for each in _coming(session, row, now) if asked.flag not in each.flags]
    holds_for = [each for each in others if lasts or _was_asked_by_the_same_words(session, each, asked)]
    for each in (row, *holds_for):
        apply_changes(session, clinic, each, patient, Changes(flags={asked.flag: yes}), now=now)
    note_answer(session, row.id, asked.step, yes=yes, now=now)


def _coming(session: Session, row: AppointmentRow, now: datetime) -> Sequence[AppointmentRow]:
    """Her other coming treatments of the kind."""
    coming = select(AppointmentRow).where(
        AppointmentRow.patient_id == row.patient_id,
        AppointmentRow.treatment == row.treatment,
        AppointmentRow.status == Status.BOOKED,
        AppointmentRow.id != row.id,
        col(AppointmentRow.starts_at) > now,
    )
    # The number is locked, so nobody else holds one of hers and waits for another.
    locked = coming.order_by(col(AppointmentRow.id)).with_for_update().execution_options(populate_existing=True)
    return session.exec(locked).all()


def _was_asked_by_the_same_words(session: Session, row: AppointmentRow, asked: Asked) -> bool:
    """Whether the question for this treatment did not go because its words had gone for another one already."""
    held_back = select(Message.id).where(
        Message.appointment_id == row.id, Message.step == asked.step, Message.rule == ALREADY_TOLD
    )
    return session.exec(held_back.limit(1)).first() is not None
