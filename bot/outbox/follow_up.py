"""Asks Twilio how a text has fared whose receipts did not come: callbacks are best effort and some are lost.

It sends nothing again of its own accord; what the answer means is decided as for any receipt.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlmodel import Session, col, select

from bot.outbox.backoff import next_follow_up
from bot.outbox.lost import TellStaff, open_task
from bot.outbox.model import State
from bot.outbox.moves import end, lock_messages
from bot.outbox.news import WAITING_FOR_NEWS, apply_news
from bot.records.database import Database
from bot.records.numbers import ensure_numbers, lock_numbers
from bot.records.tables import Message
from bot.sms.gateway import Gateway, GatewayAway, Listed

log = structlog.get_logger(__name__)

BATCH = 100
AT_ONCE = 10
NEVER_SENT = "Twilio took it and had not sent it half a day later"


@dataclass(frozen=True)
class Unreported:
    """A text that Twilio took and of whose end we have not heard."""

    id: str
    sid: str
    to: str


async def follow_up(
    database: Database, gateway: Gateway, *, now: Callable[[], datetime], tell_staff: TellStaff = open_task
) -> int:
    """Ask about every text whose time to be asked about has come; returns how many moved on. Raises DatabaseAway."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(text: Unreported) -> bool:
        async with turn:
            try:
                known = await gateway.fetch(text.sid)
            except GatewayAway as away:
                log.warning("Twilio could not be asked how a text fared", why=away.why, message=text.id)
                return False
        return await asyncio.to_thread(_apply, database, text, known, now(), tell_staff)

    return sum(await asyncio.gather(*(one(text) for text in await asyncio.to_thread(_due, database, now()))))


def _due(database: Database, now: datetime) -> list[Unreported]:
    due = select(Message).where(col(Message.look_up_at) <= now, col(Message.state).in_(WAITING_FOR_NEWS))
    with database.session() as session:
        rows = session.exec(due.order_by(col(Message.look_up_at)).limit(BATCH)).all()
        return [Unreported(row.id, row.sid, row.to_phone) for row in rows if row.sid]


def _apply(database: Database, text: Unreported, known: Listed | None, now: datetime, tell_staff: TellStaff) -> bool:
    def body(session: Session) -> bool:
        ensure_numbers(session, [text.to])
        lock_numbers(session, [text.to])
        row = lock_messages(session, [text.id])[text.id]
        if row.sid != text.sid or row.state not in WAITING_FOR_NEWS:
            return False
        row.look_up_at = next_follow_up(row.sent_at or now, now)
        moved = known is not None and apply_news(
            session, row, known.status, known.error_code, now=now, tell_staff=tell_staff
        )
        if row.state == State.ACCEPTED and row.look_up_at is None:
            _give_up(session, row, now, tell_staff)
            return True
        return moved

    return database.write(body, safe_to_repeat=True)


def _give_up(session: Session, row: Message, now: datetime, tell_staff: TellStaff) -> None:
    """Twilio keeps a text in its queue for ten hours at most: after the last look it will not go any more."""
    end(row, State.FAILED, NEVER_SENT, "never-sent", now)
    tell_staff(session, row, NEVER_SENT, now=now)
