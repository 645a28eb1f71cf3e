"""The moves a message row can make once it was handed over, and the lock under which they are made.

It decides no move itself.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from bot.outbox.backoff import next_follow_up
from bot.outbox.model import State
from bot.records.tables import Message

TRIED_AGAIN = "tried-again"


def lock_messages(session: Session, message_ids: Iterable[str]) -> dict[str, Message]:
    """These messages as they are now, locked in the order of their ids until the transaction ends."""
    wanted = select(Message).where(col(Message.id).in_(list(message_ids))).order_by(col(Message.id))
    locked = session.exec(wanted.with_for_update().execution_options(populate_existing=True))
    return {message.id: message for message in locked}


def back(message: Message, due_at: datetime, words: str, now: datetime) -> None:
    """Schedule a message again that certainly was not sent by its last attempt, or did not arrive by it."""
    if message.sid:
        # Late receipts of that attempt must not be taken for news of the next.
        earlier = [*message.details.get("earlier_sids", []), message.sid]
        message.details = message.details | {"earlier_sids": earlier}
    message.state, message.due_at, message.reason, message.rule = State.SCHEDULED, due_at, words, TRIED_AGAIN
    message.sid = message.sent_at = message.look_up_at = message.claimed_by = message.lease_until = None
    message.updated_at = now


def end(message: Message, state: State, reason: str | None, rule: str | None, now: datetime) -> None:
    """Put a message into a terminal state, with the reason staff read and the rule that led there."""
    message.state, message.reason, message.rule = state, reason, rule
    message.settled_at = message.updated_at = now
    message.look_up_at = message.claimed_by = message.lease_until = None


def take_up(message: Message, sid: str, *, sent_at: datetime, now: datetime) -> None:
    """Record that Twilio has this message under `sid`, however we came to know."""
    message.state, message.sid, message.sent_at = State.ACCEPTED, sid, sent_at
    message.look_up_at = next_follow_up(sent_at, now)
    message.claimed_by = message.lease_until = None
    message.reason = message.rule = message.error_code = message.settled_at = None
    message.updated_at = now


def earlier_sids(message: Message) -> list[str]:
    """The SIDs of attempts that are over: their news is no longer this message's."""
    return list(message.details.get("earlier_sids", []))
