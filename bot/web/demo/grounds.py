"""What an answer rests on: the care sheet's sentences, and how its clock times came about. Pure.

It goes by the words that were said, and must not answer afresh: what is shown has to be what the patient was told.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from string import Formatter

from bot.care.model import Anchor, Appointment, Moment
from bot.care.timing import resolve
from bot.content.model import Content, Topic, Window
from bot.content.moments import UnknownMoment, parse_moment
from bot.content.render import clock_time, day_name, placeholders, spoken, up_to_the_minute
from bot.conversation.answer import window_at

WEEKDAY_IS_ENOUGH_WITHIN = timedelta(days=6)
CHANGED = "The appointment has changed since: ask again for what holds now."


@dataclass(frozen=True)
class Grounds:
    """The sentences quoted and the reckonings, each once, in the order said."""

    quotes: tuple[str, ...] = ()
    times: tuple[str, ...] = ()


def grounds(
    said: str, content: Content, appointment: Appointment, *, topics: Sequence[str], signs: Sequence[str], at: datetime
) -> Grounds:
    """What the reply `said`, given at the instant `at` on these topics and signs, rests on."""
    known = [content.signs[sign] for sign in signs if sign in content.signs]
    quotes = [quote for sign in known if _is_in(sign.reply, said) for quote in sign.source]
    times = []
    for topic in (content.topics[each] for each in topics if each in content.topics):
        said_here = [each for each in topic.windows if each.text and _is_in(each.text, said)]
        window = max(said_here, key=lambda each: len(each.text), default=None)  # one's words may begin another's
        if window is not None:
            quotes += window.source
            times += _times(topic, window, appointment, said, at)
    return Grounds(tuple(dict.fromkeys(quotes)), tuple(dict.fromkeys(times)))


def reckoned(moment: Moment, appointment: Appointment, now: datetime) -> str | None:
    """How this moment is counted, as seen from `now`; None where it is the event itself, or its day."""
    offset = _offset(moment)
    if not offset:
        return None
    base = resolve(Moment(moment.anchor), appointment).astimezone(appointment.zone)
    then = up_to_the_minute(resolve(moment, appointment)).astimezone(appointment.zone)
    if moment.at == time():
        return f"The treatment {'is' if now < base else 'was'} on {day_name(base)}; {offset} that is {day_name(then)}."
    near = abs(then.date() - base.date()) <= WEEKDAY_IS_ENOUGH_WITHIN
    first, last = (f"{each:%a} {clock_time(each)}" if near else f"{day_name(each)} {clock_time(each)}"
                   for each in (base, then))  # fmt: skip
    return f"The treatment {_happens(moment.anchor, appointment, now)} {first}; {offset} that is {last}."


def _is_in(template: str, said: str) -> bool:
    """Whether the reply holds these words, whatever times and names were filled in."""
    pieces = (re.escape(" ".join(literal.split())) for literal, *_ in Formatter().parse(template))
    return re.search(".*?".join(pieces), " ".join(said.split()), re.IGNORECASE) is not None


def _times(topic: Topic, window: Window, appointment: Appointment, said: str, at: datetime) -> list[str]:
    """The moments that the words name; where they name none, the one since which this window holds."""
    named = list(_named(window))
    if window_at(topic, appointment, at) is not window or not all(_is_said(m, appointment, said, at) for m in named):
        return [CHANGED]
    place = topic.windows.index(window)
    since = topic.windows[place - 1].until if place else None
    moments = named or ([since] if since else [])
    return [words for moment in moments if (words := reckoned(moment, appointment, at))]


def _named(window: Window) -> Iterable[Moment]:
    for name in placeholders(window.text):
        if name == "until" and window.until:
            yield window.until
            continue
        try:
            yield parse_moment(name)
        except UnknownMoment:
            continue  # a name such as {phone}, not a moment


def _is_said(moment: Moment, appointment: Appointment, said: str, at: datetime) -> bool:
    instant = up_to_the_minute(resolve(moment, appointment))
    return any(
        words in said
        for words in (spoken(instant, at, appointment.zone), day_name(instant.astimezone(appointment.zone)))
    )


def _offset(moment: Moment) -> str:
    """ "24 hours after", "7 days before"; nothing where the moment does not move."""
    minutes = round(moment.elapsed.total_seconds() / 60)
    amounts = ((moment.months, "month"), (moment.days, "day"))
    amounts += (((minutes // 60, "hour") if minutes % 60 == 0 else (minutes, "minute")),)
    moved = [(amount, unit) for amount, unit in amounts if amount]
    if not moved:
        return ""
    words = " and ".join(f"{abs(amount)} {unit}{'s' if abs(amount) != 1 else ''}" for amount, unit in moved)
    return f"{words} {'after' if moved[0][0] > 0 else 'before'}"


def _happens(anchor: Anchor, appointment: Appointment, now: datetime) -> str:
    match anchor:
        case Anchor.BOOKED:
            return "was booked"
        case Anchor.START:
            return "starts" if now < appointment.starts_at else "started"
    if appointment.ended_at:
        return "ended"
    return "is to end" if now < appointment.end else "was to end"
