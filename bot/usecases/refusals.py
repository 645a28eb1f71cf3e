"""What an appointment cannot be: each refusal names the field, the value and what would do. Writes nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.care.model import Status
from bot.errors import BadRequest
from bot.records.tables import AppointmentRow
from bot.usecases.bookings import Changes
from bot.usecases.clinic import Clinic

LONGEST = timedelta(hours=12)
CLOCKS_DIFFER_BY = timedelta(minutes=5)


def refuse_unknown(clinic: Clinic, treatment: str, flags: Sequence[str]) -> None:
    """BadRequest where the clinic has no such treatment, or the treatment no such flag."""
    if treatment not in clinic.contents:
        raise BadRequest("treatment", treatment, f"Known here: {', '.join(clinic.contents)}.")
    known = clinic.contents[treatment].timeline.flags
    for flag in flags:
        if flag not in known:
            raise BadRequest("flags", flag, f"Known for {treatment}: {', '.join(known)}.")


def refuse_our_own_number(clinic: Clinic, phone: str) -> None:
    """BadRequest where a patient's number is the one we text from: Twilio would refuse every text to it."""
    if phone == clinic.texts_from:
        raise BadRequest("patient.phone", phone, "The clinic texts from this number; give the patient's own.")


def refuse_times(row: AppointmentRow, changes: Changes, now: datetime) -> None:
    """BadRequest where a known appointment cannot have these times or this status."""
    starts_at = changes.starts_at or row.starts_at
    if changes.starts_at is not None and changes.starts_at != row.starts_at and changes.starts_at <= now:
        raise BadRequest("starts_at", starts_at.isoformat(), "It is past; an appointment can only be moved ahead.")
    if changes.ends_at is not None:
        refuse_order(starts_at, changes.ends_at)
    if changes.status is not None and changes.status not in tuple(Status):
        raise BadRequest("status", changes.status, f"Use one of {', '.join(Status)}.")
    if changes.procedure_ended_at is not None:
        refuse_end(starts_at, changes.procedure_ended_at, now)


def refuse_end(starts_at: datetime, ended_at: datetime, now: datetime) -> None:
    """BadRequest where a procedure cannot have ended then."""
    field, value = "procedure_ended_at", ended_at.isoformat()
    if ended_at <= starts_at:
        raise BadRequest(field, value, f"The treatment starts at {starts_at.isoformat()}; its end must be later.")
    if ended_at > now + CLOCKS_DIFFER_BY:
        raise BadRequest(field, value, "It is still to come; report the end when the treatment is over.")
    if ended_at > starts_at + LONGEST:
        raise BadRequest(field, value, "It is more than 12 hours after the start; check the day.")


def refuse_order(starts_at: datetime, ends_at: datetime) -> None:
    """BadRequest where an appointment cannot last so long."""
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise BadRequest("ends_at", ends_at.isoformat(), "It must be after starts_at, by at most 12 hours.")
