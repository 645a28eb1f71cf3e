"""What comes in about an appointment: a booking, the consent given with it, and changes. Holds data only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ConsentGiven:
    """How and when the patient agreed to be texted."""

    method: str
    given_at: datetime


@dataclass(frozen=True)
class Booking:
    """An appointment as it comes in; `phone` is E.164, instants are aware.

    `flags` are those known to hold; None says nothing of them.
    """

    external_id: str
    name: str
    phone: str
    timezone: str | None
    treatment: str
    starts_at: datetime
    ends_at: datetime | None = None
    flags: Sequence[str] | None = None
    consent: ConsentGiven | None = None


@dataclass(frozen=True)
class Changes:
    """What is to change; None leaves a thing as it is.

    `flags` names those that hold, or maps names to yes and no, and leaves the others; `all_flags` leaves none.
    `takes_back_end` forgets an end that was reported by mistake.
    """

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    status: str | None = None
    procedure_ended_at: datetime | None = None
    flags: Sequence[str] | Mapping[str, bool] | None = None
    all_flags: Mapping[str, bool] | None = None
    takes_back_end: bool = False
