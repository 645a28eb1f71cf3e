"""The shape of messages/: which keys each file may have, and what valid entries become.

It knows nothing about files, lines or the care sheet.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from bot.care import model as care
from bot.content import model as content
from bot.content.moments import parse_clock, parse_moment

Words = Annotated[str, Field(min_length=1)]
Several = Annotated[tuple[Words, ...], BeforeValidator(lambda v: _flat(v))]
MomentPhrase = Annotated[care.Moment, BeforeValidator(parse_moment)]
ClockPhrase = Annotated[Any, BeforeValidator(parse_clock)]


THAT_DAYS_END = "that day's end"
UntilPhrase = Annotated[
    care.Moment | Literal["that day's end"],
    BeforeValidator(lambda v: v if v == THAT_DAYS_END else parse_moment(v)),
]


class Entry(BaseModel):
    """An entry of messages/: keys are written with spaces, unknown ones are refused."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", " "), arbitrary_types_allowed=True
    )


class StepEntry(Entry):
    """One step of timeline.yaml."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    text: Words
    when: Annotated[tuple[MomentPhrase, ...], BeforeValidator(lambda v: _flat(v))] = ()
    useful_until: UntilPhrase
    source: Several = ()
    only: str | None = None
    asks: str | None = None
    if_late: care.IfLate = care.IfLate.SEND
    in_quiet_hours: care.IfQuiet = care.IfQuiet.HOLD
    may_go_from: ClockPhrase = None
    in_force: MomentPhrase | None = None
    merged_as: str | None = None
    merges_late_steps: bool = False
    corrects: care.Corrects | None = None
    not_on_the_day_of: str | None = None
    waits_for_staff: bool = False
    time_critical: bool = False
    may_be_prescribed: bool = False
    instead_of: str | None = None
    last_on_the_day: bool = False
    answer_lasts: bool = False
    gives_way_to: Several = ()
    if_untold: str | None = None
    text_if_prp: str | None = None
    text_if_nothing_is_in_force: str | None = None
    text_if_nothing_is_prescribed: str | None = None
    text_if_first: str | None = None
    text_on_the_day: str | None = None
    last_text: str | None = None

    @model_validator(mode="after")
    def _is_brought_about_by_something(self) -> "StepEntry":
        if not (self.when or self.asks or self.corrects or self.merges_late_steps):
            raise ValueError("the step has no `when`; write for example `when: 1 day before at 10:00`")
        if self.if_late is care.IfLate.MERGE and not (self.merged_as and self.in_force):
            raise ValueError("`if late: merge` needs `merged as` and `in force`")
        return self

    def step(self) -> care.Step:
        """The planner's step."""
        until = self.useful_until if isinstance(self.useful_until, care.Moment) else None
        variants = {
            "prp": self.text_if_prp,
            "nothing in force": self.text_if_nothing_is_in_force,
            "nothing prescribed": self.text_if_nothing_is_prescribed,
            "first": self.text_if_first,
            "on the day": self.text_on_the_day,
            "last": self.last_text,
        }
        return care.Step(
            id=self.id, text=_one_line(self.text), when=self.when,
            useful_until=until, until_that_days_end=until is None,
            source=self.source, only=self.only, asks=self.asks, if_late=self.if_late, if_quiet=self.in_quiet_hours,
            earliest=self.may_go_from, in_force=self.in_force, fragment=self.merged_as, catch_up=self.merges_late_steps,
            corrects=self.corrects, not_on_the_day_of=self.not_on_the_day_of, waits_for_staff=self.waits_for_staff,
            first_in_line=self.time_critical, may_be_prescribed=self.may_be_prescribed, instead_of=self.instead_of,
            last_on_the_day=self.last_on_the_day, answer_lasts=self.answer_lasts, untold=self.if_untold,
            gives_way_to=self.gives_way_to,
            variants={k: _one_line(v) for k, v in variants.items() if v},
        )  # fmt: skip


class TimelineFile(Entry):
    """timeline.yaml."""

    treatment: Words
    name: Words
    usual_length: Annotated[str, Field(pattern=r"^\d+ (minute|hour)s?$")]
    flags: dict[str, str]
    first_text_ends: Words
    steps: tuple[StepEntry, ...] = Field(min_length=1)

    def timeline(self) -> care.Timeline:
        """The planner's timeline."""
        return care.Timeline(
            treatment=self.treatment,
            name=self.name,
            usual_length=parse_moment(f"{self.usual_length} after start").elapsed,
            flags=self.flags,
            steps=tuple(s.step() for s in self.steps),
            first_text_ends=_one_line(self.first_text_ends),
        )


class WindowEntry(Entry):
    """One answer of a topic."""

    until: MomentPhrase | None = None
    verdict: content.Verdict | None = None
    text: str = ""
    source: Several = ()
    also_staff: bool = False
    to_staff: Literal["only"] | None = None

    @model_validator(mode="after")
    def _answers_or_hands_over(self) -> "WindowEntry":
        if self.to_staff and (self.verdict or self.text or self.source):
            raise ValueError("`to staff: only` gives no answer, so it takes no verdict, text or source")
        if not self.to_staff and not (self.verdict and self.text and self.source):
            raise ValueError("an answer needs `verdict`, `text` and `source`; or write `to staff: only`")
        return self

    def window(self) -> content.Window:
        """The answerer's window."""
        return content.Window(self.until, self.verdict, _one_line(self.text), self.also_staff, self.source)


class TopicEntry(Entry):
    """One topic of answers.yaml."""

    topic: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    name: Words
    answers: tuple[WindowEntry, ...] = Field(min_length=1)


class WordEntry(BaseModel):
    """An entry of patients' words; its keys are the understanding's own and checked there."""

    model_config = ConfigDict(extra="allow")


class SignEntry(WordEntry):
    """One sign of warning-signs.yaml; the further keys are the understanding's own and checked there."""

    sign: Words
    urgency: Literal["urgent", "emergency"]
    reply: Words
    source: Several
    name: str = ""


def _sort_of_entry(raw: Any) -> str:
    return "words" if isinstance(raw, dict) and "words" in raw else "sign"


SignOrWords = Annotated[
    Annotated[SignEntry, Tag("sign")] | Annotated[WordEntry, Tag("words")], Discriminator(_sort_of_entry)
]


class ClinicFile(Entry):
    """clinic.yaml."""

    patients: dict[str, Words]
    staff: dict[str, Words]


def _flat(value: object) -> object:
    """A list of one, a list, or a list with lists in it (as YAML anchors make them), as one tuple."""
    if not isinstance(value, list | tuple):
        return (value,)
    return tuple(part for item in value for part in _flat(item))  # type: ignore[attr-defined]


def _one_line(text: str) -> str:
    return " ".join(text.split())
