"""Every step against the table of the care plan, written down here a second time with plain date arithmetic.

Appointments in several zones and around both changes of the clocks; all are booked early and lie in the daytime, so
that nothing is late and nothing is held.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.care.model import Appointment, IfLate, IfQuiet, PlannedText
from bot.care.planner import plan
from tests.care.story import the_timeline

EVERY_FLAG = {"cold_sores": True, "prp": True, "eyes": True, "accutane": False, "medicines": False}


@dataclass(frozen=True)
class Visit:
    """The same appointment in the oracle's own terms."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    def day(self, days: int, clock: str = "0:00") -> datetime:
        """A calendar day counted from the procedure's, at a time on the wall."""
        hours, minutes = map(int, clock.split(":"))
        on = self.start.astimezone(self.zone).date() + timedelta(days=days)
        return datetime(on.year, on.month, on.day, hours, minutes, tzinfo=self.zone).astimezone(UTC)

    def after_end(self, **elapsed: int) -> datetime:
        """Real time since the end."""
        return self.end + timedelta(**elapsed)


Point = Callable[[Visit], datetime]


def day(days: int, clock: str = "0:00") -> Point:
    return lambda visit: visit.day(days, clock)


def end(**elapsed: int) -> Point:
    return lambda visit: visit.after_end(**elapsed)


def start(visit: Visit) -> datetime:
    return visit.start


def day_of(visit: Visit) -> datetime:
    """8:00, or two hours before if that is earlier, but never before 7:00."""
    return max(min(visit.day(0, "8:00"), visit.start - timedelta(hours=2)), visit.day(0, "7:00"))


# step, when, useful until, only for
TABLE: list[tuple[str, list[Point], Point, str | None]] = [
    ("sun-and-laser", [day(-15, "10:00")], start, None),
    ("blood-thinners", [day(-8, "10:00")], start, None),
    ("skin-products", [day(-8, "10:00")], start, None),
    ("anti-inflammatories", [day(-4, "10:00")], start, None),
    ("antiviral-start", [day(-3, "9:00")], start, "cold_sores"),
    ("antiviral-again", [day(-2, "9:00"), day(-1, "9:00"), day(0, "7:30")], start, "cold_sores"),
    ("confirm", [day(-2, "11:00")], start, None),
    ("shave-today", [day(-1, "10:00")], day(0), None),
    ("day-of", [day_of], start, None),
    ("after-care", [end()], end(hours=4), None),
    ("protect", [end(minutes=15)], end(hours=24), None),
    ("wash-window", [end(hours=4)], end(hours=12), None),
    ("next-day", [day(1, "9:00")], day(2), None),
    ("eyes", [day(1, "9:00")], day(4), "eyes"),
    ("exercise-again", [end(hours=24)], end(hours=36), None),
    ("flaking", [day(2, "9:00")], day(4), None),
    ("check-in", [day(3, "10:00")], day(6), None),
    ("one-week", [day(7, "10:00")], day(10), None),
    ("two-weeks", [day(14, "10:00")], day(20), None),
]
ZONES = ("America/New_York", "America/Los_Angeles", "America/Phoenix", "Pacific/Honolulu", "Europe/London")
DAYS = [
    # A day before, on, and after both changes of New York's clocks, London's change, and days whose texts straddle one.
    *(date(2026, 3, day) for day in (6, 7, 8, 9, 22, 29)),
    *(date(2026, 10, day) for day in (24, 25, 31)),
    *(date(2026, 11, day) for day in (1, 2, 14)),
    date(2026, 6, 11),
    date(2028, 2, 29),
]
VISITS = [
    Visit(begins, begins + timedelta(minutes=lasts), ZoneInfo(zone))
    for zone in ZONES
    for on in DAYS
    for clock, lasts in ((time(9), 45), (time(12, 30), 60), (time(14), 95))
    for begins in [datetime.combine(on, clock, ZoneInfo(zone)).astimezone(UTC)]
]


@pytest.mark.parametrize(("step", "when", "until", "only"), TABLE, ids=[row[0] for row in TABLE])
def test_the_step_goes_at_its_table_time_and_helps_until_its_table_time(
    step: str, when: list[Point], until: Point, only: str | None
) -> None:
    for visit in VISITS:
        texts = [text for text in _planned(visit) if text.step == step]
        assert [text.due_at for text in texts] == [point(visit) for point in when], visit
        assert {text.useful_until for text in texts} == {until(visit)}, visit
    assert the_timeline().step(step).only == only


def test_texts_after_the_end_follow_the_reported_end() -> None:
    for visit in VISITS:
        late = visit.end + timedelta(minutes=25)
        due = {text.step: text.due_at for text in _planned(visit, ended_at=late)}
        assert due["after-care"] == late
        assert due["protect"] == late + timedelta(minutes=15)
        assert due["exercise-again"] == late + timedelta(hours=24)
        assert due["next-day"] == visit.day(1, "9:00")


def test_a_step_for_some_patients_is_planned_for_nobody_else() -> None:
    visit = VISITS[0]
    steps = {text.step for text in _planned(visit, flags={})}
    assert not steps & {step for step, _, _, only in TABLE if only}
    assert {"ask-cold-sores", "ask-accutane", "ask-medicines"} <= steps


def test_when_to_contact_comes_at_five_the_day_after_and_helps_for_a_week() -> None:
    for visit in VISITS:
        text = next(text for text in _planned(visit) if text.step == "when-to-contact")
        assert text.due_at == visit.day(1, "17:00")
        assert visit.day(7) <= text.useful_until < visit.day(8)


def test_only_the_wash_text_is_dropped_in_quiet_hours() -> None:
    assert {step.id for step in the_timeline().steps if step.if_quiet is IfQuiet.DROP} == {"wash-window"}


def test_late_limits_are_merged_and_late_facts_are_sent() -> None:
    merged = {step.id for step in the_timeline().steps if step.if_late is IfLate.MERGE}
    assert merged == {"sun-and-laser", "blood-thinners", "skin-products", "anti-inflammatories"}


def test_the_limits_are_in_force_from_the_days_the_sheet_names() -> None:
    named = {"sun-and-laser": 14, "blood-thinners": 7, "skin-products": 7, "anti-inflammatories": 3}
    assert {step.id: -step.in_force.days for step in the_timeline().steps if step.in_force} == named


def _planned(visit: Visit, **changes: object) -> tuple[PlannedText, ...]:
    booked_at = visit.start - timedelta(days=40)
    fields = {"flags": EVERY_FLAG, **changes}
    booked = Appointment(booked_at, visit.start, visit.end, visit.zone, **fields)  # type: ignore[arg-type]
    return plan(the_timeline(), booked, now=booked_at).texts
