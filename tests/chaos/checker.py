"""Judges a run by what the stand-in took, what the database says and in which order things were committed.

Pure: each rule takes the evidence and returns what broke it, a line each. It trusts no state that it can prove.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

from bot.outbox.decide import SUPERSEDED
from bot.outbox.model import Kind, State
from bot.records.tables import Message
from tests.chaos.answers import (
    inbound_answered_twice,
    inbound_unanswered,
    stops_not_recorded,
    warnings_without_escalation,
)
from tests.chaos.evidence import Created, Evidence
from tests.chaos.reading import (
    WAITING,
    Attempt,
    attempt_behind,
    attempts_of,
    is_changed,
    is_rightly_held,
    name_of,
    planned,
    times_taken,
    was_due,
)
from tests.chaos.truth import changes_not_told, words_not_true

STOP_CONFIRMATION = "stop"
# From the record of an attempt until its call arrives: five seconds at most, and the answer of a webhook is as quick.
ON_ITS_WAY_FOR = timedelta(seconds=8)
CORRECTIONS = frozenset({"moved", "called-off", "new-times"})
# What planning again decides about a text whose time has come: it went with another, or its time is over.
PLANNED_AWAY = frozenset({"late", "merged", "expired"})

Rule = Callable[[Evidence], Iterator[str]]
# Every row of an appointment, over all its plans.
Plans = Mapping[str | None, Sequence[Message]]


def check(evidence: Evidence) -> dict[str, list[str]]:
    """Every figure that has to be zero, with what was found against it."""
    return {name: list(rule(evidence)) for name, rule in RULES.items()}


def accepted_twice(evidence: Evidence) -> Iterator[str]:
    """One message of ours that the stand-in took more than once, or one step of a plan that went out twice."""
    for message_id, times in times_taken(evidence).items():
        if times > 1:
            yield f"{name_of(evidence, message_id)} was accepted {times} times"
    words = Counter((c.to, c.body) for c in evidence.created if planned(evidence, c))
    ids = defaultdict(set)
    for taken in evidence.created:
        ids[taken.to, taken.body].add(taken.message_id)
    for (to, body), times in words.items():
        if times > 1 and len(ids[to, body]) > 1:
            yield f"{to} got the same planned words {times} times: {body[:50]!r}"


def accepted_never(evidence: Evidence) -> Iterator[str]:
    """A message that the stand-in never took although nothing stopped it rightly."""
    taken, plans = times_taken(evidence), _plans(evidence)
    for message_id in evidence.seeded.keys() - evidence.messages.keys():
        yield f"{message_id} is gone from the database"
    for message in evidence.messages.values():
        if not taken[message.id] and was_due(evidence, message):
            wrong = _not_rightly_stopped(evidence, message, plans)
            if wrong:
                yield f"{name_of(evidence, message.id)}: {wrong}"
    for created in evidence.created:
        if created.message_id not in evidence.messages:
            yield f"the stand-in took a text that no row knows: {created.body[:50]!r}"


def sent_after_a_change(evidence: Evidence) -> Iterator[str]:
    """Handed over after STOP, a move, a change of number or a cancellation was committed, or taken too late."""
    attempts = attempts_of(evidence)
    for message_id, each in attempts.items():
        for attempt in each:
            wrong = _handed_over_wrongly(evidence.messages[message_id], attempt)
            if wrong:
                yield f"{name_of(evidence, message_id)} {wrong}"
    for created in evidence.created:
        if created.message_id:
            yield from _taken_too_late(evidence, created, attempts.get(created.message_id, ()))


def unsettled(evidence: Evidence) -> Iterator[str]:
    """What had to be over by the end and still stands between two states."""
    for message in evidence.messages.values():
        if message.state in WAITING and was_due(evidence, message) and not is_rightly_held(evidence, message):
            yield f"{name_of(evidence, message.id)} is {message.state}"


RULES: Mapping[str, Rule] = {
    "accepted_twice": accepted_twice,
    "accepted_never": accepted_never,
    "sent_after_stop_move_or_cancellation": sent_after_a_change,
    "words_not_true": words_not_true,
    "changes_not_told": changes_not_told,
    "inbound_unanswered": inbound_unanswered,
    "inbound_answered_twice": inbound_answered_twice,
    "warnings_without_escalation": warnings_without_escalation,
    "stops_not_recorded": stops_not_recorded,
    "unsettled": unsettled,
}


def _not_rightly_stopped(evidence: Evidence, message: Message, plans: Plans) -> str | None:
    """What is wrong with a message that was never taken; None where it was stopped rightly."""
    settled_before = message.settled_at is not None and message.settled_at <= evidence.began_at
    changed = is_changed(evidence, message)
    match message.state:
        case State.CANCELLED if settled_before and message.rule != SUPERSEDED:
            return None
        case State.CANCELLED if changed and _is_rightly_cancelled(evidence, message, plans):
            return None
        case State.CANCELLED if message.rule == SUPERSEDED and _has_a_successor(evidence, message, plans):
            return None
        case State.SUPPRESSED if settled_before or message.to_phone in evidence.town.stopping:
            return None
        case State.EXPIRED if message.useful_until and message.useful_until <= evidence.began_at:
            return None
        case State.EXPIRED if settled_before or (changed and message.rule in PLANNED_AWAY):
            return None
        case State.SCHEDULED if is_rightly_held(evidence, message):
            return None
    return f"never accepted, and is {message.state} ({message.rule}: {message.reason})"


def _is_rightly_cancelled(evidence: Evidence, message: Message, plans: Plans) -> bool:
    """Whether the appointment is off, or a later plan has the text, or another one carries it.

    A correction of what an old number was told is none of the new one's; it hears the start in its own first text. And
    where another text has told the new start first, which `changes_not_told` makes sure of, it is no longer needed.
    """
    appointment = evidence.appointments.get(message.appointment_id or "")
    if appointment is None or appointment.status == "cancelled" or _is_planned_anew(evidence, message, plans):
        return True
    if message.rule == "merged":
        others = plans[message.appointment_id]
        return any(message.step in row.carries and row.state != State.CANCELLED for row in others)
    needless = CORRECTIONS if message.rule == "handed over" else CORRECTIONS - {"new-times"}
    return message.step in needless


def _is_planned_anew(evidence: Evidence, message: Message, plans: Plans) -> bool:
    """Whether a later plan has the same step, or each of the steps that were merged into it."""
    if _has_a_successor(evidence, message, plans):
        return True
    return bool(message.carries) and all(_is_later_planned(evidence, message, step, plans) for step in message.carries)


def _has_a_successor(evidence: Evidence, message: Message, plans: Plans) -> bool:
    return _is_later_planned(evidence, message, message.step, plans, occurrence=message.occurrence)


def _is_later_planned(
    evidence: Evidence, message: Message, step: str, plans: Plans, occurrence: int | None = None
) -> bool:
    """Whether a later plan has the step, and none after it gave that up: then that one had to go."""
    appointment = evidence.appointments.get(message.appointment_id or "")
    stands = appointment.revision if appointment else 0
    later = (
        other
        for other in plans[message.appointment_id]
        if other.step == step and other.revision > message.revision and occurrence in (None, other.occurrence)
    )
    return any(other.state != State.CANCELLED or other.revision >= stands for other in later)


def _plans(evidence: Evidence) -> Plans:
    rows: defaultdict[str | None, list[Message]] = defaultdict(list)
    for message in evidence.messages.values():
        rows[message.appointment_id].append(message)
    return rows


def _handed_over_wrongly(message: Message, attempt: Attempt) -> str | None:
    if attempt.stopped and not _may_follow_a_stop(message):
        return "was handed over after STOP"
    standing = attempt.standing
    if message.kind != Kind.PLANNED or standing is None:
        return None
    if (attempt.entry.revision or 0) < standing.revision:
        return "of an old plan was handed over after the change"
    return "went to a number that was no longer hers" if message.to_phone != standing.phone else None


def _taken_too_late(evidence: Evidence, created: Created, attempts: Sequence[Attempt]) -> Iterator[str]:
    attempt = attempt_behind(evidence, created, attempts)
    name = name_of(evidence, created.message_id)
    if attempt is None:
        yield f"{name} was taken without a recorded attempt"
        return
    on_its_way_for = created.at - evidence.clock_ahead_for - attempt.entry.at
    # Where the machine itself stood still, the call waited at the stand-in's door.
    if on_its_way_for > ON_ITS_WAY_FOR + evidence.machine_lag:
        yield f"{name} was taken {on_its_way_for} after its attempt"


def _may_follow_a_stop(message: Message) -> bool:
    return message.kind == Kind.ALERT or (message.kind == Kind.REPLY and message.step == STOP_CONFIRMATION)
