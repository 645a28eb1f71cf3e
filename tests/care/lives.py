"""Random appointments and what may happen to them, for the property tests."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.care.model import Appointment, Status
from tests.care.story import Story

ZONES = [
    ZoneInfo(name)
    for name in (
        "America/New_York", "America/Los_Angeles", "America/Phoenix", "Pacific/Honolulu", "Europe/London",
        "Australia/Lord_Howe",
    )
]  # fmt: skip
# Around both changes of the clocks, and in between.
DAYS = [date(2026, 3, 8), date(2026, 11, 1), date(2026, 7, 15)]
FLAGS = ("cold_sores", "prp", "eyes", "accutane", "medicines", "recent_use")

Event = Callable[[Story], None]


@st.composite
def appointments(draw: st.DrawFn) -> Appointment:
    """Booked between an hour and forty days ahead, at any hour of any day."""
    zone = draw(st.sampled_from(ZONES))
    day = draw(st.sampled_from(DAYS)) + timedelta(days=draw(st.integers(-4, 4)))
    clock = time(draw(st.integers(6, 20)), draw(st.sampled_from([0, 15, 30])))
    start = datetime.combine(day, clock, zone).astimezone(UTC)
    ahead = timedelta(hours=draw(st.one_of(st.integers(1, 24 * 5), st.integers(1, 24 * 40))))
    return Appointment(
        booked_at=start - ahead - timedelta(minutes=draw(st.integers(0, 59))),
        starts_at=start,
        ends_at=start + timedelta(minutes=draw(st.integers(20, 200))),
        zone=zone,
        flags=draw(st.dictionaries(st.sampled_from(FLAGS), st.booleans(), max_size=4)),
    )


def events() -> st.SearchStrategy[Event]:
    """One thing that happens; what cannot happen at that moment does nothing."""
    return st.one_of(
        st.integers(1, 48).map(lambda hours: lambda story: _pass(story, timedelta(hours=hours))),
        st.integers(1, 600).map(lambda minutes: lambda story: _pass(story, timedelta(minutes=minutes))),
        st.just(_pass_to_the_next_text),
        st.just(_pass_to_the_start),
        st.integers(-30 * 4, 30 * 4).map(lambda shift: lambda story: _move(story, timedelta(hours=6 * shift))),
        st.integers(-6, 6).map(lambda shift: lambda story: _move(story, timedelta(hours=shift))),
        st.integers(0, 90).map(lambda minutes: lambda story: _end(story, timedelta(minutes=minutes))),
        st.tuples(st.sampled_from(FLAGS), st.booleans()).map(lambda fact: lambda story: _note(story, *fact)),
        st.sampled_from(Status).map(lambda status: lambda story: story.change(status=status)),
    )


def _pass(story: Story, how_long: timedelta) -> None:
    story.pass_to(story.now + how_long)


def _pass_to_the_next_text(story: Story) -> None:
    dues = [text.due_at for text in story.pending if text.due_at > story.now]
    story.pass_to(min(dues, default=story.now))


def _pass_to_the_start(story: Story) -> None:
    story.pass_to(max(story.now, story.appointment.starts_at))


def _move(story: Story, shift: timedelta) -> None:
    start = story.appointment.starts_at + shift
    if start > story.now and story.appointment.ended_at is None:
        length = story.appointment.ends_at - story.appointment.starts_at
        story.change(starts_at=start, ends_at=start + length)


def _end(story: Story, ago: timedelta) -> None:
    at = story.now - ago
    if at > story.appointment.starts_at:
        story.change(ended_at=at)


def _note(story: Story, flag: str, value: bool) -> None:
    story.change(flags={**story.appointment.flags, flag: value})
