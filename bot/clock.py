"""The only reader of the wall clock, so that everything else takes time as an argument.

The demo and the tests may shift it; nothing else in the project may ask the operating system for the time.
"""

from datetime import UTC, datetime, timedelta

_shift = timedelta(0)


def now() -> datetime:
    """This moment in UTC, moved by whatever `shift_to` last set."""
    return datetime.now(UTC) + _shift


def shift_to(moment: datetime) -> None:
    """Make `now()` read `moment` from here on; it keeps running. For the demo and for rehearsals only."""
    global _shift
    _shift = moment - datetime.now(UTC)


def reset() -> None:
    """Go back to the real time."""
    global _shift
    _shift = timedelta(0)


def shifted_for() -> timedelta:
    """How far `now()` is ahead of the real time."""
    return _shift
