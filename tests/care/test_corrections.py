"""When a text that names a time has become wrong, and what puts it right."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.care.corrections import corrections
from bot.care.model import Appointment, PastText, Status
from tests.care.story import the_timeline

NOON = datetime(2026, 3, 10, 16, tzinfo=UTC)
WEDNESDAY, FRIDAY = NOON + timedelta(days=8), NOON + timedelta(days=10)
BOOKED = Appointment(NOON, FRIDAY, FRIDAY + timedelta(hours=1), ZoneInfo("America/New_York"))


def told(step: str, start: datetime, minutes: int) -> PastText:
    return PastText(step, 0, NOON, NOON + timedelta(minutes=minutes), said_start=start)


def steps(appointment: Appointment, *past: PastText) -> list[str]:
    now = NOON + timedelta(hours=1)
    return [text.step for text in corrections(the_timeline(), appointment, past=past, pending=(), now=now)]


@pytest.mark.parametrize(
    ("past", "wanted"),
    [
        pytest.param([told("welcome", FRIDAY, 1)], [], id="she knows"),
        pytest.param([told("welcome", WEDNESDAY, 1)], ["moved"], id="she knows another day"),
        pytest.param(
            [told("welcome", WEDNESDAY, 1), told("catch-up", FRIDAY, 2)], ["moved"], id="the new day went by the way"
        ),
        pytest.param([told("welcome", WEDNESDAY, 1), told("moved", FRIDAY, 2)], [], id="it was put right"),
        pytest.param(
            [told("welcome", FRIDAY, 1), told("catch-up", WEDNESDAY, 2)], ["moved"], id="moved away and back"
        ),
        pytest.param([told("catch-up", WEDNESDAY, 1)], ["moved"], id="only the day was ever said"),
        pytest.param(
            [told("welcome", FRIDAY, 1), told("called-off", FRIDAY, 2)], ["moved"], id="it is on again after all"
        ),
        pytest.param(
            [told("welcome", FRIDAY, 1), told("called-off", FRIDAY, 2), told("catch-up", FRIDAY, 3)],
            ["moved"],
            id="it is on again, and a limit went first",
        ),
    ],
)
def test_a_start_that_was_said_is_put_right_by_a_text_that_gives_the_hour(past: list[PastText], wanted: list[str]):
    assert steps(BOOKED, *past) == wanted


def test_whoever_heard_of_a_treatment_that_is_off_hears_that_it_is():
    off = replace(BOOKED, status=Status.CANCELLED)
    assert steps(off) == []
    assert steps(off, told("catch-up", FRIDAY, 1)) == ["called-off"]
    assert steps(off, told("welcome", FRIDAY, 1), told("called-off", FRIDAY, 2)) == []
