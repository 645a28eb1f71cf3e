"""The one decision at the moment of sending: may this message go now, later, or not at all?

Pure: it reads no clock and no database, and nothing else in the project may decide this a second time.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care.model import IfQuiet, QuietHours, Status
from bot.care.timing import ending_by, is_quiet, quiet_began_at, quiet_ends_at
from bot.outbox.model import (
    PENDING,
    STOP_CONFIRMATION,
    Decision,
    Drop,
    Facts,
    Hold,
    Kind,
    Send,
    State,
)

END_REPORT_AWAITED_FOR = timedelta(minutes=30)
LAST_CHANCE = timedelta(minutes=1)
HAND_OFF_LOOKED_AT_AFTER = timedelta(minutes=15)
SUPERSEDED = "superseded"
ALREADY_TOLD = "already-told"


def decide(facts: Facts, now: datetime) -> Decision:
    """Whether one message may go at `now` (aware). The first rule that objects wins.

    Whatever would be held past its usefulness is dropped at once, so that the ledger says why.
    """
    for rule in RULES:
        objection = rule(facts, now)
        if isinstance(objection, Hold) and facts.useful_until and objection.until >= facts.useful_until:
            return Drop(State.EXPIRED, f"{objection.why}, until it was too late to be useful", "held-too-long")
        if objection:
            return objection
    return Send()


def quiet_until(now: datetime, zone: ZoneInfo, quiet: QuietHours, *, earliest: time | None = None) -> datetime | None:
    """When the quiet hours around `now` end, or None outside them. `earliest` ends them sooner, never later."""
    quiet = ending_by(quiet, earliest)
    return quiet_ends_at(now, quiet, zone) if is_quiet(now, quiet, zone) else None


def _still_pending(facts: Facts, now: datetime) -> Decision | None:
    if facts.state in PENDING:
        return None
    return Drop(facts.state, "it was settled already", "already-settled")


def _opted_out(facts: Facts, now: datetime) -> Decision | None:
    confirmation = facts.kind is Kind.REPLY and facts.step == STOP_CONFIRMATION
    if facts.opted_out_at is None or facts.kind is Kind.ALERT or confirmation:
        return None
    return Drop(State.SUPPRESSED, f"the patient texted STOP on {_day(facts.opted_out_at, facts.zone)}", "opted-out")


def _appointment_off(facts: Facts, now: datetime) -> Decision | None:
    if facts.kind is not Kind.PLANNED or facts.appointment is None or facts.rules.tells_cancellation:
        return None
    match facts.appointment.status:
        case Status.CANCELLED:
            return Drop(State.CANCELLED, "the appointment was cancelled", "appointment-cancelled")
        case Status.NO_SHOW:
            return Drop(State.CANCELLED, "the patient did not come to the appointment", "no-show")
    return None


def _superseded(facts: Facts, now: datetime) -> Decision | None:
    if facts.kind is not Kind.PLANNED or facts.appointment is None:
        return None
    if facts.revision == facts.appointment.revision:
        return None
    return Drop(State.CANCELLED, "the appointment changed and this text belongs to the old plan", SUPERSEDED)


def _too_late(facts: Facts, now: datetime) -> Decision | None:
    if facts.useful_until is None or now < facts.useful_until:
        return None
    when = f"{_day(facts.useful_until, facts.zone)}, {_clock(facts.useful_until, facts.zone)}"
    return Drop(State.EXPIRED, f"it was useful only until {when}", "too-late")


def _told_already(facts: Facts, now: datetime) -> Decision | None:
    if facts.told_at is None or facts.kind is not Kind.PLANNED:
        return None
    when = f"{_day(facts.told_at, facts.zone)}, {_clock(facts.told_at, facts.zone)}"
    return Drop(State.SUPPRESSED, f"the same words went to this number on {when}", ALREADY_TOLD)


def _end_awaited(facts: Facts, now: datetime) -> Decision | None:
    appointment = facts.appointment
    if not facts.rules.hangs_on_end or facts.kind is not Kind.PLANNED or appointment is None or appointment.ended_at:
        return None
    until = appointment.ends_at + END_REPORT_AWAITED_FOR
    if facts.useful_until:
        until = min(until, facts.useful_until - LAST_CHANCE)
    # To wait into quiet hours would be to wait for ever: after-care is of use for four hours only.
    quiet = ending_by(facts.quiet, facts.rules.earliest)
    if is_quiet(until, quiet, facts.zone):
        until = quiet_began_at(until, quiet, facts.zone) - LAST_CHANCE
    return Hold(until, "staff had not reported the end of the procedure") if now < until else None


def _handed_off(facts: Facts, now: datetime) -> Decision | None:
    if facts.kind is not Kind.PLANNED or not facts.rules.holds_in_hand_off:
        return None
    if not (facts.urgent_open or facts.acknowledged):
        return None
    return Hold(now + HAND_OFF_LOOKED_AT_AFTER, "staff were in touch with the patient")


def _quiet(facts: Facts, now: datetime) -> Decision | None:
    if facts.kind is not Kind.PLANNED:
        return None
    until = quiet_until(now, facts.zone, facts.quiet, earliest=facts.rules.earliest)
    if until is None:
        return None
    if facts.rules.if_quiet is IfQuiet.DROP:
        reason = f"it fell in quiet hours, which last until {_clock(until, facts.zone)}"
        return Drop(State.EXPIRED, reason, "quiet-hours")
    return Hold(until, "it fell in quiet hours")


# In the order of what staff would want to hear first; only the first objection is recorded.
RULES: tuple[Callable[[Facts, datetime], Decision | None], ...] = (
    _still_pending,
    _opted_out,
    _appointment_off,
    _superseded,
    _too_late,
    _told_already,
    _end_awaited,
    _handed_off,
    _quiet,
)


def _day(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%b} {local.day}"


def _clock(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.hour % 12 or 12}:{local:%M %p}"
