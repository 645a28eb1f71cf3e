"""While staff are in touch with a patient the bot holds back: it passes texts on and says so at most once running."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.content.model import Content
from bot.content.render import fill
from bot.conversation.model import Urgency
from bot.escalation.desk import ACKNOWLEDGED, OPEN
from bot.records.tables import EscalationRow, Message
from bot.usecases.clinic import Clinic

SAID_ONCE_WITHIN = timedelta(hours=1)


def is_handed_off(case: EscalationRow) -> bool:
    """A person has taken it, or a warning sign waits for one; a routine task nobody took keeps the bot answering."""
    return case.state == ACKNOWLEDGED or (case.state == OPEN and case.urgency != Urgency.ROUTINE)


def said_in_hand_off(
    session: Session, clinic: Clinic, case: EscalationRow, phone: str, content: Content, *, now: datetime
) -> str | None:
    """That her text went to staff, by name where one has taken it; silence where she was just told so."""
    key, values = "passed on again", clinic.values()
    if case.state == ACKNOWLEDGED:
        key, values = "held for staff", {**values, "staff": case.acknowledged_by or "our team"}
    words = f"{clinic.name}: {' '.join(fill(content.patients[key], values).text.split())}"
    told = select(Message.id).where(
        Message.to_phone == phone, Message.body == words, col(Message.attempted_at) > now - SAID_ONCE_WITHIN
    )
    return None if session.exec(told.limit(1)).first() else words
