"""Alarms for whoever runs the installation, and the pause of all sending that some of them mean.

It never drops a message: what a pause holds back stays scheduled.
"""

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select, update

from bot.outbox.backoff import pause
from bot.records.tables import Alarm
from bot.sms.twilio_codes import CodeInfo

# Twilio refused a call for something of ours; a carrier refused an accepted text for something of ours.
CONFIGURATION = "configuration"
REGISTRATION = "registration"
# Refusals that are ours to mend, but that bear on the one recipient only: they stop nobody else's texts.
ONE_RECIPIENT = frozenset({21408, 21608, 30450})


def raise_alarm(session: Session, kind: str, words: str, *, now: datetime) -> bool:
    """Open an alarm of this kind; False where one is open already, which then keeps its words and its time."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = {"kind": kind, "words": words, "raised_at": now, "rounds": 0}
    made = session.exec(insert(Alarm).values(**fresh).on_conflict_do_nothing().returning(col(Alarm.kind))).first()
    if made:
        return True
    closed = update(Alarm).where(col(Alarm.kind) == kind, col(Alarm.cleared_at).is_not(None))
    return session.exec(closed.values(**fresh, cleared_at=None, holds_until=None)).rowcount == 1


def clear_alarm(session: Session, kind: str, *, now: datetime) -> bool:
    """Close the open alarm of this kind, and the pause with it; False where none is open."""
    still_open = update(Alarm).where(col(Alarm.kind) == kind, col(Alarm.cleared_at).is_(None))
    return session.exec(still_open.values(cleared_at=now, holds_until=None)).rowcount == 1


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
