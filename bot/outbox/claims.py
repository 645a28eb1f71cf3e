"""Takes due messages for one worker, by one conditional write, and gives them back. Hands nothing over.

A claimed message has certainly not left us, so giving a dead worker's claims back is always safe.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from bot.outbox.model import Priority, State
from bot.records.tables import Message

# With a look every two seconds a dead worker's claims are back within 30 s, even where clocks are 2 s apart.
LEASE = timedelta(seconds=20)
FREE = {"state": State.SCHEDULED, "claimed_by": None, "lease_until": None}


def claim(session: Session, worker: str, *, now: datetime, limit: int) -> list[str]:
    """Take up to `limit` due messages, the urgent first and then the oldest; returns their ids in that order.

    Rows that another worker is taking at this moment are passed over, not waited for.
    """
    ids: list[str] = []
    for priority in Priority:
        if len(ids) < limit:
            ids += _due(session, now, limit - len(ids), priority)
    return _take(session, ids, worker, now)


def claim_probe(session: Session, worker: str, *, now: datetime) -> list[str]:
    """Take the one due message that was tried least, so that a single bad one is not the probe for ever."""
    due = _due_messages(now).order_by(col(Message.attempts), col(Message.priority), col(Message.due_at)).limit(1)
    return _take(session, list(session.exec(due.with_for_update(skip_locked=True))), worker, now)


def give_back(session: Session, worker: str, *, now: datetime) -> int:
    """Give back everything this worker has claimed and not yet handed over; returns how many."""
    mine = update(Message).where(col(Message.state) == State.CLAIMED, col(Message.claimed_by) == worker)
    return session.exec(mine.values(**FREE, updated_at=now)).rowcount


def release_expired(session: Session, *, now: datetime) -> int:
    """Give back the claims of workers that died: those whose lease is over; returns how many."""
    over = select(Message.id).where(col(Message.state) == State.CLAIMED, col(Message.lease_until) < now)
    ids = list(session.exec(over.with_for_update(skip_locked=True)))
    if not ids:
        return 0
    freed = update(Message).where(col(Message.id).in_(ids), col(Message.state) == State.CLAIMED)
    return session.exec(freed.values(**FREE, updated_at=now)).rowcount


def _due(session: Session, now: datetime, limit: int, priority: Priority) -> list[str]:
    # One query a priority: each is a walk along (state, priority, due_at), however many rows wait for tomorrow.
    due = (
        _due_messages(now)
        .where(col(Message.priority) == int(priority))
        .order_by(col(Message.due_at), col(Message.position))
        .limit(limit)
    )
    return list(session.exec(due.with_for_update(skip_locked=True)))


def _due_messages(now: datetime) -> SelectOfScalar[str]:
    return select(Message.id).where(col(Message.state) == State.SCHEDULED, col(Message.due_at) <= now)


def _take(session: Session, ids: list[str], worker: str, now: datetime) -> list[str]:
    if not ids:
        return []
    taking = update(Message).where(col(Message.id).in_(ids), col(Message.state) == State.SCHEDULED)
    mine = {"state": State.CLAIMED, "claimed_by": worker, "lease_until": now + LEASE, "updated_at": now}
    taken = set(session.exec(taking.values(**mine).returning(col(Message.id))).scalars())
    return [message_id for message_id in ids if message_id in taken]
