"""`bot staff`: who is alerted, in which order, and whether a text reaches them. It changes no setting."""

import asyncio
import sys
from pathlib import Path

from bot.settings import Settings, read_settings
from bot.sms.gateway import Accepted, Gateway, Outcome, Outgoing, Rejected

STOPPED = " has texted STOP and gets no alerts; a START to the clinic's number brings them back"


def staff(*, test: bool = False) -> int:
    """Print the list; with `test` text each person once. Returns the exit status."""
    settings = read_settings(complete=test)
    people = settings.staff()
    if not people:
        print("Nobody is alerted. Set STAFF_NUMBERS, like Alice:+12125550123, Bob:+12125550124")
        return 1
    stopped = _opted_out(settings)
    for place, (name, phone) in enumerate(people, 1):
        print(f"{place}. {name} {phone}{STOPPED if phone in stopped else ''}")
    if not test:
        return 0
    from bot.wiring import open_gateway

    words = f"{settings.clinic_name}: a test. This number gets alerts about patients. No answer is needed."
    outcomes = asyncio.run(_texted(open_gateway(settings), [phone for _, phone in people], words))
    for (name, _), outcome in zip(people, outcomes, strict=True):
        print(f"{name}: {_said(outcome)}")
    return 0 if all(isinstance(outcome, Accepted) for outcome in outcomes) else 1


def _opted_out(settings: Settings) -> frozenset[str]:
    """The numbers of those who have texted STOP; none where there is no database yet."""
    from sqlalchemy.exc import DBAPIError

    from bot.errors import DatabaseAway
    from bot.records.database import open_database
    from bot.usecases.clinic import Person
    from bot.usecases.staff_opt_outs import opted_out

    if settings.is_sqlite and not Path(settings.database_url.removeprefix("sqlite:///")).exists():
        return frozenset()
    database = open_database(settings.database_url)
    try:
        with database.session() as session:
            staff = [Person(name, phone) for name, phone in settings.staff()]
            return frozenset(person.phone for person in opted_out(session, staff))
    except (DatabaseAway, DBAPIError):
        print("The database does not answer, so it is not known whether anybody has texted STOP.", file=sys.stderr)
        return frozenset()
    finally:
        database.close()


async def _texted(gateway: Gateway, phones: list[str], words: str) -> list[Outcome]:
    try:
        return [await gateway.send(Outgoing(phone, words, None)) for phone in phones]
    finally:
        await gateway.aclose()


def _said(outcome: Outcome) -> str:
    from bot.sms.twilio_codes import classify

    match outcome:
        case Accepted():
            return "accepted by Twilio; look at the phone"
        case Rejected(code=code, http_status=status):
            info = classify(code, status)
            return f"refused ({code or status}): {info.words}. {info.remedy}"
    return f"not known to have arrived ({type(outcome).__name__.lower()}); look at the phone before trying again"
