"""Which flags hold when a booking comes again: what the patient said herself stays, the rest is as it was posted."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.outbox.model import LEFT_US, Kind
from bot.records.tables import AppointmentRow, Message
from bot.usecases.clinic import Clinic

ANSWERED = "answered"


def note_answer(session: Session, appointment_id: str, step: str, *, yes: bool, now: datetime) -> None:
    """Remember on the question itself what was answered to it, so that it is known to be the patient's own word."""
    asked = _questions(appointment_id).where(Message.step == step).order_by(col(Message.attempted_at).desc())
    message = session.exec(asked.limit(1)).first()
    if message is not None:
        message.details, message.updated_at = {**message.details, ANSWERED: yes}, now
        session.add(message)


def after_posting(
    session: Session, clinic: Clinic, row: AppointmentRow, posted: Sequence[str] | None
) -> tuple[Mapping[str, bool], tuple[str, ...]]:
    """The flags of a known appointment booked again with those `posted` (None: not said), and what is to be noted."""
    if posted is None:
        return dict(row.flags), ()
    own = _own(session, clinic, row)
    dropped = [flag for flag, holds in row.flags.items() if holds and flag not in posted]
    stays = [flag for flag in dropped if own.get(flag) is True]
    flags = {flag: holds for flag, holds in row.flags.items() if flag not in dropped or flag in stays}
    notes = [_stays(flag) if flag in stays else f"{flag} was booked before and is no longer known." for flag in dropped]
    notes += [
        f"The patient answered no to {flag}; the booking's yes counts." for flag in posted if own.get(flag) is False
    ]
    return {**flags, **dict.fromkeys(posted, True)}, tuple(notes)


def _stays(flag: str) -> str:
    change = json.dumps({"flags": {flag: False}})
    return f"{flag} stays, because the patient said so herself. To change it, PATCH {change}."


def _own(session: Session, clinic: Clinic, row: AppointmentRow) -> dict[str, bool]:
    """What the patient answered herself, by flag, as far as nobody has set it otherwise since.

    What lasts she may have answered when she was asked for another treatment of the kind.
    """
    timeline = clinic.contents[row.treatment].timeline
    answers: dict[str, bool] = {}
    of_the_kind = select(AppointmentRow.id).where(
        AppointmentRow.patient_id == row.patient_id, AppointmentRow.treatment == row.treatment
    )
    hers = _questions(*session.exec(of_the_kind)).where(Message.patient_id == row.patient_id)
    for message in session.exec(hers.order_by(col(Message.attempted_at))):
        step = timeline.step(message.step)
        holds = step is not None and (step.answer_lasts or message.appointment_id == row.id)
        if step is not None and step.asks and holds and ANSWERED in message.details:
            answers[step.asks] = message.details[ANSWERED]
    return {flag: yes for flag, yes in answers.items() if row.flags.get(flag) is yes}


def _questions(*appointment_ids: str) -> SelectOfScalar[Message]:
    return select(Message).where(
        col(Message.appointment_id).in_(appointment_ids),
        Message.kind == Kind.PLANNED,
        col(Message.state).in_(LEFT_US),
    )
