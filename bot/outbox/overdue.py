"""Watches for messages that should long have left, and raises an alarm while there are any. Moves none of them.

What the carrier has (`sent`) has left: many carriers never confirm, and there is nothing to mend. What Twilio took and
neither sent nor gave up (`accepted`) has not: its queue is too long, or it will never go.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select

from bot.outbox.alarms import clear_alarm, raise_alarm
from bot.outbox.model import State
from bot.records.tables import Message

OVERDUE_AFTER = timedelta(hours=1)
A_MOMENT = timedelta(minutes=2)
NOT_GONE = (State.SCHEDULED, State.CLAIMED, State.UNKNOWN)
OVERDUE = "overdue"
HERE = "messages should have left an hour ago. Check that a worker runs and that Twilio answers."
AT_TWILIO = "messages have waited at Twilio for an hour. Look at its queue and at the number's daily limits."


def watch_overdue(session: Session, *, now: datetime) -> int:
    """How many messages are neither gone nor given up an hour after they were due; raises or clears the alarm."""
    due_before = col(Message.due_at) < now - OVERDUE_AFTER
    # START brings back texts at their old times: what has only just become due has a moment to leave.
    waits = or_(col(Message.state) != State.SCHEDULED, col(Message.updated_at) < now - A_MOMENT)
    here = _count(session, and_(col(Message.state).in_(NOT_GONE), due_before, waits))
    # One that left late is not late at Twilio.
    taken_before = col(Message.sent_at) < now - OVERDUE_AFTER
    there = _count(session, and_(col(Message.state) == State.ACCEPTED, due_before, taken_before))
    found = [f"{number} {words}" for number, words in ((here, HERE), (there, AT_TWILIO)) if number]
    if found:
        raise_alarm(session, OVERDUE, " ".join(found), now=now)
    else:
        clear_alarm(session, OVERDUE, now=now)
    return here + there


def _count(session: Session, which: ColumnElement[bool]) -> int:
    return session.exec(select(func.count()).select_from(Message).where(which)).one()
