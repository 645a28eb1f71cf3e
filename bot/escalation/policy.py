"""Who is alerted, when an escalation climbs and when the patient is told to call. Pure; it alerts nobody itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from bot.conversation.model import Urgency

P = TypeVar("P")

MOST_CLIMBS = 4
ROUTINE_WAIT = timedelta(hours=4)
RANK = {Urgency.ROUTINE: 0, Urgency.URGENT: 1, Urgency.EMERGENCY: 2}


def alerted(staff: Sequence[P], urgency: Urgency, climbs: int) -> tuple[P, ...]:
    """Whom to text: everyone where it is a warning sign or nobody came; the first on the list for a routine task."""
    if urgency is Urgency.ROUTINE and climbs == 0:
        return tuple(staff[:1])
    return tuple(staff)


def climbs_at(now: datetime, urgency: Urgency, climbs: int, *, wait: timedelta) -> datetime | None:
    """When to alert again if nobody has taken it; None after the last time. Each wait is longer than the one before."""
    if urgency is Urgency.ROUTINE:
        return now + ROUTINE_WAIT if climbs == 0 else None
    return now + wait * (2**climbs) if climbs < MOST_CLIMBS else None


def tells_patient_to_call(urgency: Urgency, climbs: int) -> bool:
    """Whether the patient hears, at this climb, that nobody was reached: once, at the first, for a warning sign."""
    return urgency is not Urgency.ROUTINE and climbs == 1


def louder(one: Urgency, other: Urgency) -> Urgency:
    """The more urgent of two."""
    return max(one, other, key=RANK.__getitem__)
