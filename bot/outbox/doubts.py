"""Texts long overdue: perhaps they went out before this copy of the database was restored, so Twilio is asked first.

It sends nothing and asks nothing itself; a doubted message waits as `unknown` until its look-up.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.outbox.backoff import DOUBTED_AFTER
from bot.outbox.model import Kind, State
from bot.records.tables import Message

LOOKED_UP_AT = "looked_up_at"
# A text may have been due a little earlier before it was moved or held.
SENT_EARLIER_BY = timedelta(minutes=15)


def is_doubtful(message: Message, now: datetime) -> bool:
    """Whether it is so long overdue that another life of this database may have sent it.

    Alerts are not held up by this: a second one does less harm than a late one.
    """
    if message.kind == Kind.ALERT or now - message.due_at <= DOUBTED_AFTER:
        return False
    looked_up_at = message.details.get(LOOKED_UP_AT)
    return looked_up_at is None or now - datetime.fromisoformat(looked_up_at) > DOUBTED_AFTER


def doubt(message: Message, now: datetime) -> None:
    """Let it be looked up before it is sent; its attempt, if it was one, is not on record here."""
    message.state, message.look_up_at, message.updated_at = State.UNKNOWN, now, now
    message.reason, message.rule = "it is long overdue and may have gone out; Twilio is asked", "doubted"
    message.claimed_by = message.lease_until = message.attempted_at = None


def note_look_up(message: Message, now: datetime) -> None:
    """Remember that Twilio did not have it, so that it is sent now and not doubted once more."""
    message.details = message.details | {LOOKED_UP_AT: now.isoformat()}


def was_doubted(message: Message) -> bool:
    """Whether its going out was ever in doubt: by an attempt of ours, or by being long overdue."""
    return message.attempts > 0 or LOOKED_UP_AT in message.details


def may_have_left_since(messages: Sequence[Message]) -> datetime:
    """From when on Twilio's list could have one of these messages, none of which has an attempt on record."""
    return min(min(message.due_at, message.planned_for) for message in messages) - SENT_EARLIER_BY
