"""Refusals with a code that our table does not know: whether they are about one recipient or about us.

It decides nothing about one message; a refusal is certainly no text, so to try once more costs nothing.
"""

from datetime import timedelta

from sqlmodel import Session, col, func, select

from bot.outbox.model import LEFT_US
from bot.records.tables import Message
from bot.sms.twilio_codes import TABLE

# So many different recipients in a row, and none in between who was texted: it is not about them.
IN_A_ROW = 3
WITHIN = timedelta(days=1)
# One recipient alone is tried so often before the text is given up and staff are told.
TRIES = 3


def is_unlisted(code: int | None) -> bool:
    """Whether Twilio named a reason, and one that we do not know."""
    return code is not None and code not in TABLE


def refuses_everybody(session: Session, message: Message) -> bool:
    """Whether this message's refusal, already on record, is the third in a row of its code."""
    assert message.attempted_at is not None  # noqa: S101 - for the type checker
    session.flush()
    recent = col(Message.attempted_at) > message.attempted_at - WITHIN
    taken_at = session.exec(select(func.max(col(Message.sent_at))).where(recent, col(Message.state).in_(LEFT_US))).one()
    refused = select(func.count(func.distinct(col(Message.to_phone)))).where(
        recent, col(Message.error_code) == message.error_code, col(Message.sid).is_(None)
    )
    if taken_at is not None:
        refused = refused.where(col(Message.attempted_at) > taken_at)
    return session.exec(refused).one() >= IN_A_ROW
