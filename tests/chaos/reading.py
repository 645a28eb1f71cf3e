"""What several rules of the checker read out of the evidence: what was due, what was taken, what stood at an attempt.

Pure; it judges nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.outbox.model import Kind, State
from bot.records.tables import Message
from tests.chaos.evidence import Created, Evidence, Standing, Witnessed

WAITING = frozenset({State.SCHEDULED, State.CLAIMED, State.UNKNOWN})


@dataclass(frozen=True)
class Attempt:
    """A hand-over put on record, and what had been committed before it."""

    entry: Witnessed
    standing: Standing | None
    stopped: bool


def was_due(evidence: Evidence, message: Message) -> bool:
    """Whether it should have left by the end: by its plan, however often it was put off since."""
    return due_at(evidence, message) <= evidence.due_by


def due_at(evidence: Evidence, message: Message) -> datetime:
    """When it was to leave: by the last plan that was made during the run, else as it was when the run began."""
    appointment = evidence.appointments.get(message.appointment_id or "")
    booked = evidence.booked.get(message.appointment_id or "")
    seeded = evidence.seeded.get(message.id)
    if seeded is not None and appointment and booked and appointment.revision == booked.revision:
        return seeded
    return evidence.planned.get(message.id) or seeded or message.due_at


def is_rightly_held(evidence: Evidence, message: Message) -> bool:
    """Whether it waits because staff are in touch with her: then it waits as long as they are."""
    if message.state != State.SCHEDULED or message.rule != "held":
        return False
    hers = [case for case in evidence.escalations if case.phone == message.to_phone and case.state != "resolved"]
    return any(case.urgency != "routine" or case.acknowledged_at for case in hers)


def is_changed(evidence: Evidence, message: Message) -> bool:
    """Whether the calendar touched its appointment."""
    appointment = evidence.appointments.get(message.appointment_id or "")
    return appointment is not None and appointment.external_id in evidence.town.moved


def attempts_of(evidence: Evidence) -> Mapping[str, Sequence[Attempt]]:
    """Every hand-over by its message's id, in the order of their commits."""
    standing = dict(evidence.booked)
    stopped: set[str] = set()
    found: defaultdict[str, list[Attempt]] = defaultdict(list)
    for entry in evidence.witnessed:
        match entry.what:
            case "stop":
                stopped.add(entry.phone or "")
            case "start":
                stopped.discard(entry.phone or "")
            case "change" if entry.standing is not None:
                standing[entry.id or ""] = entry.standing
            case "attempt":
                message = evidence.messages[entry.id or ""]
                stands = standing.get(message.appointment_id or "")
                found[message.id].append(Attempt(entry, stands, message.to_phone in stopped))
    return found


def attempt_behind(evidence: Evidence, created: Created, attempts: Sequence[Attempt]) -> Attempt | None:
    """The last hand-over put on record before the stand-in took this text."""
    at = created.at - evidence.clock_ahead_for + timedelta(seconds=1)
    before = [attempt for attempt in attempts if attempt.entry.at <= at]
    return before[-1] if before else None


def times_taken(evidence: Evidence) -> Counter[str]:
    """How often the stand-in took each message."""
    return Counter(created.message_id for created in evidence.created if created.message_id)


def planned(evidence: Evidence, created: Created) -> Message | None:
    """The planned message behind a text that was taken; None where it is of another kind."""
    message = evidence.messages.get(created.message_id or "")
    return message if message is not None and message.kind == Kind.PLANNED else None


def name_of(evidence: Evidence, message_id: str | None) -> str:
    """A message as the report names it."""
    message = evidence.messages.get(message_id or "")
    return f"{message.kind} {message.step} {message_id} to {message.to_phone}" if message else f"{message_id}"
