"""The words of understanding: what is known when a text arrives, and what was read from it. Decides nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo


class Phase(StrEnum):
    """Where on the patient's timeline a text falls; days are local calendar days, day 0 is the procedure's."""

    BEFORE = "before"
    MORNING = "morning"
    DAY0 = "day0"
    DAY1 = "day1"
    DAYS2_7 = "days2_7"
    AFTER7 = "after7"


class Urgency(StrEnum):
    """How fast staff must see a text. Its values compare as the plain words `routine`, `urgent`, `emergency`."""

    ROUTINE = "routine"
    URGENT = "urgent"
    EMERGENCY = "emergency"


class Command(StrEnum):
    """What a text asks the bot itself to do."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    CONFIRM = "confirm"
    MOVE = "move"
    YES = "yes"
    NO = "no"


class Kind(StrEnum):
    """What sort of text it is."""

    QUESTION = "question"
    WHICH_ONE = "which_one"
    WARNING = "warning"
    MIXED = "mixed"
    NORMAL_EFFECT = "normal_effect"
    OFF_SHEET = "off_sheet"
    LOGISTICS = "logistics"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"
    YES_NO = "yes_no"
    CONFIRM = "confirm"
    MOVE = "move"
    CHITCHAT = "chitchat"
    WRONG_NUMBER = "wrong_number"
    AUTO_REPLY = "auto_reply"
    EMPTY = "empty"
    PICTURE = "picture"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Context:
    """What is known when a text arrives.

    `now`, `starts_at` and `ends_at` are aware instants; `zone` is the patient's. `asked` is the id of the bot's
    question last asked and still open (ask-cold-sores, ask-accutane, ask-medicines, catch-up, check-in, confirm), or
    None.
    """

    now: datetime
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    flags: frozenset[str] = frozenset()
    media_count: int = 0
    asked: str | None = None

    @cached_property
    def phase(self) -> Phase:
        """The phase `now` falls into."""
        match self.day:
            case day if day < 0:
                return Phase.BEFORE
            case 0:
                return Phase.MORNING if self.now < self.starts_at else Phase.DAY0
            case 1:
                return Phase.DAY1
            case day if day <= 7:
                return Phase.DAYS2_7
        return Phase.AFTER7

    @cached_property
    def day(self) -> int:
        """Local calendar days since the procedure's own day (0); negative before it."""
        return (self.now.astimezone(self.zone).date() - self.starts_at.astimezone(self.zone).date()) // timedelta(
            days=1
        )

    @property
    def is_treated(self) -> bool:
        """Whether the procedure has begun."""
        return self.now >= self.starts_at


@dataclass(frozen=True)
class Reason:
    """One step of the reading: the `rule` that spoke, the patient's `words` that made it speak, and what it
    `decided`.
    """

    rule: str
    words: str
    decided: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.words!r} -> {self.decided}"


@dataclass(frozen=True)
class Reading:
    """What was read from one text.

    `urgency` is None only where the bot itself can finish the matter. `topics` are the topics asked about, in the order
    asked, whether or not the sheet has an answer for them now. `answer` is the yes (True) or no (False) to the bot's
    open question; `in_doubt` says that it was answered, but that a human must find out with what. `signs` are reported
    signs, the emergency first. `choices` are the topics between which the text itself does not decide; the patient is
    asked which one. `about_after` says that before the treatment it is asked what holds after it; `may_opt_out` that it
    may be a wish for no more texts, too unsure to be taken for one.
    """

    urgency: Urgency | None
    signs: tuple[str, ...]
    topics: tuple[str, ...]
    command: Command | None
    kind: Kind
    answer: bool | None = None
    choices: tuple[str, ...] = ()
    why: tuple[Reason, ...] = ()
    in_doubt: bool = False
    about_after: bool = False
    may_opt_out: bool = False

    @property
    def is_warning(self) -> bool:
        """Whether staff must be alerted at once."""
        return self.urgency in (Urgency.URGENT, Urgency.EMERGENCY)
