"""From a moment on the timeline to an instant, and in and out of quiet hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.care.model import Appointment, QuietHours, Step
from bot.care.room import quiet_for
from bot.care.timing import end_of_day, is_quiet, quiet_ends_at, resolve
from bot.content.moments import parse_moment

NEW_YORK = ZoneInfo("America/New_York")


def at(written: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    """ "Tue 2026-03-10 14:00" on the wall, in UTC; of an hour that comes twice the first."""
    local = datetime.strptime(written[4:], "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    assert f"{local:%a}" == written[:3], written
    return local.astimezone(UTC)


@pytest.mark.parametrize(
    ("caption", "start", "phrase", "falls_on"),
    [
        (
            "days keep the time on the wall over spring",
            "Sun 2026-03-08 10:00",
            "7 days before start",
            "Sun 2026-03-01 10:00",
        ),
        (
            "days keep the time on the wall over autumn",
            "Sun 2026-11-01 10:00",
            "7 days before start",
            "Sun 2026-10-25 10:00",
        ),
        (
            "a clock time is that of its own day",
            "Sun 2026-03-08 10:00",
            "1 day before at 10:00",
            "Sat 2026-03-07 10:00",
        ),
        ("hours are real hours over spring", "Sat 2026-03-07 17:00", "24 hours after start", "Sun 2026-03-08 18:00"),
        ("hours are real hours over autumn", "Sat 2026-10-31 17:00", "24 hours after start", "Sun 2026-11-01 16:00"),
        ("a time that spring skips moves forward", "Sun 2026-03-08 10:00", "the day at 2:30", "Sun 2026-03-08 03:30"),
        (
            "of a time that autumn repeats the first counts",
            "Sun 2026-11-01 10:00",
            "the day at 1:30",
            "Sun 2026-11-01 01:30",
        ),
        ("day 0 begins at midnight", "Sun 2026-03-08 10:00", "day 0", "Sun 2026-03-08 00:00"),
        ("day 1 begins 23 hours later in spring", "Sun 2026-03-08 10:00", "day 1", "Mon 2026-03-09 00:00"),
        ("six months back", "Sun 2026-03-08 10:00", "6 months before start", "Mon 2025-09-08 10:00"),
        ("six months back from the 31st", "Mon 2026-08-31 10:00", "6 months before start", "Sat 2026-02-28 10:00"),
        ("over the year's end", "Thu 2026-01-15 10:00", "1 month before start", "Mon 2025-12-15 10:00"),
        ("a leap day", "Tue 2028-02-29 10:00", "14 days before start", "Tue 2028-02-15 10:00"),
        (
            "eight o'clock",
            "Thu 2026-06-11 14:00",
            "the day at 8:00, or 2 hours before start if that is earlier",
            "Thu 2026-06-11 08:00",
        ),
        (
            "or earlier",
            "Thu 2026-06-11 09:30",
            "the day at 8:00, or 2 hours before start if that is earlier",
            "Thu 2026-06-11 07:30",
        ),
    ],
)
def test_a_moment_falls_on_its_instant(caption: str, start: str, phrase: str, falls_on: str) -> None:
    begins = at(start)
    booked = Appointment(begins - timedelta(days=30), begins, begins + timedelta(hours=1), NEW_YORK)
    assert resolve(parse_moment(phrase), booked) == at(falls_on), caption


@pytest.mark.parametrize(
    ("quiet", "clock", "is_in", "ends"),
    [
        (QuietHours(), "Tue 2026-03-10 19:59", False, None),
        (QuietHours(), "Tue 2026-03-10 20:00", True, "Wed 2026-03-11 08:00"),
        (QuietHours(), "Wed 2026-03-11 00:00", True, "Wed 2026-03-11 08:00"),
        (QuietHours(), "Wed 2026-03-11 07:59", True, "Wed 2026-03-11 08:00"),
        (QuietHours(), "Wed 2026-03-11 08:00", False, None),
        (QuietHours(), "Sat 2026-03-07 22:00", True, "Sun 2026-03-08 08:00"),
        (QuietHours(time(12), time(14)), "Tue 2026-03-10 13:00", True, "Tue 2026-03-10 14:00"),
        (QuietHours(time(0), time(8)), "Tue 2026-03-10 23:59", False, None),
        (QuietHours(time(0), time(8)), "Tue 2026-03-10 00:00", True, "Tue 2026-03-10 08:00"),
        (QuietHours(time(9), time(9)), "Tue 2026-03-10 09:00", False, None),
    ],
)
def test_quiet_hours_begin_and_end_on_the_minute(quiet: QuietHours, clock: str, is_in: bool, ends: str | None) -> None:
    assert is_quiet(at(clock), quiet, NEW_YORK) is is_in
    assert quiet_ends_at(at(clock), quiet, NEW_YORK) == at(ends or clock)


@pytest.mark.parametrize(
    ("quiet", "earliest", "held"),
    [
        (QuietHours(), time(7), QuietHours(time(20), time(7))),
        (QuietHours(), None, QuietHours()),
        (QuietHours(), time(9), QuietHours()),
        (QuietHours(time(0), time(8)), time(7), QuietHours(time(0), time(7))),
        (QuietHours(time(12), time(14)), time(7), QuietHours(time(12), time(14))),
        (QuietHours(time(9), time(9)), time(7), QuietHours(time(9), time(9))),
    ],
)
def test_a_step_that_may_go_early_ends_the_night_early_and_no_other_quiet(
    quiet: QuietHours, earliest: time | None, held: QuietHours
) -> None:
    assert quiet_for(Step("day-of", "words", earliest=earliest), quiet) == held


def test_quiet_hours_are_the_patients() -> None:
    noon_in_new_york = at("Tue 2026-03-10 12:30")
    assert is_quiet(noon_in_new_york, QuietHours(), ZoneInfo("Pacific/Honolulu"))
    assert quiet_ends_at(noon_in_new_york, QuietHours(), ZoneInfo("Pacific/Honolulu")) == at("Tue 2026-03-10 14:00")


@pytest.mark.parametrize(
    ("clock", "over"),
    [
        ("Tue 2026-03-10 00:00", "Wed 2026-03-11 00:00"),
        ("Tue 2026-03-10 23:59", "Wed 2026-03-11 00:00"),
        ("Sun 2026-03-08 01:00", "Mon 2026-03-09 00:00"),
        ("Sun 2026-11-01 01:00", "Mon 2026-11-02 00:00"),
    ],
)
def test_a_day_is_over_at_midnight(clock: str, over: str) -> None:
    assert end_of_day(at(clock), NEW_YORK) == at(over)
