"""Filling a text's placeholders with a patient's own times. Pure; it chooses no text and sends nothing.

A placeholder is a name ({clinic}, {start_day}) or a moment as messages/ writes it ({4 hours after end}); a moment
followed by `:day` gives the date alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from string import Formatter
from zoneinfo import ZoneInfo

from bot.care.model import Anchor, Appointment
from bot.care.timing import resolve
from bot.content.moments import UnknownMoment, parse_moment

DAY_IS_ENOUGH_WITHIN = timedelta(days=3)


@dataclass(frozen=True)
class Filled:
    """A rendered text, and the start and end it was computed from where it named a time that hangs on them."""

    text: str
    said_start: datetime | None = None
    said_end: datetime | None = None


def fill(
    template: str, values: Mapping[str, str], *, appointment: Appointment | None = None, now: datetime | None = None
) -> Filled:
    """Put values in: names from `values`, moments from the appointment, spoken as of `now`. KeyError names others."""
    anchors: set[Anchor] = set()
    parts = []
    for literal, name, spec, _ in Formatter().parse(template):
        parts.append(literal)
        if name is None:
            continue
        if name in values:
            parts.append(values[name])
        elif appointment is not None and now is not None:
            parts.append(_moment(name, spec or "", appointment, now, anchors))
        else:
            raise KeyError(name)
    ends = appointment.end if appointment and Anchor.END in anchors else None
    starts = appointment.starts_at if appointment and Anchor.START in anchors else None
    return Filled("".join(parts), starts, ends)


def placeholders(template: str) -> Iterator[str]:
    """The names between braces; ValueError where the braces do not pair."""
    return (name for _, name, _, _ in Formatter().parse(template) if name is not None)


def spoken(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A moment as a person says it: "7:00 PM" today, "Wed 3:00 PM" within three days, "Tue Mar 17 3:00 PM" later.

    Midnight is the day alone, and so reads as "from that day on".
    """
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    if local.time() == time():
        return day_name(local)
    if local.date() == today:
        return clock_time(local)
    if timedelta(0) < local.date() - today <= DAY_IS_ENOUGH_WITHIN:
        return f"{local:%a} {clock_time(local)}"
    return f"{day_name(local)} {clock_time(local)}"


def day_name(local: datetime) -> str:
    """A local date as "Tue Mar 10"."""
    return f"{local:%a %b} {local.day}"


def clock_time(local: datetime) -> str:
    """A local clock time as "7:05 PM"."""
    return f"{local.hour % 12 or 12}:{local:%M %p}"


def _moment(name: str, spec: str, appointment: Appointment, now: datetime, anchors: set[Anchor]) -> str:
    match name:
        case "start_day":
            anchors.add(Anchor.START)
            return day_name(appointment.starts_at.astimezone(appointment.zone))
        case "start_time":
            anchors.add(Anchor.START)
            return clock_time(appointment.starts_at.astimezone(appointment.zone))
    try:
        moment = parse_moment(name)
    except UnknownMoment:
        raise KeyError(name) from None
    anchors.add(moment.anchor)
    instant = up_to_the_minute(resolve(moment, appointment))
    if spec == "day":
        return day_name(instant.astimezone(appointment.zone))
    return spoken(instant, now, appointment.zone)


def up_to_the_minute(instant: datetime) -> datetime:
    """The next full minute: a limit that ends at 7:00:30 must not be texted as 7:00."""
    floor = instant.replace(second=0, microsecond=0)
    return floor if floor == instant else floor + timedelta(minutes=1)
