"""Texts that fell due while nobody was heard of: perhaps they went out, and this is a copy of the database from before.

It sends nothing and asks nothing itself; a doubted message waits as `unknown` until Twilio was asked for it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.outbox.model import Kind, State
from bot.records.tables import Message

LOOKED_UP_AT = "looked_up_at"
# A text may have been due a little earlier before it was moved or held.
SENT_EARLIER_BY = timedelta(minutes=15)


def is_doubtful(message: Message, silent_until: datetime | None) -> bool:
    """Whether another life of this database may have sent it before the silence ended.

    All that was due by then is in doubt, however long it had been waiting: a backlog at the time of the copy may have
    left after it. Alerts are not held up by this: a second one does less harm than a late one.
    """
    if silent_until is None or message.kind == Kind.ALERT or message.due_at > silent_until:
        return False
    looked_up_at = message.details.get(LOOKED_UP_AT)
    return looked_up_at is None or datetime.fromisoformat(looked_up_at) < silent_until


def doubt(message: Message, now: datetime) -> None:
    """Let it be looked up before it is sent; its attempt, if it was one, is not on record here."""
    message.state, message.look_up_at, message.updated_at = State.UNKNOWN, now, now
    message.reason, message.rule = "nobody worked when it was due, or it has gone out; Twilio is asked", "doubted"
    message.claimed_by = message.lease_until = message.attempted_at = None


def note_look_up(message: Message, now: datetime) -> None:
    """Remember that Twilio did not have it, so that it is sent now and not doubted once more."""
    message.details = message.details | {LOOKED_UP_AT: now.isoformat()}


def was_doubted(message: Message) -> bool:
    """Whether its going out was ever in doubt: by an attempt of ours, or by a silence."""
    return message.attempts > 0 or LOOKED_UP_AT in message.details


def may_have_left_since(messages: Sequence[Message]) -> datetime:
    """From when on Twilio's list could have one of these messages, none of which has an attempt on record."""
    return min(min(message.due_at, message.planned_for) for message in messages) - SENT_EARLIER_BY
