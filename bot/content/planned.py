"""The words of one planned text, rendered as late as possible so that they say what is true when they go out. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.care.model import Appointment, Step, Timeline
from bot.care.timing import resolve
from bot.content.render import Filled, day_name, fill


def words_of(
    step: Step,
    timeline: Timeline,
    *,
    appointment: Appointment,
    now: datetime,
    values: Mapping[str, str],
    occurrence: int = 0,
    carries: Sequence[str] = (),
) -> Filled:
    """What this step says to this patient at `now`; `values` give the clinic's name and number and her own name."""
    merged = [s for s in timeline.steps if s.id in carries]
    since = since_when(merged, appointment, now)
    named = dict(values)
    if merged:
        named["limits"] = ", ".join(s.fragment or s.id for s in merged)
        named["since_day"] = day_name((since or now).astimezone(appointment.zone))
    return fill(
        _variant(step, appointment, occurrence, asks=since is not None), named, appointment=appointment, now=now
    )


def since_when(merged: Sequence[Step], appointment: Appointment, now: datetime) -> datetime | None:
    """When the first of these limits came into force, if one has."""
    begun = [at for s in merged if s.in_force and (at := resolve(s.in_force, appointment)) <= now]
    return min(begun, default=None)


def _variant(step: Step, appointment: Appointment, occurrence: int, *, asks: bool) -> str:
    if step.catch_up and not asks and "nothing in force" in step.variants:
        return step.variants["nothing in force"]
    if appointment.flags.get("prp") and "prp" in step.variants:
        return step.variants["prp"]
    if occurrence == len(step.when) - 1 and "last" in step.variants:
        return step.variants["last"]
    return step.text
