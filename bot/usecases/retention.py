"""Forgets what people wrote after a while, and keeps the ledger: times, steps, states and reasons stay for ever."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, update

from bot.outbox.model import TERMINAL, State
from bot.records.database import Database
from bot.records.tables import EscalationRow, Inbound, Message, Number
from bot.sms.twiml import reply as twiml

SETTLED = [*TERMINAL, State.ACCEPTED, State.SENT]


def prune(database: Database, *, kept_for: int, now: datetime) -> int:
    """Forget what is older than `kept_for` days (0: nothing); returns how many texts lost their words."""
    return forget_words(database, older_than=timedelta(days=kept_for), now=now) if kept_for else 0


def forget_words(database: Database, *, older_than: timedelta, now: datetime) -> int:
    """Remove the words of texts older than this; returns how many texts lost theirs. An opt-out itself is kept."""
    before = now - older_than

    def write(session: Session) -> int:
        inbound = session.exec(
            update(Inbound)
            .where(col(Inbound.received_at) < before, col(Inbound.handled_at).is_not(None))
            .where(or_(col(Inbound.body).is_not(None), col(Inbound.reading).is_not(None)))
            .values(body=None, reading=None, answer_xml=twiml(None))
        ).rowcount
        outbound = session.exec(
            update(Message)
            .where(col(Message.due_at) < before, col(Message.state).in_(SETTLED), col(Message.body).is_not(None))
            .values(body=None)
        ).rowcount
        session.exec(update(EscalationRow).where(col(EscalationRow.resolved_at) < before).values(note=None))
        session.exec(update(Number).where(col(Number.opted_out_at) < before).values(opt_out_words=None))
        return int(inbound) + int(outbound)

    return database.write(write, safe_to_repeat=True)
