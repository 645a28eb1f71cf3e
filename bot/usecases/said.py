"""What a use case says back to a text, and how the text is remembered. Holds data only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


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
