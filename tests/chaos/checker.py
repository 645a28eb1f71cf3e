"""Judges a run by what the stand-in took, what the database says and in which order things were committed.

Pure: each rule takes the evidence and returns what broke it, a line each. It trusts no state that it can prove.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from bot.outbox.decide import SUPERSEDED
from bot.outbox.model import Kind, State
from bot.records.tables import Message
from tests.chaos.evidence import Created, Evidence, Witnessed

TAKEN = frozenset({State.ACCEPTED, State.SENT, State.DELIVERED, State.UNDELIVERED})
WAITING = frozenset({State.SCHEDULED, State.CLAIMED, State.UNKNOWN})
STOP_CONFIRMATION = "stop"
# From the record of an attempt until its call arrives: five seconds at most, and the answer of a webhook is as quick.
ON_ITS_WAY_FOR = timedelta(seconds=8)

Rule = Callable[[Evidence], Iterator[str]]


def check(evidence: Evidence) -> dict[str, list[str]]:
    """Every figure that has to be zero, with what was found against it."""
    return {name: list(rule(evidence)) for name, rule in RULES.items()}


def accepted_twice(evidence: Evidence) -> Iterator[str]:
    """One message of ours that the stand-in took more than once, or one step of a plan that went out twice."""
    for message_id, times in _times_taken(evidence).items():
        if times > 1:
            yield f"{_name(evidence, message_id)} was accepted {times} times"
    words = Counter((c.to, c.body) for c in evidence.created if _kind(evidence, c) == Kind.PLANNED)
    ids = defaultdict(set)
    for taken in evidence.created:
        ids[taken.to, taken.body].add(taken.message_id)
    for (to, body), times in words.items():
        if times > 1 and len(ids[to, body]) > 1:
            yield f"{to} got the same planned words {times} times: {body[:50]!r}"


def accepted_never(evidence: Evidence) -> Iterator[str]:
    """A message that the stand-in never took although nothing stopped it rightly."""
    taken = _times_taken(evidence)
    for message_id in evidence.seeded - evidence.messages.keys():
        yield f"{message_id} is gone from the database"
    for message in evidence.messages.values():
        if not taken[message.id] and message.due_at <= evidence.due_by:
            wrong = _not_rightly_stopped(evidence, message)
            if wrong:
                yield f"{_name(evidence, message.id)}: {wrong}"
    for created in evidence.created:
        if created.message_id not in evidence.messages:
            yield f"the stand-in took a text that no row knows: {created.body[:50]!r}"


def sent_after_a_change(evidence: Evidence) -> Iterator[str]:
    """Handed over after STOP, a move or a cancellation was committed, or taken too late to have been on its way."""
    stopped: dict[str, Witnessed] = {}
    revisions: dict[str, Witnessed] = {}
    attempts: defaultdict[str, list[tuple[Witnessed, Witnessed | None]]] = defaultdict(list)
    for entry in evidence.witnessed:
        match entry.what:
            case "stop":
                stopped[entry.phone or ""] = entry
            case "start":
                stopped.pop(entry.phone or "", None)
            case "change":
                revisions[entry.id or ""] = entry
            case "attempt":
                message = evidence.messages[entry.id or ""]
                change = revisions.get(message.appointment_id or "")
                if stopped.get(message.to_phone) and not _may_follow_a_stop(message):
                    yield f"{_name(evidence, message.id)} was handed over after STOP"
                if message.kind == Kind.PLANNED and change and (entry.revision or 0) < (change.revision or 0):
                    yield f"{_name(evidence, message.id)} of an old plan was handed over after the change"
                attempts[message.id].append((entry, change))
    for created in evidence.created:
        yield from _taken_too_late(evidence, created, attempts[created.message_id or ""])


def inbound_unanswered(evidence: Evidence) -> Iterator[str]:
    """A text of a person that got no answer; after her STOP none is due but the confirmation."""
    answers = _answers(evidence)
    for heard in evidence.heard:
        row = evidence.inbound.get(heard.sid)
        if row is None or row.handled_at is None:
            yield f"{heard.body!r} of {heard.phone} was never taken in"
        elif not answers[heard.sid] and heard.phone not in evidence.town.stopping:
            yield f"{heard.body!r} of {heard.phone} got no answer ({row.outcome}, via {row.via})"


def inbound_answered_twice(evidence: Evidence) -> Iterator[str]:
    """A text that got two answers, or whose webhook was answered in two ways."""
    answers = _answers(evidence)
    for heard in evidence.heard:
        if answers[heard.sid] > 1:
            yield f"{heard.body!r} of {heard.phone} was answered {answers[heard.sid]} times"
        if len(set(heard.answers)) > 1:
            yield f"{heard.body!r} of {heard.phone}: its webhook got different answers {heard.answers}"


def warnings_without_escalation(evidence: Evidence) -> Iterator[str]:
    """A warning sign that no alert to staff followed."""
    taken = _times_taken(evidence)
    alerted = {m.escalation_id for m in evidence.messages.values() if m.kind == Kind.ALERT and taken[m.id]}
    urgent = {e.phone: e for e in evidence.escalations if e.urgency != "routine"}
    for text in evidence.town.texts:
        if text.kind == "warning":
            escalation = urgent.get(text.phone)
            if escalation is None:
                yield f"{text.body!r} of {text.phone} raised no alarm"
            elif escalation.id not in alerted:
                yield f"{text.body!r} of {text.phone}: staff were not alerted"


def stops_not_recorded(evidence: Evidence) -> Iterator[str]:
    """A STOP, in whatever words, that the database does not know of."""
    for phone in evidence.town.stopping:
        number = evidence.numbers.get(phone)
        if number is None or number.opted_out_at is None:
            yield f"{phone} texted STOP and is not opted out"


def unsettled(evidence: Evidence) -> Iterator[str]:
    """What had to be over by the end and still stands between two states."""
    for message in evidence.messages.values():
        if message.state in WAITING and message.due_at <= evidence.due_by:
            yield f"{_name(evidence, message.id)} is {message.state}"


RULES: Mapping[str, Rule] = {
    "accepted_twice": accepted_twice,
    "accepted_never": accepted_never,
    "sent_after_stop_move_or_cancellation": sent_after_a_change,
    "inbound_unanswered": inbound_unanswered,
    "inbound_answered_twice": inbound_answered_twice,
    "warnings_without_escalation": warnings_without_escalation,
    "stops_not_recorded": stops_not_recorded,
    "unsettled": unsettled,
}


def _not_rightly_stopped(evidence: Evidence, message: Message) -> str | None:
    """What is wrong with a message that was never taken; None where it was stopped rightly."""
    settled_before = message.settled_at is not None and message.settled_at <= evidence.began_at
    appointment = evidence.appointments.get(message.appointment_id or "")
    moved = appointment is not None and appointment.external_id in evidence.town.moved
    match message.state:
        case State.CANCELLED if (moved or settled_before) and message.rule != SUPERSEDED:
            return None
        case State.CANCELLED if message.rule == SUPERSEDED and _has_a_successor(evidence, message):
            return None
        case State.SUPPRESSED if settled_before or message.to_phone in evidence.town.stopping:
            return None
        case State.EXPIRED if message.useful_until and message.useful_until <= evidence.began_at:
            return None
        case State.EXPIRED if settled_before or moved:
            return None
    return f"never accepted, and is {message.state} ({message.rule}: {message.reason})"


def _has_a_successor(evidence: Evidence, message: Message) -> bool:
    """Whether a later plan has the same step, and none after it gave that up: then that one had to go."""
    appointment = evidence.appointments.get(message.appointment_id or "")
    standing = appointment.revision if appointment else 0
    mine = (message.appointment_id, message.step, message.occurrence)
    others = (m for m in evidence.messages.values() if (m.appointment_id, m.step, m.occurrence) == mine)
    later = (other for other in others if other.revision > message.revision)
    return any(other.state != State.CANCELLED or other.revision >= standing for other in later)


def _taken_too_late(
    evidence: Evidence, created: Created, attempts: list[tuple[Witnessed, Witnessed | None]]
) -> Iterator[str]:
    at = created.at - evidence.clock_ahead_for
    before = [entry for entry, _ in attempts if entry.at <= at + timedelta(seconds=1)]
    if created.message_id and not before:
        yield f"{_name(evidence, created.message_id)} was taken without a recorded attempt"
    elif before and at - before[-1].at > ON_ITS_WAY_FOR:
        yield f"{_name(evidence, created.message_id)} was taken {at - before[-1].at} after its attempt"


def _may_follow_a_stop(message: Message) -> bool:
    return message.kind == Kind.ALERT or (message.kind == Kind.REPLY and message.step == STOP_CONFIRMATION)


def _answers(evidence: Evidence) -> Counter[str]:
    """How many answers were taken, by the SID of the text they answer."""
    sids = {row.id: sid for sid, row in evidence.inbound.items()}
    of = {m.id: sids.get(m.inbound_id or "") for m in evidence.messages.values() if m.kind == Kind.REPLY}
    return Counter(of[c.message_id] for c in evidence.created if of.get(c.message_id or ""))  # type: ignore[misc]


def _times_taken(evidence: Evidence) -> Counter[str]:
    return Counter(created.message_id for created in evidence.created if created.message_id)


def _kind(evidence: Evidence, created: Created) -> str | None:
    message = evidence.messages.get(created.message_id or "")
    return message.kind if message else None


def _name(evidence: Evidence, message_id: str | None) -> str:
    message = evidence.messages.get(message_id or "")
    return f"{message.kind} {message.step} {message_id} to {message.to_phone}" if message else f"{message_id}"
