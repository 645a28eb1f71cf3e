"""Decides once more about a message on record whose call could not begin at once. It locks nothing, changes nothing."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.outbox.attempts import House, rules_in
from bot.outbox.decide import decide
from bot.outbox.facts import facts_of, read_background
from bot.outbox.model import Drop, Hold, Sendable, State

SETTLED_OTHERWISE = "this attempt was settled already"


def objection_to(session: Session, sendable: Sendable, *, house: House, now: datetime) -> str | None:
    """Why this message, decided and on record before, may not be handed over after all; None while it may."""
    background = read_background(session, [sendable.id], house_zone=house.zone)
    message = background.messages.get(sendable.id)
    if message is None or message.sid or (message.state, message.attempts) != (State.UNKNOWN, sendable.attempt):
        return SETTLED_OTHERWISE
    facts = facts_of(message, background, quiet=house.quiet, rules=rules_in(background, message, house))
    # On record it counts as possibly gone; whether it may go is asked of it as of one that is still with us.
    match decide(replace(facts, state=State.CLAIMED), now):
        case Hold(why=why):
            return why
        case Drop(reason=reason):
            return reason
    return None
