"""Staff hear, before a treatment, what our texts could not ask or tell in time, so that they do it in person.

One task a treatment: a while before it, and never in the night where an evening before would do.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from bot.care.timing import is_quiet, quiet_began_at, quiet_ends_at
from bot.care.untold import Untold, untold
from bot.outbox.decide import ALREADY_TOLD
from bot.outbox.model import LEFT_US, PENDING, Kind, State
from bot.records.database import Database
from bot.records.tables import AppointmentRow, EscalationRow, Message
from bot.usecases.appointment import lock_patient_of
from bot.usecases.clinic import Clinic
from bot.usecases.escalations import open_task_about

TOLD_BEFORE = timedelta(hours=2)
LEAST_BEFORE = timedelta(minutes=30)
LOOK_AHEAD = timedelta(hours=24)
NOT_SAID = "our texts could not"
# A text that failed has a task of its own; one whose words went for another treatment of hers has been said.
SETTLED_OTHERWISE = frozenset({State.FAILED, State.UNDELIVERED})
SAID_ALREADY = frozenset({ALREADY_TOLD})


def tell_of_untold(clinic: Clinic, database: Database, *, now: datetime) -> int:
    """Open the tasks that are due, each in a transaction of its own; returns how many."""
    coming = select(AppointmentRow).where(
        AppointmentRow.status == "booked",
        col(AppointmentRow.starts_at) <= now + LOOK_AHEAD,
        col(AppointmentRow.ends_at) > now,
    )
    with database.session() as session:
        rows = session.exec(coming.order_by(col(AppointmentRow.starts_at))).all()
        due = [row.id for row in rows if now >= tells_at(clinic, row.starts_at) and not _was_told(session, row)]
    return sum(
        database.write(lambda s, each=each: _tell(s, clinic, each, now), safe_to_repeat=True)  # type: ignore[misc]
        for each in due
    )


def tells_at(clinic: Clinic, starts_at: datetime) -> datetime:
    """When staff hear of it: two hours before, in the morning where that is night, else the evening before."""
    at = starts_at - TOLD_BEFORE
    if not is_quiet(at, clinic.quiet, clinic.zone):
        return at
    morning = quiet_ends_at(at, clinic.quiet, clinic.zone)
    if morning <= starts_at - LEAST_BEFORE:
        return morning
    return quiet_began_at(at, clinic.quiet, clinic.zone) - timedelta(minutes=1)


def _tell(session: Session, clinic: Clinic, appointment_id: str, now: datetime) -> bool:
    row = session.get_one(AppointmentRow, appointment_id)
    patient = lock_patient_of(session, row)
    missing = _missing(session, clinic, row)
    if missing == Untold() or row.status != "booked" or now < tells_at(clinic, row.starts_at):
        return False
    open_task_about(session, clinic, patient, _words(missing), now=now)
    return True


def _was_told(session: Session, row: AppointmentRow) -> bool:
    # The task is nobody's by name any more once another on the number has texted; what staff heard then was of her.
    alerts_of_her = select(Message.escalation_id).where(Message.patient_id == row.patient_id)
    task = select(EscalationRow.id).where(
        or_(col(EscalationRow.patient_id) == row.patient_id, col(EscalationRow.id).in_(alerts_of_her)),
        col(EscalationRow.reason).startswith(NOT_SAID),
        col(EscalationRow.opened_at) > row.starts_at - LOOK_AHEAD,
    )
    return session.exec(task.limit(1)).first() is not None


def _missing(session: Session, clinic: Clinic, row: AppointmentRow) -> Untold:
    hers = select(Message).where(
        Message.appointment_id == row.id, Message.patient_id == row.patient_id, Message.kind == Kind.PLANNED
    )
    timeline = clinic.contents[row.treatment].timeline
    told: set[str] = set()
    for message in session.exec(hers):
        step = timeline.step(message.step)
        # A question that went for another treatment of hers was asked, but is not answered for this one.
        unanswered = step is not None and step.asks is not None and message.rule in SAID_ALREADY
        if _reaches_her(message, row) and not unanswered:
            told.update((message.step, *message.carries))
    return untold(timeline, flags=row.flags, told=told)


def _reaches_her(message: Message, row: AppointmentRow) -> bool:
    if message.state in PENDING:
        return message.due_at < row.starts_at or message.planned_for >= row.starts_at
    return message.state in LEFT_US | SETTLED_OTHERWISE or message.rule in SAID_ALREADY


def _words(missing: Untold) -> str:
    parts = []
    if missing.before:
        parts.append(f"ask or say before the treatment: {'; '.join(missing.before)}. Please do so when she comes")
    if missing.after:
        parts.append(f"reach her in time after it. Before she leaves tell her: {'; '.join(missing.after)}")
    return f"{NOT_SAID} {'. They will not '.join(parts)}"
