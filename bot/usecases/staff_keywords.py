"""STOP and START from a staff number. A STOP is never answered, and a START brings the alerts back."""

from datetime import datetime

from sqlmodel import Session

from bot.content.render import fill
from bot.records.numbers import lock_numbers, record_opt_in
from bot.records.tables import Inbound
from bot.usecases.clinic import Clinic
from bot.usecases.opt_outs import take_stop
from bot.usecases.said import Said
from bot.usecases.staff_opt_outs import tell_operator

# Twilio's own words, each alone in a text; any other wording is not blocked.
STOPS = frozenset("stop stopall unsubscribe cancel end quit revoke optout".split())
STARTS = frozenset("start unstop yes".split())


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
