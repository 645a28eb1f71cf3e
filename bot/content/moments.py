"""The few phrases in which messages/ writes a moment, turned into the planner's words. Pure; resolves nothing.

booked                          start                       end
3 days before at 9:00           the day at 8:00             1 day after at 17:00
2 hours before start            15 minutes after end        7 days before start
day 1 (0:00 on the day after)   6 months before start
the day at 8:00, or 2 hours before start if that is earlier
"""

import re
from dataclasses import replace
from datetime import time, timedelta

from bot.care.model import Anchor, Moment

UNITS = {"minute": "minutes", "hour": "hours"}
_CLOCK = r"(?:at )?(\d{1,2}):(\d\d)"
_DAY_AT = re.compile(rf"(\d+) days? (before|after) {_CLOCK}")
_THE_DAY = re.compile(rf"the day {_CLOCK}")
_FROM_ANCHOR = re.compile(r"(\d+) (minute|hour|day|month)s? (before|after) (booked|start|end)")
_DAY = re.compile(r"day (\d+)")
_OR_EARLIER = re.compile(r"(.+), or (.+) if that is earlier")


class UnknownMoment(ValueError):
    """The phrase is none of those this module knows."""


def parse_moment(phrase: str) -> Moment:
    """The moment a phrase names; UnknownMoment where it names none."""
    phrase = " ".join(str(phrase).split())
    if match := _OR_EARLIER.fullmatch(phrase):
        return replace(parse_moment(match[1]), or_if_earlier=parse_moment(match[2]))
    if phrase in tuple(Anchor):
        return Moment(Anchor(phrase))
    if match := _DAY_AT.fullmatch(phrase):
        return Moment(Anchor.START, days=_signed(match[1], match[2]), at=_clock(match[3], match[4]))
    if match := _THE_DAY.fullmatch(phrase):
        return Moment(Anchor.START, at=_clock(match[1], match[2]))
    if match := _DAY.fullmatch(phrase):
        return Moment(Anchor.START, days=int(match[1]), at=time())
    if match := _FROM_ANCHOR.fullmatch(phrase):
        return _from_anchor(*match.groups())
    raise UnknownMoment(f"{phrase!r} names no moment; write for example '3 days before at 9:00' or '4 hours after end'")


def parse_clock(phrase: str) -> time:
    """A local clock time such as 7:30."""
    match = re.fullmatch(r"(\d{1,2}):(\d\d)", str(phrase))
    if not match:
        raise UnknownMoment(f"{phrase!r} is no clock time; write it like 7:30, in quotes")
    return _clock(match[1], match[2])


def _from_anchor(number: str, unit: str, side: str, anchor: str) -> Moment:
    amount = _signed(number, side)
    if unit == "day":
        return Moment(Anchor(anchor), days=amount)
    if unit == "month":
        return Moment(Anchor(anchor), months=amount)
    return Moment(Anchor(anchor), elapsed=timedelta(**{UNITS[unit]: amount}))


def _signed(number: str, side: str) -> int:
    return -int(number) if side == "before" else int(number)


def _clock(hours: str, minutes: str) -> time:
    try:
        return time(int(hours), int(minutes))
    except ValueError:
        raise UnknownMoment(f"{hours}:{minutes} is no clock time") from None
