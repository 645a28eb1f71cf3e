"""Signs of life of the workers, for health checks. Judges nobody."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, func, select

from bot.records.tables import Heartbeat

FORGOTTEN_AFTER = timedelta(days=1)


def beat(session: Session, worker: str, *, started_at: datetime, now: datetime) -> None:
    """Say that this worker is alive, and forget those that have long been silent."""
    session.merge(Heartbeat(worker=worker, beaten_at=now, started_at=started_at))
    session.exec(delete(Heartbeat).where(col(Heartbeat.beaten_at) < now - FORGOTTEN_AFTER))


def last_beat_at(session: Session) -> datetime | None:
    """When any worker last said that it is alive; None where none ever did."""
    return session.exec(select(func.max(col(Heartbeat.beaten_at)))).one()
