"""One appointment lived through on paper: changes happen, the plan is made again, and what is due goes out.

Sends nothing and reads no clock; texts leave at their due moment, and are remembered with the times their words named.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from bot.care.model import Appointment, PastText, Plan, PlannedText, QuietHours, Timeline
from bot.care.planner import plan
from bot.care.replan import difference
from bot.content.lines import parse
from bot.content.planned import words_of
from bot.content.schema import TimelineFile

TIMELINE = Path(__file__).parents[2] / "messages/micro-needling/timeline.yaml"
VALUES = {"clinic": "Bright Skin", "phone": "(212) 555-0123", "name": "Maria"}


@cache
def the_timeline() -> Timeline:
    """The timeline of messages/, as it is in service."""
    return TimelineFile.model_validate(parse(TIMELINE.read_text(encoding="utf-8"))).timeline()


@dataclass(frozen=True)
class Sent:
    """A text that went out, with its words."""

    step: str
    at: datetime
    words: str
    planned_for: datetime
    useful_until: datetime
    carries: tuple[str, ...] = ()


@dataclass
class Story:
    """What has happened so far; `now` only moves forward."""

    appointment: Appointment
    now: datetime
    quiet: QuietHours = field(default_factory=QuietHours)
    past: list[PastText] = field(default_factory=list)
    pending: list[PlannedText] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)

    @classmethod
    def begin(cls, appointment: Appointment, quiet: QuietHours | None = None) -> "Story":
        """Booked, and planned for the first time."""
        story = cls(appointment, appointment.booked_at, quiet or QuietHours())
        story.replan()
        return story

    def fresh(self) -> Plan:
        """What would be planned by somebody who knows what was sent and nothing of earlier plans."""
        return plan(the_timeline(), self.appointment, now=self.now, quiet=self.quiet, past=self.past)

    def again(self) -> Plan:
        """What planning again gives, knowing what is already planned."""
        return plan(
            the_timeline(), self.appointment, now=self.now, quiet=self.quiet, past=self.past, pending=self.pending
        )

    def replan(self) -> None:
        """Plan again and apply the difference."""
        change = difference(self.pending, self.again().texts, now=self.now)
        self.pending = [*(new for _, new in change.keep), *change.add]

    def pass_to(self, at: datetime) -> None:
        """Time passes: whatever falls due before `at` goes out."""
        order = {step.id: place for place, step in enumerate(the_timeline().steps)}
        while due := [text for text in self.pending if text.due_at < at]:
            text = min(due, key=lambda t: (t.due_at, order[t.step]))
            self.now = max(self.now, text.due_at)
            self._send(text)
        self.now = max(self.now, at)

    def change(self, **changes: object) -> None:
        """Something about the appointment changes, and the plan with it."""
        self.appointment = replace(self.appointment, **changes)  # type: ignore[arg-type]
        self.replan()

    def _send(self, text: PlannedText) -> None:
        self.pending.remove(text)
        step = the_timeline().step(text.step)
        assert step is not None
        filled = words_of(
            step,
            the_timeline(),
            appointment=self.appointment,
            now=self.now,
            values=VALUES,
            occurrence=text.occurrence,
            carries=text.carries,
        )
        said = (filled.said_start, filled.said_end)
        self.past.append(PastText(text.step, text.occurrence, text.planned_for, self.now, text.carries, *said))
        self.sent.append(Sent(text.step, self.now, filled.text, text.planned_for, text.useful_until, text.carries))
