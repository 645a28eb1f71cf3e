"""Alarms for whoever runs the installation, and the pause of all sending that some of them mean.

It never drops a message: what a pause holds back stays scheduled.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, and_, col, or_, select, update

from bot.outbox.backoff import pause
from bot.records.tables import Alarm
from bot.sms.twilio_codes import CodeInfo

log = structlog.get_logger(__name__)

# Twilio refused a call for something of ours; a carrier refused an accepted text for something of ours.
CONFIGURATION = "configuration"
REGISTRATION = "registration"
# Refusals that are ours to mend, but that bear on the one recipient only: they stop nobody else's texts.
ONE_RECIPIENT = frozenset({21408, 21608, 30450})
# Nobody may remember to close one; where the trouble lasts it is raised anew, and told of once more.
OPEN_FOR = timedelta(days=1)
# One that comes and goes must not text somebody each time.
TOLD_AGAIN_AFTER = timedelta(hours=1)


def raise_alarm(session: Session, kind: str, words: str, *, now: datetime) -> bool:
    """Open an alarm of this kind; False where one is open already, which then keeps its words and its time."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = {"kind": kind, "words": words, "raised_at": now, "rounds": 0}
    made = session.exec(insert(Alarm).values(**fresh).on_conflict_do_nothing().returning(col(Alarm.kind))).first()
    if not made:
        closed = update(Alarm).where(col(Alarm.kind) == kind, col(Alarm.cleared_at).is_not(None))
        if session.exec(closed.values(**fresh, cleared_at=None, holds_until=None)).rowcount == 0:
            return False
    event.listen(session, "after_commit", lambda _: log.error("an alarm", kind=kind, words=words), once=True)
    return True


def clear_alarm(session: Session, kind: str, *, now: datetime) -> bool:
    """Close the open alarm of this kind, and the pause with it; False where none is open."""
    still_open = update(Alarm).where(col(Alarm.kind) == kind, col(Alarm.cleared_at).is_(None))
    return session.exec(still_open.values(cleared_at=now, holds_until=None)).rowcount == 1


def open_alarms(session: Session) -> list[Alarm]:
    """What is open, the oldest first."""
    still_open = select(Alarm).where(col(Alarm.cleared_at).is_(None))
    return list(session.exec(still_open.order_by(col(Alarm.raised_at))).all())


def untold(session: Session, *, now: datetime) -> list[Alarm]:
    """The open alarms that nobody was texted about since they were raised, locked; at most one of a kind an hour."""
    anew = col(Alarm.told_at) < col(Alarm.raised_at), col(Alarm.told_at) <= now - TOLD_AGAIN_AFTER
    news = or_(col(Alarm.told_at).is_(None), and_(*anew))
    still_open = select(Alarm).where(col(Alarm.cleared_at).is_(None), news)
    return list(session.exec(still_open.order_by(col(Alarm.kind)).with_for_update()).all())


def close_old(session: Session, *, now: datetime) -> None:
    """Close what was raised a day ago, but what stops sending: that ends when sending works again."""
    old = update(Alarm).where(col(Alarm.cleared_at).is_(None), col(Alarm.holds_until).is_(None))
    session.exec(old.where(col(Alarm.raised_at) <= now - OPEN_FOR).values(cleared_at=now))


def stop_sending(session: Session, kind: str, info: CodeInfo, *, now: datetime, probed: bool) -> None:
    """Raise the alarm and let all sending rest; each probe that fails lets it rest longer (1, 2, 5, 10 minutes)."""
    new = raise_alarm(session, kind, f"{info.words}. {info.remedy}", now=now)
    if new or probed:
        alarm = session.exec(select(Alarm).where(col(Alarm.kind) == kind).with_for_update()).one()
        session.refresh(alarm)
        alarm.rounds = 0 if new else alarm.rounds + 1
        alarm.holds_until = now + pause(alarm.rounds)


def probe_again(session: Session, kind: str, *, now: datetime) -> None:
    """The probe was dropped, held or doubted, so nothing was tried: let the next message be the probe at once."""
    still_open = update(Alarm).where(col(Alarm.kind) == kind, col(Alarm.cleared_at).is_(None))
    session.exec(still_open.values(holds_until=now))


def held_back(session: Session) -> Alarm | None:
    """The open alarm that stops sending for longest, locked so that one worker alone takes the probe; or None."""
    stopping = select(Alarm).where(col(Alarm.cleared_at).is_(None), col(Alarm.holds_until).is_not(None))
    if not session.exec(stopping.limit(1)).first():
        return None
    return session.exec(stopping.order_by(col(Alarm.holds_until).desc()).limit(1).with_for_update()).first()
