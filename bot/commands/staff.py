"""`bot staff`: who is alerted, in which order, and whether a text reaches them. It changes no setting."""

import asyncio

from bot.settings import read_settings
from bot.sms.gateway import Accepted, Gateway, Outcome, Outgoing, Rejected


def staff(*, test: bool = False) -> int:
    """Print the list; with `test` text each person once. Returns the exit status."""
    settings = read_settings(complete=test)
    people = settings.staff()
    if not people:
        print("Nobody is alerted. Set STAFF_NUMBERS, like Alice:+12125550123, Bob:+12125550124")
        return 1
    for place, (name, phone) in enumerate(people, 1):
        print(f"{place}. {name} {phone}")
    if not test:
        return 0
    from bot.wiring import open_gateway

    words = f"{settings.clinic_name}: a test. This number gets alerts about patients. No answer is needed."
    outcomes = asyncio.run(_texted(open_gateway(settings), [phone for _, phone in people], words))
    for (name, _), outcome in zip(people, outcomes, strict=True):
        print(f"{name}: {_said(outcome)}")
    return 0 if all(isinstance(outcome, Accepted) for outcome in outcomes) else 1


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
