"""Texts the webhook missed: those Twilio's list has and we do not, and those that were stored but never answered.

Twilio does not try a refused or broken webhook again by default, so its list is the only place they remain.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlmodel import col, select

from bot.records.database import Database
from bot.records.tables import Inbound, Message
from bot.sms.gateway import Gateway, GatewayAway, Listed
from bot.sms.webhooks import InboundText
from bot.usecases.clinic import Clinic
from bot.usecases.inbound import handle, store

log = structlog.get_logger(__name__)

# The first text to come in after we were down, or could not read the list, must not hide those missed before it.
LOOK_BACK_FOR = timedelta(hours=24)
LOOK_BACK_AT_MOST = timedelta(days=3)
# A webhook that is being answered right now is not a missed one.
WEBHOOK_HAS = timedelta(seconds=60)
# Twilio gives a webhook 15 seconds, and each of up to five more tries as many.
ANSWERED_WITHIN = timedelta(minutes=2)
REPLY = "outbound-reply"
AT_ONCE = 10


async def list_missed(database: Database, gateway: Gateway, *, now: datetime) -> list[Listed]:
    """Inbound texts at Twilio that we do not have, oldest first; none where the list cannot be read just now."""
    since = await asyncio.to_thread(_since, database, now)
    try:
        listed = await gateway.list_inbound(since=since)
    except GatewayAway as away:
        log.warning("Twilio's list of texts to us could not be read; it is tried again", why=str(away))
        return []
    settled = [each for each in listed if each.created_at <= now - WEBHOOK_HAS]
    known = await asyncio.to_thread(_known, database, [each.sid for each in settled])
    return [each for each in settled if each.sid not in known]


async def answered_in_another_life(database: Database, gateway: Gateway, missed: Sequence[Listed]) -> frozenset[str]:
    """The SIDs of those that Twilio has an answer of ours to that we do not know of.

    So it is when this is a restored copy of the database: texts came and were answered after it was made. Where Twilio
    cannot be asked a text counts as unanswered: a second answer does less harm than none.
    """
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(text: Listed) -> bool:
        async with turn:
            try:
                listed = await gateway.list_sent(to=text.from_ or "", since=text.created_at)
            except GatewayAway:
                return False
        replies = [
            each for each in listed
            if each.direction == REPLY and each.created_at - text.created_at <= ANSWERED_WITHIN
        ]  # fmt: skip
        return await asyncio.to_thread(_any_not_ours, database, text.from_ or "", replies)

    found = await asyncio.gather(*(one(text) for text in missed))
    return frozenset(text.sid for text, answered in zip(missed, found, strict=True) if answered)


def take_in_missed(
    clinic: Clinic,
    database: Database,
    missed: Sequence[Listed],
    *,
    now: datetime,
    answered: frozenset[str] = frozenset(),
) -> int:
    """Store and answer them in the order they were sent, with the time they were sent; returns how many there were.

    What was `answered` in another life of the database changes what it changes, and is not answered again.
    """
    for each in missed:
        text = InboundText(each.sid, "", each.from_ or "", each.to, each.body, 0, None, None)
        inbound_id = store(database, text, now=now, sent_at=each.created_at, via="list")
        handle(clinic, database, inbound_id, now=now, by_webhook=False, answered=each.sid in answered)
    if missed:
        log.warning("texts that the webhook missed were taken in from Twilio's list", texts=len(missed))
    return len(missed)


def answer_unanswered(clinic: Clinic, database: Database, *, now: datetime) -> int:
    """Texts that were stored when we died are answered now; returns how many there were."""
    with database.session() as session:
        waiting = select(Inbound.id).where(
            col(Inbound.handled_at).is_(None), col(Inbound.received_at) <= now - WEBHOOK_HAS
        )
        ids = list(session.exec(waiting.order_by(col(Inbound.sent_at)).limit(200)).all())
    for inbound_id in ids:
        handle(clinic, database, inbound_id, now=now, by_webhook=False)
    return len(ids)


def _since(database: Database, now: datetime) -> datetime:
    """From a while before the last text we have, so that nothing between is overlooked; at most three days back."""
    with database.session() as session:
        newest = select(Inbound.received_at).order_by(col(Inbound.received_at).desc())
        last = session.exec(newest.limit(1)).first()
    return max(min(last or now, now) - LOOK_BACK_FOR, now - LOOK_BACK_AT_MOST)


def _any_not_ours(database: Database, phone: str, replies: Sequence[Listed]) -> bool:
    """Whether one of these replies is none that this database knows of: by its SID, or by its words and time."""
    with database.session() as session:
        ours = session.exec(select(Message).where(Message.to_phone == phone, Message.kind == "reply")).all()
    known = {row.sid for row in ours}
    words = {row.body for row in ours if row.sid is None}
    return any(reply.sid not in known and reply.body not in words for reply in replies)


def _known(database: Database, sids: list[str]) -> set[str]:
    with database.session() as session:
        return set(session.exec(select(Inbound.sid).where(col(Inbound.sid).in_(sids))).all()) if sids else set()
