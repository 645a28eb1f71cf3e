"""Judges what became of people's texts: taken in, answered once, warnings alerted, STOP confirmed. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from bot.outbox.model import Kind, State
from bot.records.tables import Message
from tests.chaos.evidence import Evidence, Heard
from tests.chaos.reading import times_taken
from tests.chaos.town import STOPS


def inbound_unanswered(evidence: Evidence) -> Iterator[str]:
    """A text of a person that got no answer; what is taken in after her STOP is due none."""
    answers, replies, order = _answers(evidence), _replies(evidence), _order(evidence)
    for heard in evidence.heard:
        row = evidence.inbound.get(heard.sid)
        if row is None or row.handled_at is None:
            yield f"{heard.body!r} of {heard.phone} was never taken in"
        elif not answers[heard.sid] and not _rightly_silent(evidence, heard, replies[heard.sid], order):
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
    taken = times_taken(evidence)
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


def _rightly_silent(evidence: Evidence, heard: Heard, replies: list[Message], order: dict[str, int]) -> bool:
    """Whether STOP came between the text and its answer, or, of a STOP, whether the carrier has confirmed it."""
    if heard.phone not in evidence.town.stopping:
        return False
    held_back = any(reply.state == State.SUPPRESSED for reply in replies)
    if heard.body in STOPS:
        return held_back or heard.phone in evidence.carrier_answered
    stopped_first = order.get(heard.phone, 0) < order.get(heard.sid, 0)
    return held_back or (stopped_first and not replies)


def _order(evidence: Evidence) -> dict[str, int]:
    """When a phone stopped and a text was taken in, in the order of their commits."""
    order: dict[str, int] = {}
    for entry in evidence.witnessed:
        if entry.what == "stop":
            order.setdefault(entry.phone or "", entry.seq)
        elif entry.what == "handled":
            order[entry.id or ""] = entry.seq
    return order


def _replies(evidence: Evidence) -> defaultdict[str, list[Message]]:
    sids = {row.id: sid for sid, row in evidence.inbound.items()}
    found: defaultdict[str, list[Message]] = defaultdict(list)
    for message in evidence.messages.values():
        if message.kind == Kind.REPLY and message.inbound_id in sids:
            found[sids[message.inbound_id]].append(message)
    return found


def _answers(evidence: Evidence) -> Counter[str]:
    """How many answers were taken, by the SID of the text they answer."""
    of = {reply.id: sid for sid, replies in _replies(evidence).items() for reply in replies}
    return Counter(of[c.message_id] for c in evidence.created if c.message_id in of)
