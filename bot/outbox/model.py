"""The words of the outbox: a message's states and kinds, and what may be decided about it. Holds data, does nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import IntEnum, StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.care.model import Corrects, IfQuiet, QuietHours, Status, Step


class State(StrEnum):
    """Where a message stands. *Due* is a fact about time, not a state."""

    SCHEDULED = "scheduled"  # waits for its time
    CLAIMED = "claimed"  # taken by one worker, certainly not yet handed over
    UNKNOWN = "unknown"  # handed over, and no answer heard: never again without a look-up
    ACCEPTED = "accepted"  # Twilio took it and gave a SID
    SENT = "sent"  # the carrier took it; often the last thing ever heard
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELLED = "cancelled"  # no longer planned
    SUPPRESSED = "suppressed"  # may not be texted
    EXPIRED = "expired"  # too late to be useful


PENDING = frozenset({State.SCHEDULED, State.CLAIMED})
LEFT_US = frozenset({State.UNKNOWN, State.ACCEPTED, State.SENT, State.DELIVERED})
TERMINAL = frozenset(
    {State.DELIVERED, State.UNDELIVERED, State.FAILED, State.CANCELLED, State.SUPPRESSED, State.EXPIRED}
)


class Kind(StrEnum):
    """Why a message exists."""

    PLANNED = "planned"  # an entry of an appointment's plan
    REPLY = "reply"  # answers an inbound text, usually inside the webhook's answer
    NOTICE = "notice"  # to a patient, about something that just happened
    ALERT = "alert"  # to staff


class Priority(IntEnum):
    """Which due messages go first; the smaller the sooner."""

    NOW = 0
    TIME_CRITICAL = 1
    BULK = 2


# The reply to STOP: the one text that may follow it.
STOP_CONFIRMATION = "stop"


@dataclass(frozen=True)
class NewMessage:
    """A message to put into the outbox. `position` orders those that fall due at the same moment.

    `revision` is the appointment's at planning. `details` are the values its words need; `body` is given only where
    the words are fixed already (replies, alerts), else they are rendered at the moment of sending.
    """

    kind: Kind
    to_phone: str
    step: str
    due_at: datetime
    useful_until: datetime | None = None
    planned_for: datetime | None = None
    patient_id: str | None = None
    appointment_id: str | None = None
    inbound_id: str | None = None
    escalation_id: int | None = None
    occurrence: int = 0
    position: int = 0
    revision: int = 0
    carries: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    segments: int | None = None
    priority: Priority = Priority.BULK


@dataclass(frozen=True)
class StepRules:
    """What a step says about the moment of sending.

    `hangs_on_end`: it waits for the report that the procedure ended. `holds_in_hand_off`: it waits while staff are
    talking with the patient. `tells_cancellation`: it is sent although, and because, the appointment is off.
    `recurs`: it is planned for several moments. `untold`: what the patient does not know, in staff's words, where it
    comes too late.
    """

    if_quiet: IfQuiet = IfQuiet.HOLD
    earliest: time | None = None
    hangs_on_end: bool = False
    holds_in_hand_off: bool = False
    tells_cancellation: bool = False
    recurs: bool = False
    untold: str | None = None


def rules_of(step: Step) -> StepRules:
    """What the nurse's line of the timeline says about the moment of sending."""
    return StepRules(
        if_quiet=step.if_quiet,
        earliest=step.earliest,
        hangs_on_end=step.hangs_on_end,
        holds_in_hand_off=step.waits_for_staff,
        tells_cancellation=step.corrects is Corrects.CANCELLED,
        recurs=len(step.when) > 1,
        untold=step.untold,
    )


def priority_of(step: Step) -> Priority:
    """Whether a planned text of this step goes ahead of the morning's bulk."""
    return Priority.TIME_CRITICAL if step.first_in_line else Priority.BULK


@dataclass(frozen=True)
class AppointmentFacts:
    """The appointment as it stands now."""

    status: Status
    revision: int
    ends_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Facts:
    """Everything that bears on whether one message may go now. `told_at` is when the same words last went there."""

    state: State
    kind: Kind
    step: str
    revision: int
    zone: ZoneInfo
    quiet: QuietHours = field(default_factory=QuietHours)
    rules: StepRules = field(default_factory=StepRules)
    useful_until: datetime | None = None
    appointment: AppointmentFacts | None = None
    opted_out_at: datetime | None = None
    urgent_open: bool = False
    acknowledged: bool = False
    told_at: datetime | None = None


@dataclass(frozen=True)
class Send:
    """It may go now."""


@dataclass(frozen=True)
class Hold:
    """Not now: look again at `until`."""

    until: datetime
    why: str


@dataclass(frozen=True)
class Drop:
    """It will not go: the terminal `state`, the reason staff read, and the rule that said so."""

    state: State
    reason: str
    rule: str


Decision = Send | Hold | Drop


@dataclass(frozen=True)
class Rendered:
    """The words of a message at the moment of sending; `said` are the instants they name, by name, as ISO in UTC."""

    body: str
    said: Mapping[str, str] = field(default_factory=dict)
    segments: int | None = None


@dataclass(frozen=True)
class Sendable:
    """A message whose attempt is on record: what it takes to hand it over, and to settle that attempt and no other.

    `validity_for` is in seconds. A probe is the one message that tries whether a configuration was mended.
    """

    id: str
    attempt: int
    to: str
    body: str
    validity_for: int | None = None
    probe: bool = False
