"""What a text from a staff number asks for. Pure; it knows neither patients nor open cases."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Take:
    """`A 7`: take the case. No code: the only open one."""

    code: int | None


@dataclass(frozen=True)
class Reply:
    """`R 7 words`: answer the patient from the clinic's number."""

    code: int | None
    words: str


@dataclass(frozen=True)
class Close:
    """`D 7`: done, with an optional note."""

    code: int | None
    note: str


@dataclass(frozen=True)
class Show:
    """`W 7`: what did the patient write?"""

    code: int | None


@dataclass(frozen=True)
class Ended:
    """`DONE Maria 2:40` or `DONE Maria at noon`: her treatment ended. No clock, or "now": it ended just now."""

    name: str
    clock: str


@dataclass(frozen=True)
class Help:
    """`HELP`: what can be texted."""


@dataclass(frozen=True)
class NotUnderstood:
    """None of these."""


StaffCommand = Take | Reply | Close | Show | Ended | Help | NotUnderstood

_ENDED = re.compile(
    r"done\b[:,]?\s*(?P<name>.*?)[\s,@]*(?:\bat\s+)?"
    r"(?P<clock>\d[\d:.h]*\s*(?:[ap]\.?m?\.?)?|\b(?:(?:just|right)\s+)?now|\bnoon|\bmidnight)?\s*[.!]?",
    re.I,
)
_NAMED = {"noon": "12:00 pm", "midnight": "12:00 am", "now": "", "just now": "", "right now": ""}
_LETTER = re.compile(r"(?P<letter>[ardw])(?:\s*#?(?P<code>\d+)\b)?[\s:,.]*(?P<words>.*)", re.I | re.S)
# Python refuses to read numbers of thousands of digits, and no code is longer than this.
MOST_DIGITS = 18
_HELP = re.compile(r"(help|info|\?|commands)[.!?]*", re.I)
_CLOCK = re.compile(r"(?P<hour>\d{1,2}?)(?:[:.h]?(?P<minute>\d\d))?\s*(?P<half>[ap])?\.?m?\.?", re.I)


def read_command(text: str) -> StaffCommand:
    """The command in a staff member's text, however it is spaced or capitalised."""
    text = " ".join(text.split())
    if _HELP.fullmatch(text):
        return Help()
    if text[:4].lower() == "done" and (match := _ENDED.fullmatch(text)):
        clock = " ".join((match["clock"] or "").split())
        return Ended(match["name"].strip(" ,.#"), _NAMED.get(clock.lower(), clock))
    match = _LETTER.fullmatch(text)
    if match is None or not _stands_alone(match):
        return NotUnderstood()
    code = int(match["code"][:MOST_DIGITS]) if match["code"] else None
    words = match["words"].strip()
    match match["letter"].lower():
        case "a":
            return Take(code) if not words or code is not None else NotUnderstood()
        case "r":
            return Reply(code, words)
        case "w":
            return Show(code) if not words or code is not None else NotUnderstood()
        case _:
            return Close(code, words) if not words or code is not None else NotUnderstood()


def _stands_alone(match: re.Match[str]) -> bool:
    """`R 7 ...`, `R7 ...` and a bare `A` are commands; "Are you there" and "R you sure" are not taken for any."""
    if match["code"]:
        return True
    return match["words"] == "" or (match["letter"].lower() == "r" and match.string[1:2] in " :")


def ended_at(clock: str, *, starts_at: datetime, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant a staff member means by "2:40", on the treatment's day: after its start, not in the future.

    Without AM or PM the latest fitting one counts. None: the words are no clock time, or none that can be meant.
    """
    day = starts_at.astimezone(zone).date()
    fitting = [
        instant
        for on in (day, day + timedelta(days=1))
        for hour, minute in _readings(clock)
        for instant in [datetime.combine(on, time(hour, minute), zone)]
        if starts_at < instant <= now
    ]
    return max(fitting, default=None)


def is_before(clock: str, *, starts_at: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Whether "11:00", which is no moment since the start, means one before it rather than one still to come.

    Without AM or PM the one nearer to now is meant.
    """
    day = starts_at.astimezone(zone).date()
    readings = [datetime.combine(day, time(h, m), zone) for h, m in _readings(clock)]
    return bool(readings) and min(readings, key=lambda at: abs(at - now)) <= now


def is_a_clock(clock: str) -> bool:
    """Whether these words are a clock time at all."""
    match = _CLOCK.fullmatch(clock.strip())
    return match is not None and int(match["hour"]) < 24 and int(match["minute"] or 0) < 60


def in_full(clock: str) -> str | None:
    """Bare digits as the clock time they may stand for: "5" is "5:00", "240" is "2:40"; None where they are none."""
    match = _CLOCK.fullmatch(clock)
    return f"{int(match['hour'])}:{match['minute'] or '00'}" if match and is_a_clock(clock) else None


def _readings(clock: str) -> list[tuple[int, int]]:
    """The hours and minutes these words may stand for: without AM or PM both."""
    match = _CLOCK.fullmatch(clock.strip())
    if match is None or not is_a_clock(clock):
        return []
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    either = [hour % 12, hour % 12 + 12] if 1 <= hour <= 12 else [hour]
    hours = {"a": [hour % 12], "p": [hour % 12 + 12]}.get((match["half"] or "").lower(), either)
    return [(h, minute) for h in hours if h < 24]
