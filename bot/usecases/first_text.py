"""Whether a planned text is the first that a number gets from us: the first one says how to stop. Reads only.

It is asked when the words are made, so that it holds whatever became of the texts planned before it.
"""

from collections.abc import Collection

from sqlmodel import Session, col, exists, or_, select

from bot.care.model import Anchor, Timeline
from bot.outbox.model import LEFT_US, PENDING
from bot.records.tables import Message


def is_first_text(session: Session, message: Message, timeline: Timeline) -> bool:
    """Whether nothing that says how to stop has left us for this number yet."""
    return not _was_told(session, message.to_phone, timeline)


def will_be_first_text(session: Session, message: Message, timeline: Timeline) -> bool:
    """The same for a text that is still to go: nothing of its number goes before it."""
    if _was_told(session, message.to_phone, timeline):
        return False
    earlier = select(Message.id).where(
        Message.to_phone == message.to_phone,
        col(Message.state).in_(PENDING),
        Message.kind == message.kind,
        or_(
            col(Message.due_at) < message.due_at,
            (col(Message.due_at) == message.due_at) & (col(Message.position) < message.position),
        ),
    )
    return session.exec(earlier.limit(1)).first() is None


def _was_told(session: Session, phone: str, timeline: Timeline) -> bool:
    """Words are forgotten after a while; that a greeting went is not."""
    told = select(Message.id).where(
        Message.to_phone == phone,
        col(Message.state).in_(LEFT_US),
        or_(col(Message.body).contains("STOP"), col(Message.step).in_(_greetings(timeline))),
    )
    return session.exec(select(exists(told))).one()


def _greetings(timeline: Timeline) -> Collection[str]:
    return [step.id for step in timeline.steps if any(moment.anchor is Anchor.BOOKED for moment in step.when)]
