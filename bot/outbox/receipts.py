"""Takes in Twilio's later news of what we sent: keeps every receipt once, and moves its message on.

It trusts its caller that the news is genuine, and never moves a message back.
"""

from datetime import datetime
from enum import StrEnum

import structlog
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from bot.outbox.lost import TellStaff, open_task
from bot.outbox.moves import earlier_sids, lock_messages, take_up
from bot.outbox.news import apply_news
from bot.records.numbers import ensure_numbers, lock_numbers
from bot.records.tables import Message, Receipt, new_id
from bot.sms.gateway import Kind as Refusal
from bot.sms.twilio_codes import classify

log = structlog.get_logger(__name__)

class Taken(StrEnum):
    """What a receipt came to."""

    MOVED = "moved"  # its message stands further on
    NO_NEWS = "no news"  # true, and nothing to do
    REPEATED = "repeated"  # had been here before
    EARLIER = "earlier"  # of an attempt that is over
    STRANGER = "stranger"  # of no message we know


def take_in(
    session: Session,
    *,
    sid: str,
    status: str,
    error_code: int | None,
    message_id: str | None,
    now: datetime,
    tell_staff: TellStaff = open_task,
) -> Taken:
    """Keep one receipt and apply it; `message_id` is our own id from the callback's query, where it had one.

    The id proves that Twilio has the message even where its answer to our call was never heard.
    """
    found = _find(session, sid, message_id)
    message = _lock(session, *found, error_code) if found else None
    if not _keep(session, sid, status, error_code, message.id if message else None, now):
        return Taken.REPEATED
    if message is None:
        return Taken.STRANGER
    if sid in earlier_sids(message):
        return Taken.EARLIER
    adopted = _adopt(message, sid, now)
    if message.sid != sid:
        log.error("Twilio has a text under two SIDs", message=message.id, sid=sid)
        return Taken.EARLIER
    moved = apply_news(session, message, status, error_code, now=now, tell_staff=tell_staff)
    session.flush()
    return Taken.MOVED if moved or adopted else Taken.NO_NEWS


def _find(session: Session, sid: str, message_id: str | None) -> tuple[str, str] | None:
    """(id, number) of the message this is about: by our id where the callback carried one, else by its SID."""
    wanted = select(Message.id, Message.to_phone)
    if message_id:
        found = session.exec(wanted.where(col(Message.id) == message_id)).first()
        if found:
            return found[0], found[1]
    found = session.exec(wanted.where(col(Message.sid) == sid)).first()
    return (found[0], found[1]) if found else None


def _lock(session: Session, message_id: str, phone: str, error_code: int | None) -> Message:
    # Before the receipt is stored: a row that refers to the message holds it a little, and two receipts at once that
    # both hold it a little would wait for each other to hold it alone.
    if classify(error_code).kind is Refusal.OPT_OUT:
        ensure_numbers(session, [phone])
        lock_numbers(session, [phone])
    return lock_messages(session, [message_id])[message_id]


def _keep(
    session: Session, sid: str, status: str, error_code: int | None, message_id: str | None, now: datetime
) -> bool:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"id": new_id(), "sid": sid, "status": status, "error_code": error_code, "message_id": message_id}
    keep = insert(Receipt).values(**row, received_at=now).on_conflict_do_nothing().returning(col(Receipt.id))
    return session.exec(keep).first() is not None


def _adopt(message: Message, sid: str, now: datetime) -> bool:
    """Take the SID for ours where we never heard one: even a message that we meant to try again was sent, then.

    So was one without any attempt: this is a copy of the database from before it.
    """
    if message.sid is not None:
        return False
    take_up(message, sid, sent_at=message.attempted_at or now, now=now)
    return True
