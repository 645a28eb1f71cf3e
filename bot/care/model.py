"""The words of planning: offsets, steps, appointments and planned texts. Holds data only, decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Anchor(StrEnum):
    """The event a moment is measured from."""

    BOOKED = "booked"
    START = "start"
    END = "end"


@dataclass(frozen=True)
class Moment:
    """A point on a patient's timeline: an anchor, moved by calendar days and then by elapsed time.

    `days` and `months` move the local calendar date; `at` then sets the local clock time (None keeps the anchor's own).
    `elapsed` is real time, so "4 hours" stays four hours over a clock change. `or_if_earlier` wins where it
    comes first.
    """

    anchor: Anchor
    days: int = 0
    months: int = 0
    at: time | None = None
    elapsed: timedelta = timedelta(0)
    or_if_earlier: "Moment | None" = None


class IfLate(StrEnum):
    """What becomes of a step whose moment has passed when it is first planned."""

    SEND = "send"
    MERGE = "merge"
    DROP = "drop"


class IfQuiet(StrEnum):
    """What becomes of a text whose moment falls into quiet hours."""

    HOLD = "hold"
    DROP = "drop"


class Corrects(StrEnum):
    """Which time, once texted and since become wrong, makes a correction go out."""

    START = "start"
    END = "end"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Step:
    """One line of a timeline, as the nurse wrote it in timeline.yaml.

    `when` holds one moment an occurrence; it is empty for questions that follow the previous answer and for texts that
    only a change brings about. `only` is a flag the patient must have; `asks` names the flag a question finds out.
    `in_force` is when the limit the text speaks of begins and `fragment` how it reads inside a merged text.
    `earliest` is a local clock time from which this step may go although quiet hours still last.
    `until_that_days_end` replaces `useful_until` by the end of the local day it is due on.
    `waits_for_staff` keeps the text back while staff are talking with the patient.
    `may_be_prescribed` says that the limit is on something a doctor may have ordered. `instead_of` is another step:
    this one goes only where that one never can. `last_on_the_day` lets the other questions go first on the treatment's
    own day; `answer_lasts` says that what was answered holds for later treatments too. `untold` is how staff read what
    the patient does not know where this step never reached her. `gives_way_to` are steps whose limits, where they are
    in force for a later treatment of hers, forbid what this one allows.
    """

    id: str
    text: str
    when: tuple[Moment, ...] = ()
    useful_until: Moment | None = None
    until_that_days_end: bool = False
    source: tuple[str, ...] = ()
    only: str | None = None
    asks: str | None = None
    if_late: IfLate = IfLate.SEND
    if_quiet: IfQuiet = IfQuiet.HOLD
    earliest: time | None = None
    in_force: Moment | None = None
    fragment: str | None = None
    catch_up: bool = False
    corrects: Corrects | None = None
    not_on_the_day_of: str | None = None
    waits_for_staff: bool = False
    first_in_line: bool = False
    may_be_prescribed: bool = False
    instead_of: str | None = None
    last_on_the_day: bool = False
    answer_lasts: bool = False
    gives_way_to: tuple[str, ...] = ()
    untold: str | None = None
    variants: Mapping[str, str] = field(default_factory=dict)

    @property
    def hangs_on_end(self) -> bool:
        """True where the text waits for staff to report the actual end."""
        return any(m.anchor is Anchor.END for m in self.when)


@dataclass(frozen=True)
class Timeline:
    """The template of texts for one treatment; `usual_length` fills in for an end nobody gave.

    `first_text_ends` is added to a patient's first text where its own words do not say how to stop.
    """

    treatment: str
    name: str
    usual_length: timedelta
    flags: Mapping[str, str]
    steps: tuple[Step, ...]
    first_text_ends: str = ""

    def step(self, step_id: str) -> Step | None:
        """The step of this id, or None where the timeline no longer has it."""
        return next((s for s in self.steps if s.id == step_id), None)

    def the(self, **wanted: object) -> Step | None:
        """The one step whose attributes have these values, or None."""
        return next((s for s in self.steps if all(getattr(s, k) == v for k, v in wanted.items())), None)


class Status(StrEnum):
    """Where an appointment stands."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


@dataclass(frozen=True)
class Appointment:
    """One procedure of one patient, as far as times and flags go. All instants are aware; `zone` is the patient's."""

    booked_at: datetime
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    ended_at: datetime | None = None
    flags: Mapping[str, bool] = field(default_factory=dict)
    status: Status = Status.BOOKED

    @property
    def end(self) -> datetime:
        """The actual end once staff reported it, else the scheduled one."""
        return self.ended_at or self.ends_at

    def on_day(self, day: int) -> datetime:
        """The first instant (0:00 local) of the calendar day that lies `day` days after the procedure's."""
        start = self.starts_at.astimezone(self.zone)
        return datetime.combine(start.date() + timedelta(days=day), time(), self.zone)


@dataclass(frozen=True)
class QuietHours:
    """A local interval without unprompted texts; `begins` is inside it, `ends` is not. Equal times mean none."""

    begins: time = time(20, 0)
    ends: time = time(8, 0)


@dataclass(frozen=True)
class PastText:
    """A text that has left us (or may have), as later planning needs to know it.

    `said_start` and `said_end` are the start and end that its words were computed from, where they named such a time.
    """

    step: str
    occurrence: int
    planned_for: datetime
    sent_at: datetime
    carries: tuple[str, ...] = ()
    said_start: datetime | None = None
    said_end: datetime | None = None


@dataclass(frozen=True)
class PlannedText:
    """One entry of a plan, without state.

    `planned_for` is the moment the timeline gives; `due_at` is when it is to go: later where it was late, waits for an
    answer, or is held to the end of quiet hours. `carries` names the steps merged into it, `since_at` the earliest
    moment one of their limits came into force.
    """

    step: str
    occurrence: int
    planned_for: datetime
    due_at: datetime
    useful_until: datetime
    carries: tuple[str, ...] = ()
    since_at: datetime | None = None


@dataclass(frozen=True)
class LeftOut:
    """A text of the timeline that will not go out, with the rule and the reason in plain words."""

    step: str
    occurrence: int
    planned_for: datetime
    rule: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """A timeline applied to one appointment: what will go out, in order, and what will not and why."""

    texts: tuple[PlannedText, ...]
    left_out: tuple[LeftOut, ...] = ()
