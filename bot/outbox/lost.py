"""What becomes of a message that failed for good: staff are asked to call, or the next of them is alerted.

It never sends anything itself.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlmodel import Session, col, select, update

from bot.outbox.model import LEFT_US, PENDING, Kind
from bot.records.tables import EscalationRow, Message

COULD_NOT_BE_TEXTED = "could not be texted"
# Alerts whose words nobody else may have: what follows in a case that somebody has taken goes to the taker.
NOT_ARRIVED = "not arrived"
HEARD_BY_THE_TAKER = frozenset({"relay", "relay without words", "warns again", NOT_ARRIVED})
# Of all alerts of a case this one alone says nothing of what the patient needs.
TAKEN_BY_OTHER = "taken by other"


class TellStaff(Protocol):
    """Asks staff to call a patient whose text failed for good, in the transaction that records the failure."""

    def __call__(self, session: Session, message: Message, words: str, *, now: datetime) -> None:
        """`words` say why it failed."""
        ...


def open_task(session: Session, message: Message, words: str, *, now: datetime) -> None:
    """Open a routine escalation for a patient's text, whichever it was; at most one of its kind is open for a number.

    A failed alert instead makes its escalation climb to the next person at once, unless another alert of the same
    round may still reach somebody: to climb for each would alert everyone again and again within seconds.
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


def left_untold(reason: str, untold: Sequence[str]) -> str:
    """Why texts came too late, and what is now for staff to ask or say."""
    return f"{reason}. Please ask or tell her: {'; '.join(untold)}"


def climb_now(session: Session, alert: Message, *, now: datetime) -> None:
    """Let the escalation of an alert that failed go to the next person at once, where nobody has taken it.

    Where somebody has, and what the patient said did not reach that phone, it is open again and everybody is alerted:
    nobody else has heard her. Neither while another alert of the same round may still reach somebody: to climb for each
    would alert everyone again and again within seconds. Where no climb is left alerts that all fail would go on for
    ever.
    """
    if _reaches_another(session, alert):
        return
    ours = col(EscalationRow.id) == alert.escalation_id
    waiting = update(EscalationRow).where(ours, col(EscalationRow.state) == "open")
    session.exec(waiting.where(col(EscalationRow.climb_at).is_not(None)).values(climb_at=now))
    if alert.step in HEARD_BY_THE_TAKER:
        taken = update(EscalationRow).where(ours, col(EscalationRow.state) == "acknowledged")
        nobodys = {"state": "open", "acknowledged_by": None, "acknowledged_at": None}
        session.exec(taken.values(**nobodys, climbs=0, climb_at=now))


def _reaches_another(session: Session, alert: Message) -> bool:
    others = select(Message.id).where(
        col(Message.escalation_id) == alert.escalation_id,
        col(Message.kind) == Kind.ALERT,
        col(Message.step) != TAKEN_BY_OTHER,
        col(Message.id) != alert.id,
        col(Message.created_at) >= alert.created_at,
        col(Message.state).in_(PENDING | LEFT_US),
    )
    return session.exec(others.limit(1)).first() is not None


def _asked_already(session: Session, message: Message) -> bool:
    asked = select(EscalationRow.id).where(
        col(EscalationRow.phone) == message.to_phone,
        col(EscalationRow.state) != "resolved",
        col(EscalationRow.reason).startswith(COULD_NOT_BE_TEXTED),
    )
    return session.exec(asked.limit(1)).first() is not None
