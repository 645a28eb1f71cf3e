"""A member of staff who texts STOP gets no more alerts from Twilio: others are asked, and the operator is told."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.outbox.alarms import clear_alarm, raise_alarm
from bot.records.tables import Number
from bot.usecases.clinic import Clinic, Person

ALARM = "staff opted out"


def reachable(session: Session, clinic: Clinic, *, now: datetime) -> Sequence[Person]:
    """Whom an alert reaches, in the order they are asked; everyone where it would reach nobody. Raises the alarm."""
    out = opted_out(session, clinic.staff)
    if not out:
        return clinic.staff
    tell_operator(session, clinic, now=now)
    return tuple(person for person in clinic.staff if person not in out) or clinic.staff


def opted_out(session: Session, staff: Sequence[Person]) -> list[Person]:
    """Who of these has texted STOP to us."""
    phones = [person.phone for person in staff]
    wanted = select(Number.phone).where(col(Number.phone).in_(phones), col(Number.opted_out_at).is_not(None))
    found = set(session.exec(wanted))
    return [person for person in staff if person.phone in found]


def tell_operator(session: Session, clinic: Clinic, *, now: datetime) -> None:
    """Raise the alarm while a member of staff has opted out, and clear it after."""
    names = " and ".join(person.name for person in opted_out(session, clinic.staff))
    if not names:
        clear_alarm(session, ALARM, now=now)
        return
    words = (
        f"{names} of the staff has texted STOP to the clinic's number, so Twilio lets no alert through to that phone. "
        f"Ask {names} to text START to it, or take the number out of STAFF_NUMBERS."
    )
    raise_alarm(session, ALARM, words, now=now)
