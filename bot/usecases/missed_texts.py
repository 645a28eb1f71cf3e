"""Texts the webhook missed: those Twilio's list has and we do not, and those that were stored but never answered.

Twilio does not try a refused or broken webhook again by default, so its list is the only place they remain.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlmodel import col, select

from bot.errors import DatabaseAway
from bot.records.database import Database
from bot.records.list_reads import note_read, read_from
from bot.records.tables import Inbound, Message
from bot.sms.gateway import Gateway, GatewayAway, Listed
from bot.sms.webhooks import listed_text
from bot.usecases.clinic import Clinic
from bot.usecases.inbound import handle, store

log = structlog.get_logger(__name__)

# A webhook that is being answered right now is not a missed one.
WEBHOOK_HAS = timedelta(seconds=60)
# Twilio gives a webhook 15 seconds, and each of up to five more tries as many.
ANSWERED_WITHIN = timedelta(minutes=2)
REPLY = "outbound-reply"
AT_ONCE = 10


@dataclass(frozen=True)
class Missed:
    """Texts that Twilio's list has and we do not, oldest first, of those sent from `since` to `until`.

    Where the list could not be read there are none, and `until` is None.
    """

    texts: Sequence[Listed]
    since: datetime
    until: datetime | None


async def list_missed(database: Database, gateway: Gateway, *, now: datetime) -> Missed:
    """Read the list from where it was last read completely: however long we were down, nothing is too old for it."""
    since = await asyncio.to_thread(_since, database, now)
    try:
        listed = await gateway.list_inbound(since=since)
    except GatewayAway as away:
        log.warning("Twilio's list of texts to us could not be read; it is tried again", why=str(away))
        return Missed((), since, None)
    settled = [each for each in listed if each.created_at <= now - WEBHOOK_HAS]
    known = await asyncio.to_thread(_known, database, [each.sid for each in settled])
    return Missed([each for each in settled if each.sid not in known], since, now)


async def answered_in_another_life(database: Database, gateway: Gateway, missed: Missed) -> frozenset[str]:
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

    found = await asyncio.gather(*(one(text) for text in missed.texts))
    return frozenset(text.sid for text, answered in zip(missed.texts, found, strict=True) if answered)


def take_in_missed(
    clinic: Clinic,
    database: Database,
    missed: Missed,
    *,
    now: datetime,
    answered: frozenset[str] = frozenset(),
) -> int:
    """Store and answer them in the order they were sent, with the time they were sent; returns how many there were.

    What was `answered` in another life of the database changes what it changes, and is not answered again. One that
    cannot be stored holds up no other; the list is read from there again, for it remains nowhere else.
    """
    stored = [_take_in(clinic, database, each, now, answered=each.sid in answered) for each in missed.texts]
    if stored:
        log.warning("texts that the webhook missed were taken in from Twilio's list", texts=len(stored))
    until = missed.until
    if until is not None and all(stored):
        database.write(lambda s: note_read(s, since=missed.since, until=until), safe_to_repeat=True)
    return len(stored)


def answer_unanswered(clinic: Clinic, database: Database, *, now: datetime) -> int:
    """Texts that were stored when we died are answered now; returns how many there were."""
    with database.session() as session:
        waiting = select(Inbound.id).where(
            col(Inbound.handled_at).is_(None), col(Inbound.received_at) <= now - WEBHOOK_HAS
        )
        ids = list(session.exec(waiting.order_by(col(Inbound.sent_at))).all())
    for inbound_id in ids:
        _answer(clinic, database, inbound_id, now)
    return len(ids)


def _take_in(clinic: Clinic, database: Database, listed: Listed, now: datetime, *, answered: bool) -> bool:
    """Whether the text is stored now; then it is answered, at once or as one that was stored when we died."""
    try:
        inbound_id = store(database, listed_text(listed), now=now, sent_at=listed.created_at, via="list")
    except DatabaseAway:
        raise
    except Exception as error:
        log.error("a text could not be stored; it is tried again", sid=listed.sid, fault=type(error).__name__)
        return False
    _answer(clinic, database, inbound_id, now, answered=answered)
    return True


def _answer(clinic: Clinic, database: Database, inbound_id: str, now: datetime, *, answered: bool = False) -> None:
    try:
        handle(clinic, database, inbound_id, now=now, by_webhook=False, answered=answered)
    except DatabaseAway:
        raise
    except Exception as error:
        # Its words are not logged, for they may be the patient's.
        log.error("a text could not be answered; it is tried again", inbound=inbound_id, fault=type(error).__name__)


def _since(database: Database, now: datetime) -> datetime:
    with database.session() as session:
        return read_from(session, now=now)


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
