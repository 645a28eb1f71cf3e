"""Settles what we handed over and never heard of, by Twilio's own list: found is accepted, absent is sent again.

It sends nothing, and calls nothing absent before the list has had time to be complete.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from bot.errors import DatabaseAway
from bot.outbox.attempts import Render
from bot.outbox.backoff import next_look_up
from bot.outbox.doubts import may_have_left_since, note_look_up
from bot.outbox.lost import TellStaff, open_task
from bot.outbox.model import Kind, Rendered, State
from bot.outbox.moves import back, earlier_sids, lock_messages, take_up
from bot.outbox.news import apply_news, apply_waiting_receipts
from bot.outbox.store import wake_workers
from bot.records.database import Database
from bot.records.heartbeats import silent_until
from bot.records.numbers import ensure_numbers, lock_numbers
from bot.records.tables import Message
from bot.sms.gateway import Gateway, GatewayAway, Listed

log = structlog.get_logger(__name__)

WINDOW = timedelta(minutes=2)
BATCH = 200
AT_ONCE = 10
ASK_AGAIN_AFTER = timedelta(seconds=15)


@dataclass(frozen=True)
class Unheard:
    """A message that may have left us; `attempt` tells its hand-overs apart, `since` is when it may have left first."""

    id: str
    attempt: int
    to: str
    since: datetime


@dataclass(frozen=True)
class Desk:
    """What settling needs: whom to tell of a failure, and how a message that was never put into words would read."""

    tell_staff: TellStaff
    render: Render | None


async def reconcile(
    database: Database,
    gateway: Gateway,
    *,
    now: Callable[[], datetime],
    tell_staff: TellStaff = open_task,
    render: Render | None = None,
) -> int:
    """Look up everything whose look-up is due; returns how many messages were settled. Raises DatabaseAway.

    `render` gives the words that a message would have had at a given time; without it only words on record are known.
    """
    desk = Desk(tell_staff, render)
    unheard = await asyncio.to_thread(_due, database, now())
    by_number: dict[str, list[Unheard]] = {}
    for message in unheard:
        by_number.setdefault(message.to, []).append(message)
    turn = asyncio.Semaphore(AT_ONCE)

    async def one_number(phone: str, messages: list[Unheard]) -> int:
        async with turn:
            asked_at = now()
            listed = await _ask(gateway, phone, messages)
        try:
            return await asyncio.to_thread(_settle, database, messages, listed, asked_at, desk)
        except DatabaseAway:
            raise
        except Exception:
            # One number whose texts cannot be settled must not keep all the others from being looked up.
            log.exception("what was looked up could not be settled", messages=[m.id for m in messages])
            return 0

    return sum(await asyncio.gather(*(one_number(phone, messages) for phone, messages in by_number.items())))


def _due(database: Database, now: datetime) -> list[Unheard]:
    due = select(Message).where(col(Message.state) == State.UNKNOWN, col(Message.look_up_at) <= now)
    with database.session() as session:
        rows = session.exec(due.order_by(col(Message.look_up_at)).limit(BATCH)).all()
        return [Unheard(row.id, row.attempts, row.to_phone, _since(row)) for row in rows]


def _since(row: Message) -> datetime:
    # Twilio's clock, ours and other workers' may disagree, and a webhook's answer takes its way.
    return row.attempted_at - WINDOW if row.attempted_at else may_have_left_since([row])


async def _ask(gateway: Gateway, phone: str, messages: Sequence[Unheard]) -> list[Listed] | None:
    """What Twilio sent to this number since the first of these attempts; None where it could not be asked."""
    try:
        return await gateway.list_sent(to=phone, since=min(m.since for m in messages))
    except GatewayAway as away:
        log.warning("Twilio's list could not be read", why=away.why, messages=len(messages))
        return None


def _settle(
    database: Database,
    unheard: Sequence[Unheard],
    listed: Sequence[Listed] | None,
    asked_at: datetime,
    desk: Desk,
) -> int:
    def body(session: Session) -> int:
        phone = unheard[0].to
        ensure_numbers(session, [phone])
        lock_numbers(session, [phone])
        rows = lock_messages(session, [m.id for m in unheard])
        still = [rows[m.id] for m in unheard if rows[m.id].state == State.UNKNOWN and rows[m.id].attempts == m.attempt]
        if listed is None:
            for row in still:
                row.look_up_at = asked_at + ASK_AGAIN_AFTER
            return 0
        return _match(session, still, list(listed), asked_at, desk)

    return database.write(body, safe_to_repeat=True)


def _match(
    session: Session, rows: Sequence[Message], listed: list[Listed], asked_at: datetime, desk: Desk
) -> int:
    free = _not_yet_ours(session, rows, listed)
    silent = silent_until(session)
    settled = 0
    for row in sorted(rows, key=lambda r: (r.attempted_at or r.created_at, r.id)):
        found = next((text for text in free if _is(session, text, row, desk.render, silent)), None)
        if found:
            free.remove(found)
            _found(session, row, found, asked_at, desk)
        else:
            _not_found(session, row, asked_at)
        settled += row.state != State.UNKNOWN
    return settled


def _not_yet_ours(session: Session, rows: Sequence[Message], listed: Sequence[Listed]) -> list[Listed]:
    """The listed texts that no message has for its own, oldest first: two of the same words settle one row each."""
    sids = [text.sid for text in listed]
    taken = set(session.exec(select(Message.sid).where(col(Message.sid).in_(sids))).all())
    for phone in {row.to_phone for row in rows}:
        to_number = select(Message).where(col(Message.to_phone) == phone, col(Message.attempts) > 1)
        for other in session.exec(to_number).all():
            taken.update(earlier_sids(other))
    return sorted((text for text in listed if text.sid not in taken), key=lambda text: text.created_at)


def _is(session: Session, text: Listed, row: Message, render: Render | None, silent: datetime | None) -> bool:
    since = _since(row)
    if row.attempted_at and (silent is None or row.attempted_at > silent):
        return since <= text.created_at <= row.attempted_at + WINDOW and _reads(text, row.body)
    # Another life of the database may have sent it at any time since: again, and in the words of that moment.
    words = {row.body, _fresh_words(session, text, row, render)}
    return text.created_at >= since and any(_reads(text, each) for each in words)


def _fresh_words(session: Session, text: Listed, row: Message, render: Render | None) -> str | None:
    if render is None or row.kind != Kind.PLANNED:
        return None
    try:
        then = render(session, row, text.created_at)
    except (SQLAlchemyError, DatabaseAway):
        raise
    except Exception:
        # It is not sent either before it can be put into words; then it fails, and staff hear of it.
        log.exception("a text could not be put into words", message=row.id, step=row.step)
        return None
    return then.body if isinstance(then, Rendered) else None


def _reads(text: Listed, words: str | None) -> bool:
    return words is not None and text.body.strip() == words.strip()


def _found(session: Session, row: Message, text: Listed, now: datetime, desk: Desk) -> None:
    if row.attempted_at is None:
        row.body, row.attempted_at, row.attempts = text.body, text.created_at, row.attempts + 1
    take_up(row, text.sid, sent_at=text.sent_at or text.created_at, now=now)
    apply_waiting_receipts(session, [row], now=now, tell_staff=desk.tell_staff)
    apply_news(session, row, text.status, text.error_code, now=now, tell_staff=desk.tell_staff)


def _not_found(session: Session, row: Message, asked_at: datetime) -> None:
    if row.attempted_at:
        again = next_look_up(row.attempted_at, asked_at, hurry=row.kind == Kind.ALERT)
        if again:
            row.look_up_at = again
            return
    note_look_up(row, asked_at)
    back(row, row.due_at, "Twilio did not have it", asked_at)
    wake_workers(session)
