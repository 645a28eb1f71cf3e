"""The words of replying: what is known of whoever texted, and what is to be said and done. Decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.care.model import Appointment
from bot.conversation.answer import Answer
from bot.conversation.model import Urgency

MOST_SEGMENTS = 3


class Change(StrEnum):
    """What a text changes besides being answered."""

    STOP = "stop"
    START = "start"
    CONFIRM = "confirm"
    FLAG = "flag"


@dataclass(frozen=True)
class Situation:
    """What is known of the sender: her treatments (nearest first), the open question and the clinic's values.

    `answers_flag` is the flag that a yes or no to the open question sets. `said_before` are the bot's last replies,
    so that the same words are not said twice running. `unanswered` are questions asked before the open one; the reply
    may ask one of them again where no other is to come by itself (`may_ask_again`).
    """

    now: datetime
    appointments: Sequence[Appointment]
    values: Mapping[str, str]
    asked: str | None = None
    answers_flag: str | None = None
    said_before: Sequence[str] = ()
    unanswered: Sequence[str] = ()
    may_ask_again: bool = False


@dataclass(frozen=True)
class Response:
    """What is to be said and done. `text` is None for silence; `reason` is how staff read why they were told.

    `asks_again` is the older question that the text asks once more.
    """

    text: str | None
    urgency: Urgency | None = None
    reason: str = ""
    answers: tuple[Answer, ...] = ()
    changes: Mapping[Change, bool | str] = field(default_factory=dict)
    asks_again: str | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics this reply answers."""
        return tuple(a.topic for a in self.answers)
