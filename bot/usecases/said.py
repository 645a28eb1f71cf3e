"""What a use case says back to a text, and how the text is remembered. Holds data only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.conversation.model import Reading


@dataclass(frozen=True)
class Said:
    """The reply (None: silence), a word for what was done, and the reading as it is kept beside the text.

    `step` names the reply in the outbox; `stops` marks the one confirmation that may follow an opt-out. What is said to
    a warning is never too old to be said.
    """

    text: str | None
    outcome: str
    reading: Mapping[str, Any] | None = None
    patient_id: str | None = None
    stops: bool = False
    is_warning: bool = False
    step: str = "reply"
    details: Mapping[str, Any] = field(default_factory=dict)


def in_one(said: Sequence[Said]) -> Said:
    """What was said to each of several patients on one phone, as one reply that belongs to none of them alone."""
    texts = list(dict.fromkeys(each.text for each in said if each.text))
    if not texts:
        return replace(said[0], patient_id=None)
    more = [text.partition(": ")[2] for text in texts[1:]]
    return replace(said[0], text=" ".join([texts[0], *(t[:1].upper() + t[1:] for t in more)]), patient_id=None)


def kept_reading(reading: Reading) -> Mapping[str, Any]:
    """The reading as it is kept beside the text, for the review of what was not understood."""
    return {
        "kind": str(reading.kind),
        "urgency": str(reading.urgency) if reading.urgency else None,
        "topics": list(reading.topics),
        "signs": list(reading.signs),
        "command": str(reading.command) if reading.command else None,
        "why": [str(reason) for reason in reading.why],
    }
