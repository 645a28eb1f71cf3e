"""The phrases in which messages/ writes a moment."""

from datetime import time, timedelta

import pytest

from bot.care.model import Anchor, Moment
from bot.content.moments import UnknownMoment, parse_clock, parse_moment

START, END = Anchor.START, Anchor.END


@pytest.mark.parametrize(
    ("phrase", "moment"),
    [
        ("booked", Moment(Anchor.BOOKED)),
        ("start", Moment(START)),
        ("end", Moment(END)),
        ("3 days before at 9:00", Moment(START, days=-3, at=time(9))),
        ("1 day before at 10:00", Moment(START, days=-1, at=time(10))),
        ("1 day after at 17:00", Moment(START, days=1, at=time(17))),
        ("the day at 7:30", Moment(START, at=time(7, 30))),
        ("day 0", Moment(START, at=time())),
        ("day 14", Moment(START, days=14, at=time())),
        ("7 days before start", Moment(START, days=-7)),
        ("7 days after end", Moment(END, days=7)),
        ("4 hours after end", Moment(END, elapsed=timedelta(hours=4))),
        ("15 minutes after end", Moment(END, elapsed=timedelta(minutes=15))),
        ("2 hours before start", Moment(START, elapsed=-timedelta(hours=2))),
        ("1 hour after booked", Moment(Anchor.BOOKED, elapsed=timedelta(hours=1))),
        ("6 months before start", Moment(START, months=-6)),
        (
            "the day at 8:00, or 2 hours before start if that is earlier",
            Moment(START, at=time(8), or_if_earlier=Moment(START, elapsed=-timedelta(hours=2))),
        ),
        ("  4   hours\n after end ", Moment(END, elapsed=timedelta(hours=4))),
    ],
)
def test_a_phrase_names_its_moment(phrase: str, moment: Moment) -> None:
    assert parse_moment(phrase) == moment


@pytest.mark.parametrize(
    "phrase",
    ["", "soon", "two days before at 9:00", "3 days before", "3 days before at 9", "3 days before at 25:00", "day -1",
     "the day at 8:60", "4 hours after", "4 weeks before start", "4 hours after lunch", "-3 days before start",
     "end, or if that is earlier", "Start"],
)  # fmt: skip
def test_what_names_no_moment_is_refused_with_an_example(phrase: str) -> None:
    with pytest.raises(UnknownMoment, match=r"names no moment; write for example|is no clock time"):
        parse_moment(phrase)


@pytest.mark.parametrize(("phrase", "clock"), [("7:00", time(7)), ("07:30", time(7, 30)), ("23:59", time(23, 59))])
def test_a_clock_time_is_read(phrase: str, clock: time) -> None:
    assert parse_clock(phrase) == clock


@pytest.mark.parametrize("phrase", ["450", "7", "7.30", "24:00", "7:30 PM", ""])
def test_what_is_no_clock_time_is_refused(phrase: str) -> None:
    with pytest.raises(UnknownMoment, match="is no clock time"):
        parse_clock(phrase)
