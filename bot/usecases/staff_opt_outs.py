"""A member of staff who texts STOP gets no more alerts from Twilio: others are asked, and the operator is told.

STOP from a staff number is never answered, and a START brings the alerts back.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.content.render import fill
from bot.outbox.alarms import clear_alarm, raise_alarm
from bot.records.numbers import lock_numbers, record_opt_in
from bot.records.tables import Inbound, Number
from bot.usecases.clinic import Clinic, Person
from bot.usecases.opt_outs import take_stop
from bot.usecases.said import Said

ALARM = "staff opted out"
# Twilio's own words, each alone in a text; any other wording is not blocked.
STOPS = frozenset("stop stopall unsubscribe cancel end quit revoke optout".split())
STARTS = frozenset("start unstop yes".split())


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


def take_keyword(session: Session, clinic: Clinic, row: Inbound, *, now: datetime) -> Said | None:
    """Note a STOP or START from a staff number, which is locked; None where the text is neither.

    START counts only after a STOP: else "yes" is a word like any other.
    """
    word = (row.body or "").strip(" .!").casefold()
    number = lock_numbers(session, [row.from_phone])[row.from_phone]
    if row.opt_out_type == "STOP" or word in STOPS:
        take_stop(session, row, now=now)
        said = Said(None, "staff opted out")
    elif number.opted_out_at is not None and (row.opt_out_type == "START" or word in STARTS):
        record_opt_in(session, row.from_phone, at=row.sent_at)
        words = fill(clinic.any_content.staff["alerts again"], clinic.values()).text
        said = Said(" ".join(words.split()), "staff opted in")
    else:
        return None
    session.flush()
    tell_operator(session, clinic, now=now)
    return said


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
