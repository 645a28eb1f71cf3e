"""How far Twilio's list of texts to us has been read. It reads no list and judges no text."""

from datetime import datetime, timedelta

from sqlmodel import Session, func, select

from bot.records.tables import Inbound, ListRead, Patient

INBOUND = "inbound"
# Twilio's list may lag, and leaves to the webhook what has just come in: each reading goes over the last hour again.
READ_AGAIN_FOR = timedelta(hours=1)


def read_from(session: Session, *, now: datetime) -> datetime:
    """From when on the list is to be read, so that nothing is missed; never from before this clinic had a bot."""
    mark = session.get(ListRead, INBOUND)
    if mark is None:
        return _began_at(session) or now
    # The mark is later than now where a clock was wrong.
    return max(mark.began_at, min(mark.read_until, now) - READ_AGAIN_FOR)


def note_read(session: Session, *, since: datetime, until: datetime) -> None:
    """Remember that everything that the list had from `since` to `until` is ours now."""
    mark = session.get(ListRead, INBOUND)
    session.merge(ListRead(name=INBOUND, began_at=mark.began_at if mark else since, read_until=until))


def _began_at(session: Session) -> datetime | None:
    """When the first patient or the first text came in; None where neither has."""
    firsts = (session.exec(select(func.min(column))).one() for column in (Patient.created_at, Inbound.received_at))
    return min((first for first in firsts if first is not None), default=None)
