"""The words of one planned text, rendered as late as possible so that they say what is true when they go out. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.care.model import Appointment, Step, Timeline
from bot.care.timing import resolve
from bot.content.render import Filled, day_name, fill
from bot.content.segments import measure

MOST_SEGMENTS = 2
_EXAMPLES = re.compile(r" \([^()]*\)")


def words_of(
    step: Step,
    timeline: Timeline,
    *,
    appointment: Appointment,
    now: datetime,
    values: Mapping[str, str],
    occurrence: int = 0,
    carries: Sequence[str] = (),
    is_first: bool = False,
) -> Filled:
    """What this step says to this patient at `now`; `values` give the clinic's name and number and her own name.

    The first text a patient gets says how to stop and get help, whichever step it is. Examples of a limit, which stand
    in parentheses, are left out where they would make the text too long.
    """
    merged = [s for s in timeline.steps if s.id in carries]
    template = _variant(step, appointment, occurrence, merged, now)
    limits = ", ".join(s.fragment or s.id for s in merged)
    since = min((resolve(s.in_force, appointment) for s in merged if s.in_force), default=now)
    named = {**values, "since_day": day_name(since.astimezone(appointment.zone))} if merged else dict(values)
    tries = [
        fill(words, {**named, "limits": said} if merged else named, appointment=appointment, now=now)
        for words in _as_first(template, step, timeline, is_first=is_first)
        for said in dict.fromkeys((limits, _EXAMPLES.sub("", limits)))
    ]
    return next((filled for filled in tries if measure(filled.text).segments <= MOST_SEGMENTS), tries[-1])


def since_when(merged: Sequence[Step], appointment: Appointment, now: datetime) -> datetime | None:
    """When the first of these limits came into force, if one has."""
    begun = [at for s in merged if s.in_force and (at := resolve(s.in_force, appointment)) <= now]
    return min(begun, default=None)


def says_how_to_stop(words: str) -> bool:
    """Whether a text names the word that ends all texts."""
    return "STOP" in words


def _variant(step: Step, appointment: Appointment, occurrence: int, merged: Sequence[Step], now: datetime) -> str:
    """The words for her case. Of limits that are still to come nothing is asked."""
    holds = {
        "nothing in force": step.catch_up and since_when(merged, appointment, now) is None,
        "nothing prescribed": step.catch_up and not any(s.may_be_prescribed for s in merged),
        "prp": appointment.flags.get("prp", False),
        "on the day": now >= appointment.on_day(0),
        "last": occurrence == len(step.when) - 1,
    }
    return next((step.variants[name] for name, does in holds.items() if does and name in step.variants), step.text)


def _as_first(template: str, step: Step, timeline: Timeline, *, is_first: bool) -> Iterator[str]:
    """The template as it may go; where it is the first text with how to stop, at its end or in words of its own."""
    if not is_first or says_how_to_stop(template):
        yield template
        return
    yield f"{template} {timeline.first_text_ends}"
    if "first" in step.variants:
        yield step.variants["first"]
