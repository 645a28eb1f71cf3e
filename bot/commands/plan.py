"""`bot plan`: the texts of one appointment as they would go out. It opens no database and sends nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care.model import Appointment, Plan, PlannedText, QuietHours, Timeline
from bot.care.planner import plan
from bot.care.timing import on_the_wall
from bot.clinic_words import clinic_values, contents, the_content
from bot.commands.times import read_time, read_zone
from bot.content.planned import words_of
from bot.content.segments import measure
from bot.errors import BadRequest
from bot.settings import Settings, read_settings

BOOKED_AHEAD = timedelta(days=30)
BOOKED_AT = time(10, 0)
LONGEST = timedelta(hours=12)  # as the API takes it


@dataclass(frozen=True)
class Asked:
    """The options as typed."""

    start: str
    end: str | None = None
    booked: str | None = None
    timezone: str | None = None
    flags: Sequence[str] = ()
    treatment: str | None = None


@dataclass(frozen=True)
class Shown:
    """One text of the plan in words; `due_at` is UTC, `local` the patient's wall time."""

    step: str
    due_at: datetime
    local: str
    text: str
    segments: int
    encoding: str
    carries: tuple[str, ...] = ()

    def as_object(self) -> dict[str, object]:
        """As `--json` prints it."""
        plain: dict[str, object] = {**vars(self), "due_at": self.due_at.isoformat(), "carries": list(self.carries)}
        if not self.carries:
            del plain["carries"]
        return plain


def show_plan(asked: Asked, *, as_json: bool) -> None:
    """Print the plan, as a table or as JSON. BadRequest names an option that cannot be used."""
    settings = read_settings(complete=False)
    timeline = the_content(contents(settings, with_patients_words=False), asked.treatment).timeline
    appointment = _appointment(asked, timeline, settings)
    planned = plan(timeline, appointment, now=appointment.booked_at, quiet=QuietHours(*settings.quiet()))
    shown = [
        _in_words(text, timeline, appointment, settings, is_first=place == 0)
        for place, text in enumerate(planned.texts)
    ]
    if as_json:
        print(json.dumps([each.as_object() for each in shown], indent=2))
    else:
        _print_table(shown, planned, appointment.zone)


def _appointment(asked: Asked, timeline: Timeline, settings: Settings) -> Appointment:
    zone = read_zone("--timezone", asked.timezone) if asked.timezone else settings.zone()
    starts_at = read_time("--start", asked.start, zone)
    booked_at = read_time("--booked", asked.booked, zone) if asked.booked else _usually_booked(starts_at, zone)
    ended_at = read_time("--end", asked.end, zone) if asked.end else None
    if booked_at >= starts_at:
        raise BadRequest("--booked", asked.booked, "It must lie before --start.")
    if ended_at and not starts_at < ended_at <= starts_at + LONGEST:
        raise BadRequest("--end", asked.end, "It must lie after --start, by at most 12 hours.")
    return Appointment(
        booked_at=booked_at,
        starts_at=starts_at,
        ends_at=starts_at + timeline.usual_length,
        zone=zone,
        ended_at=ended_at,
        flags=dict(_flag(written, timeline) for written in asked.flags),
    )


def _usually_booked(starts_at: datetime, zone: ZoneInfo) -> datetime:
    return on_the_wall(starts_at.astimezone(zone), days=-BOOKED_AHEAD.days, at=BOOKED_AT)


def _flag(written: str, timeline: Timeline) -> tuple[str, bool]:
    name, _, value = written.partition("=")
    if name not in timeline.flags:
        raise BadRequest("--flag", name, f"Known flags: {', '.join(timeline.flags)}.")
    if value not in ("", "yes", "no"):
        raise BadRequest("--flag", written, f"Write {name}, {name}=yes or {name}=no.")
    return name, value != "no"


def _in_words(
    text: PlannedText, timeline: Timeline, appointment: Appointment, settings: Settings, *, is_first: bool
) -> Shown:
    step = timeline.step(text.step)
    assert step is not None  # noqa: S101 - the plan was made from this timeline
    filled = words_of(
        step,
        timeline,
        appointment=appointment,
        now=text.due_at,
        values=clinic_values(settings),
        occurrence=text.occurrence,
        carries=text.carries,
        is_first=is_first,
    )
    words = " ".join(filled.text.split())
    size = measure(words)
    local = f"{text.due_at.astimezone(appointment.zone):%a %Y-%m-%d %H:%M}"
    return Shown(text.step, text.due_at, local, words, size.segments, size.encoding, text.carries)


def _print_table(shown: Sequence[Shown], planned: Plan, zone: ZoneInfo) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"local times of {zone.key}", show_lines=True, expand=True)
    for name in ("when", "step", "segments"):
        table.add_column(name, no_wrap=True)
    table.add_column("text", ratio=1)
    for each in shown:
        merged = f" (instead of {', '.join(each.carries)})" if each.carries else ""
        table.add_row(each.local, each.step, str(each.segments), each.text + merged)
    console = Console(markup=False, highlight=False)
    console.print(table)
    for left in planned.left_out:
        console.print(f"left out: {left.step}, {left.planned_for.astimezone(zone):%a %Y-%m-%d %H:%M}: {left.reason}")
