"""Whether a planned text is the first that a number gets from us: the first one says how to stop. Reads only.

It is asked when the words are made, so that it holds whatever became of the texts planned before it.
"""

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, or_, select

from bot.care.model import Anchor, Timeline
from bot.outbox.model import LEFT_US, PENDING
from bot.records.tables import Message


def is_first_text(session: Session, phone: str, timeline: Timeline) -> bool:
    """Whether nothing that says how to stop has left us for this number yet.

    Words are forgotten after a while; that a greeting went is not.
    """
    told = select(Message.id).where(
        Message.to_phone == phone,
        col(Message.state).in_(LEFT_US),
        or_(col(Message.body).contains("STOP"), col(Message.step).in_(_greetings(timeline))),
    )
    return session.exec(told.limit(1)).first() is None


def first_to_come(session: Session, messages: Sequence[Message], timeline: Timeline) -> str | None:
    """Which of these, in the order they are due, will be the number's first text; None where it has had one."""
    pending = next((message for message in messages if message.state in PENDING), None)
    return pending.id if pending and is_first_text(session, pending.to_phone, timeline) else None


def _greetings(timeline: Timeline) -> Collection[str]:
    return [step.id for step in timeline.steps if any(moment.anchor is Anchor.BOOKED for moment in step.when)]
