"""The clinic's content once read: topics with their windows, signs, the clinic's own texts. Holds data only."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.care.model import Moment, Timeline


class Verdict(StrEnum):
    """What an answer comes to: not yet, yes, no (without an end in the sheet), or a fact."""

    WAIT = "wait"
    OK = "ok"
    AVOID = "avoid"
    INFO = "info"


@dataclass(frozen=True)
class Window:
    """An answer and how long it holds: up to `until` (None is for ever).

    A window without a verdict has no answer in the sheet: the question goes to staff. `also_staff` answers and tells
    staff as well.
    """

    until: Moment | None
    verdict: Verdict | None
    text: str = ""
    also_staff: bool = False
    source: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topic:
    """What a question is about; `name` is how a reply speaks of it."""

    id: str
    name: str
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class Sign:
    """A warning sign of the sheet: how loud it is and what the patient hears at once."""

    id: str
    urgency: str
    reply: str
    name: str
    source: tuple[str, ...] = ()


@dataclass(frozen=True)
class Content:
    """Everything a treatment says, ready for use; `patients` and `staff` are the clinic's own texts.

    `questions` and `sign_words` are how patients put it, as parsed, for the understanding to build its vocabulary from.
    """

    timeline: Timeline
    topics: Mapping[str, Topic]
    signs: Mapping[str, Sign]
    patients: Mapping[str, str]
    staff: Mapping[str, str]
    questions: tuple[Mapping[str, Any], ...]
    sign_words: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Counts:
    """What a check looked at."""

    statements: int
    texts: int
    answers: int
    signs: int
