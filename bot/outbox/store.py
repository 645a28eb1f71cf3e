"""Writes the outbox: enqueue, keep, cancel, suppress and restore, each inside the caller's own transaction.

It decides nothing about sending, and it never touches what has already been handed over.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, text
from sqlmodel import Session, and_, col, func, not_, or_, select, update

from bot.outbox.model import PENDING, STOP_CONFIRMATION, Kind, NewMessage, Priority, State
from bot.records.database import WAKE
from bot.records.numbers import ensure_numbers
from bot.records.tables import Message

# A reply rides in the webhook's answer; Twilio's callback for it comes within seconds or not at all.
REPLY_UNHEARD_AFTER = timedelta(minutes=1)
OPTED_OUT = "opted-out"
CHANNEL = "outbox"


def enqueue(session: Session, messages: Sequence[NewMessage], *, now: datetime) -> list[Message]:
    """Put messages into the outbox; they leave at `due_at`, if they still may then. Wakes the workers on commit.

    The key (appointment, revision, step, occurrence) is unique: a second one raises IntegrityError.
    """
    rows = [_row(message, now) for message in messages]
    ensure_numbers(session, {row.to_phone for row in rows})
    session.add_all(rows)
    session.flush()
    if rows:
        wake_workers(session)
    return rows


def hand_over_reply(session: Session, message: NewMessage, *, now: datetime) -> Message:
    """Record a reply that rides in the webhook's answer: handed over with this commit, so it is unknown until heard of.

    The answer's statusCallback must carry the row's id. No callback within a minute: it is looked up.
    """
    row = _row(message, now)
    row.state, row.attempts, row.attempted_at = State.UNKNOWN, 1, now
    row.look_up_at = now + REPLY_UNHEARD_AFTER
    ensure_numbers(session, {row.to_phone})
    session.add(row)
    session.flush()
    return row


def keep(
    session: Session,
    message_id: str,
    *,
    revision: int,
    due_at: datetime,
    useful_until: datetime | None,
    now: datetime,
    planned_for: datetime | None = None,
) -> bool:
    """Carry a planned message over into the appointment's new revision, at its new time; False: it has left already."""
    planned = {"planned_for": planned_for or due_at, "useful_until": useful_until}
    change = {"revision": revision, "due_at": due_at, **planned}
    free = {"state": State.SCHEDULED, "claimed_by": None, "lease_until": None}
    done = session.exec(
        update(Message)
        .where(col(Message.id) == message_id, col(Message.state).in_(PENDING))
        .values(**change, **free, updated_at=now)
    )
    wake_workers(session)
    return done.rowcount == 1


def cancel(session: Session, message_ids: Collection[str], *, reason: str, rule: str, now: datetime) -> list[str]:
    """Cancel those of these messages that have not left us; returns their ids."""
    return _end(session, col(Message.id).in_(message_ids), State.CANCELLED, reason, rule, now)


def cancel_for_appointment(
    session: Session, appointment_id: str, *, reason: str, rule: str, now: datetime, keep_ids: Collection[str] = ()
) -> list[str]:
    """Cancel every pending planned message of an appointment but `keep_ids`; returns their ids."""
    of_plan = and_(col(Message.appointment_id) == appointment_id, col(Message.kind) == Kind.PLANNED)
    return _end(session, and_(of_plan, col(Message.id).not_in(keep_ids)), State.CANCELLED, reason, rule, now)


def suppress_for_number(session: Session, phone: str, *, reason: str, now: datetime) -> list[str]:
    """Suppress everything pending to a number that opted out, but alerts to staff and the one confirmation.

    Lock or write the number's row first in the same transaction: whoever sends locks it before the messages.
    """
    confirmation = and_(col(Message.kind) == Kind.REPLY, col(Message.step) == STOP_CONFIRMATION)
    exempt = or_(col(Message.kind) == Kind.ALERT, confirmation)
    return _end(
        session, and_(col(Message.to_phone) == phone, not_(exempt)), State.SUPPRESSED, reason, OPTED_OUT, now
    )


def restore_for_number(session: Session, phone: str, *, now: datetime) -> int:
    """After START: give back the planned texts that STOP suppressed and that are still useful; returns how many.

    They are decided again when due. One that Twilio refused after taking it is not given back: it may have arrived.
    """
    useful = or_(col(Message.useful_until).is_(None), col(Message.useful_until) > now)
    suppressed = and_(col(Message.state) == State.SUPPRESSED, col(Message.rule) == OPTED_OUT)
    done = session.exec(
        update(Message)
        .where(col(Message.to_phone) == phone, suppressed, useful)
        .where(col(Message.kind) == Kind.PLANNED, col(Message.sid).is_(None))
        .values(state=State.SCHEDULED, reason=None, rule=None, settled_at=None, updated_at=now)
    )
    wake_workers(session)
    return done.rowcount


def next_due_at(session: Session, *, after: datetime | None = None) -> datetime | None:
    """When the next message is due, of those due later than `after`; without it in the past where some already are."""
    due = select(func.min(col(Message.due_at))).where(col(Message.state) == State.SCHEDULED)
    return session.exec(due.where(col(Message.due_at) > after) if after else due).one()


def wake_workers(session: Session) -> None:
    """Tell sleeping workers, once this transaction is committed, that there may be something to send."""
    if session.info.get(WAKE):
        return
    session.info[WAKE] = True
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text(f"NOTIFY {CHANNEL}"))


def _row(message: NewMessage, now: datetime) -> Message:
    plain = {name: getattr(message, name) for name in NewMessage.__dataclass_fields__}
    changed = {
        "planned_for": message.planned_for or message.due_at,
        "carries": list(message.carries),
        "details": dict(message.details),
        "said": dict(message.said),
        "priority": int(Priority(message.priority)),
    }
    return Message(**plain | changed, state=State.SCHEDULED, created_at=now, updated_at=now)


def _end(
    session: Session, which: ColumnElement[bool], state: State, reason: str, rule: str, now: datetime
) -> list[str]:
    # Rows are locked in the order of their ids everywhere, so that two who need several never wait for each other.
    pending = select(Message.id).where(which, col(Message.state).in_(PENDING)).order_by(col(Message.id))
    ids = list(session.exec(pending.with_for_update()).all())
    if ids:
        session.exec(
            update(Message)
            .where(col(Message.id).in_(ids))
            .values(state=state, reason=reason, rule=rule, settled_at=now, updated_at=now)
            .values(claimed_by=None, lease_until=None)
        )
    return ids
