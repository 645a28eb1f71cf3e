"""How long to wait before the next try or look-up. Pure: chance comes as an argument, and nothing is slept here."""

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)
# A text without an end to its usefulness (an alert, a notice) is not tried for ever.
TRIED_FOR = timedelta(hours=12)
# A phone that is off is on again within the hour, or by the evening.
HANDSET_WAITS = (timedelta(minutes=10), timedelta(minutes=60))
# Longer than a call may take (10 s), so that the answer of one that is merely slow is never overtaken by a look-up.
CRASH_LOOK_UP_AFTER = timedelta(seconds=20)
# Twilio's list may lag behind what it accepted: absent at the last of these, counted from the attempt, is absent.
LOOK_UPS_AFTER = (timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60))
# A receipt that has not come by then may be lost; after half a day Twilio itself advises to ask.
FOLLOW_UPS_AFTER = (timedelta(seconds=90), timedelta(minutes=15), timedelta(hours=12))
PAUSES = (timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=10))


def retry_wait(attempts: int, chance: float, *, asked_for: float | None = None) -> timedelta:
    """The wait after the `attempts`-th try was throttled or not reached; doubles, and is spread by `chance` in [0, 1).

    `asked_for` seconds (Retry-After) is the least it will be.
    """
    doubled = min(FIRST_WAIT * (1 << min(max(attempts - 1, 0), 20)), LONGEST_WAIT)
    spread = doubled / 2 + doubled / 2 * chance
    return max(spread, timedelta(seconds=min(asked_for or 0, LONGEST_WAIT.total_seconds())))


def handset_wait(failures: int) -> timedelta:
    """The wait after a phone could not be reached for the `failures`-th time."""
    return HANDSET_WAITS[min(failures, len(HANDSET_WAITS)) - 1]


def while_useful(at: datetime, *, useful_until: datetime | None, planned_for: datetime) -> datetime | None:
    """`at`, or None where a text sent then would help nobody."""
    return at if at < (useful_until or planned_for + TRIED_FOR) else None


def next_look_up(attempted_at: datetime, now: datetime, *, hurry: bool = False) -> datetime | None:
    """When to look a message up (again); None once the list has had its time and what is absent is not there.

    In a `hurry` (alerts to staff) one look has to do: a second alert does less harm than a late one.
    """
    afters = LOOK_UPS_AFTER[:1] if hurry else LOOK_UPS_AFTER
    return next((attempted_at + after for after in afters if attempted_at + after > now), None)


def next_follow_up(sent_at: datetime, now: datetime) -> datetime | None:
    """When to ask Twilio how a text it took has fared, where no receipt says so; None: it will not be asked again."""
    return next((sent_at + after for after in FOLLOW_UPS_AFTER if sent_at + after > now), None)


def pause(rounds: int) -> timedelta:
    """How long all sending rests after `rounds` probes in a row were refused for our configuration."""
    return PAUSES[min(rounds, len(PAUSES) - 1)]
