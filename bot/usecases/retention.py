"""Forgets what people wrote after a while, and keeps the ledger: times, steps, states and reasons stay for ever."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, inspect, null
from sqlmodel import Session, SQLModel, and_, col, or_, select, update

from bot.outbox.model import TERMINAL, State
from bot.records.database import Database
from bot.records.tables import EscalationRow, Inbound, Message, Number
from bot.sms.twiml import reply as twiml

Clause = ColumnElement[bool]
AT_ONCE = 1000
SETTLED = [*TERMINAL, State.ACCEPTED, State.SENT]


def prune(database: Database, *, kept_for: int, now: datetime) -> int:
    """Forget what is older than `kept_for` days (0: nothing); returns how many texts lost their words."""
    return forget_words(database, older_than=timedelta(days=kept_for), now=now) if kept_for else 0


def forget_words(database: Database, *, older_than: timedelta, now: datetime) -> int:
    """Remove the words of texts older than this; returns how many texts lost theirs. An opt-out itself is kept."""
    before = now - older_than
    inbound = _forget(
        database,
        Inbound,
        and_(col(Inbound.received_at) < before, col(Inbound.handled_at).is_not(None)),
        or_(col(Inbound.body).is_not(None), col(Inbound.reading).is_not(None)),
        # SQL's own null: None in a JSON column is the word "null", which would be found and emptied for ever.
        {"body": None, "reading": null(), "answer_xml": twiml(None)},
    )
    settled = and_(col(Message.due_at) < before, col(Message.state).in_(SETTLED))
    outbound = _forget(database, Message, settled, col(Message.body).is_not(None), {"body": None})
    resolved = col(EscalationRow.resolved_at) < before
    _forget(database, EscalationRow, resolved, col(EscalationRow.note).is_not(None), {"note": None})
    old = col(Number.opted_out_at) < before
    _forget(database, Number, old, col(Number.opt_out_words).is_not(None), {"opt_out_words": None})
    return inbound + outbound


def _forget(
    database: Database, table: type[SQLModel], old: Clause, worded: Clause, empty: Mapping[str, object]
) -> int:
    """Empty the rows that are old and still have words, a batch a transaction: years of them would hold up the rest."""
    (key,) = inspect(table).primary_key

    def batch(session: Session) -> int:
        some = select(key).where(old, worded).limit(AT_ONCE)
        return session.exec(update(table).where(key.in_(some), old, worded).values(**empty)).rowcount

    forgotten = 0
    while done := database.write(batch, safe_to_repeat=True):
        forgotten += done
    return forgotten
