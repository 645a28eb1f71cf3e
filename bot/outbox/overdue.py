"""Watches for messages that should long have left, and raises an alarm while there are any. Moves none of them."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from bot.outbox.alarms import clear_alarm, raise_alarm
from bot.outbox.model import State
from bot.records.tables import Message

OVERDUE_AFTER = timedelta(hours=1)
NOT_GONE = (State.SCHEDULED, State.CLAIMED, State.UNKNOWN)
OVERDUE = "overdue"


def watch_overdue(session: Session, *, now: datetime) -> int:
    """How many messages are neither gone nor given up an hour after they were due; raises or clears the alarm."""
    late = select(func.count()).where(col(Message.state).in_(NOT_GONE), col(Message.due_at) < now - OVERDUE_AFTER)
    number = session.exec(late).one()
    if number:
        words = f"{number} messages should have left an hour ago. Check that a worker runs and that Twilio answers."
        raise_alarm(session, OVERDUE, words, now=now)
    else:
        clear_alarm(session, OVERDUE, now=now)
    return number
