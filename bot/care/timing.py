"""From a moment on the timeline to an instant, and in or out of quiet hours. Pure; reads no clock.

Days move the calendar and hours move the clock: "9:00" stays 9:00 and "4 hours" stays four hours over a clock change.
"""

import calendar
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care.model import Anchor, Appointment, Moment, QuietHours


def resolve(moment: Moment, appointment: Appointment) -> datetime:
    """The instant (UTC) this moment falls on for this appointment."""
    local = _anchor(moment.anchor, appointment).astimezone(appointment.zone)
    if moment.months:
        local = _months_on(local, moment.months)
    if moment.days or moment.at is not None:
        local = on_the_wall(local, days=moment.days, at=moment.at)
    instant = local.astimezone(UTC) + moment.elapsed
    if moment.or_if_earlier:
        instant = min(instant, resolve(moment.or_if_earlier, appointment))
    return instant


def on_the_wall(local: datetime, *, days: int = 0, at: time | None = None) -> datetime:
    """`local` moved by calendar days and set to the clock time `at`; a time that a clock change skips moves forward."""
    clock = local.time() if at is None else at
    moved = datetime.combine(local.date() + timedelta(days=days), clock, local.tzinfo)
    return moved.astimezone(UTC).astimezone(local.tzinfo)


def is_quiet(instant: datetime, quiet: QuietHours, zone: ZoneInfo) -> bool:
    """Whether unprompted texts must wait at this instant, by the patient's clock."""
    clock = instant.astimezone(zone).time()
    if quiet.begins <= quiet.ends:
        return quiet.begins <= clock < quiet.ends
    return clock >= quiet.begins or clock < quiet.ends


def quiet_ends_at(instant: datetime, quiet: QuietHours, zone: ZoneInfo) -> datetime:
    """The next instant (UTC) at which quiet hours end; `instant` itself where they do not hold."""
    if not is_quiet(instant, quiet, zone):
        return instant
    local = instant.astimezone(zone)
    days = 1 if local.time() >= quiet.ends else 0
    ends_at = on_the_wall(local, days=days, at=quiet.ends).astimezone(UTC)
    # In the hour that comes twice in autumn the first of the two may be over already.
    return ends_at if ends_at > instant else on_the_wall(local, at=quiet.ends.replace(fold=1)).astimezone(UTC)


def quiet_began_at(instant: datetime, quiet: QuietHours, zone: ZoneInfo) -> datetime:
    """When the quiet hours that hold at this instant began (UTC); `instant` itself where they do not hold."""
    if not is_quiet(instant, quiet, zone):
        return instant
    local = instant.astimezone(zone)
    return on_the_wall(local, days=-1 if local.time() < quiet.begins else 0, at=quiet.begins).astimezone(UTC)


def ending_by(quiet: QuietHours, earliest: time | None) -> QuietHours:
    """Quiet hours that end at `earliest` where that comes sooner; never later than they would."""
    if earliest is None or earliest >= quiet.ends:
        return quiet
    if quiet.begins <= quiet.ends and earliest <= quiet.begins:
        return quiet
    return QuietHours(quiet.begins, earliest)


def end_of_day(instant: datetime, zone: ZoneInfo) -> datetime:
    """Midnight (UTC) at which the local day of this instant is over."""
    return on_the_wall(instant.astimezone(zone), days=1, at=time()).astimezone(UTC)


def _months_on(local: datetime, months: int) -> datetime:
    """The same day of another month, or that month's last day where it has no such day."""
    years, month = divmod(local.month - 1 + months, 12)
    last_day = calendar.monthrange(local.year + years, month + 1)[1]
    return local.replace(year=local.year + years, month=month + 1, day=min(local.day, last_day))


def _anchor(anchor: Anchor, appointment: Appointment) -> datetime:
    match anchor:
        case Anchor.BOOKED:
            return appointment.booked_at
        case Anchor.START:
            return appointment.starts_at
        case Anchor.END:
            return appointment.end
