"""Signs of life of the workers, for health checks, and when they were missing. Judges nobody."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, func, select

from bot.records.tables import Heartbeat

FORGOTTEN_AFTER = timedelta(days=1)
# Three beats missed, and time for clocks that disagree: a worker that was only started again is no silence.
SILENT_AFTER = timedelta(seconds=15)


def beat(
    session: Session, worker: str, *, started_at: datetime, now: datetime, last: datetime | None = None
) -> None:
    """Say that this worker is alive, and forget those that have long been silent.

    `last` is the beat before, where this worker knows that it has lived without a break since. Without it, or where
    the database has forgotten that beat, a silence may lie behind us, and then it is put on record.
    """
    if _breaks_a_silence(session, worker, now, last):
        silent = now
    else:
        silent = silent_until(session)
    session.merge(Heartbeat(worker=worker, beaten_at=now, started_at=started_at, silent_until=silent))
    session.exec(delete(Heartbeat).where(col(Heartbeat.beaten_at) < now - FORGOTTEN_AFTER))


def last_beat_at(session: Session) -> datetime | None:
    """When any worker last said that it is alive; None where none ever did."""
    return session.exec(select(func.max(col(Heartbeat.beaten_at)))).one()


def silent_until(session: Session) -> datetime | None:
    """When the latest silence ended; None where there was none.

    Nobody was heard of before it: nobody worked, or others did and this is a copy of their database from before that.
    """
    return session.exec(select(func.max(col(Heartbeat.silent_until)))).one()


def _breaks_a_silence(session: Session, worker: str, now: datetime, last: datetime | None) -> bool:
    if last is not None:
        mine = session.get(Heartbeat, worker)
        return mine is None or mine.beaten_at < last
    # One that never had a heartbeat may be a copy from before the first.
    before = last_beat_at(session)
    return before is None or now - before > SILENT_AFTER
