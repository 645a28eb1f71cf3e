"""What becomes of a message that failed for good: staff are asked to call, or the next of them is alerted.

It never sends anything itself.
"""

from datetime import datetime
from typing import Protocol

from sqlmodel import Session, col, select, update

from bot.outbox.model import Kind
from bot.records.tables import EscalationRow, Message

COULD_NOT_BE_TEXTED = "could not be texted"


class TellStaff(Protocol):
    """Asks staff to call a patient whose text failed for good, in the transaction that records the failure."""

    def __call__(self, session: Session, message: Message, words: str, *, now: datetime) -> None:
        """`words` say why it failed."""
        ...


def open_task(session: Session, message: Message, words: str, *, now: datetime) -> None:
    """Open a routine escalation for a patient's text, whichever it was; at most one of its kind is open for a number.

    A failed alert instead makes its escalation climb to the next person at once.
    """
    if message.kind == Kind.ALERT:
        climb_now(session, message, now=now)
    elif not _asked_already(session, message):
        reason = f"{COULD_NOT_BE_TEXTED} ({message.step}): {words}"
        session.add(
            EscalationRow(
                patient_id=message.patient_id,
                phone=message.to_phone,
                urgency="routine",
                reason=reason,
                opened_at=now,
            )
        )
        session.flush()


def climb_now(session: Session, alert: Message, *, now: datetime) -> None:
    """Let the escalation of an alert that failed go to the next person at once, where nobody has taken it."""
    ours = col(EscalationRow.id) == alert.escalation_id
    waiting = update(EscalationRow).where(ours, col(EscalationRow.state) == "open")
    session.exec(waiting.values(climb_at=now))


def _asked_already(session: Session, message: Message) -> bool:
    asked = select(EscalationRow.id).where(
        col(EscalationRow.phone) == message.to_phone,
        col(EscalationRow.state) != "resolved",
        col(EscalationRow.reason).startswith(COULD_NOT_BE_TEXTED),
    )
    return session.exec(asked.limit(1)).first() is not None
