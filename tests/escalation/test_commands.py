"""What a text from a staff number asks for, however it is written."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.commands import (
    Close,
    Ended,
    Help,
    NotUnderstood,
    Reply,
    Show,
    Take,
    ended_at,
    in_full,
    is_a_clock,
    read_command,
)

NEW_YORK = ZoneInfo("America/New_York")

READ = {
    "A 7": Take(7), "a7": Take(7), "A #7": Take(7), "A7.": Take(7), "A": Take(None), "a.": Take(None),
    "A 7 ok": Take(7),     "R 7 come at 3": Reply(7, "come at 3"), "r7: come": Reply(7, "come"), "R 7": Reply(7, ""),
    "R come at 3": Reply(None, "come at 3"), "R 7\ncome\nat 3": Reply(7, "come at 3"), "R 7, 3 pm": Reply(7, "3 pm"),
    "D 7": Close(7, ""), "D": Close(None, ""), "d7 called her": Close(7, "called her"),
    "DONE Maria 2:40": Ended("Maria", "2:40"), "done": Ended("", ""), "DONE Pat 3": Ended("Pat", "3"),
    "Done, Maria G. at 2:40 PM!": Ended("Maria G", "2:40 PM"), "DONE 2:40": Ended("", "2:40"),
    "done 5": Ended("", "5"), "Done #5": Ended("", "5"),
    "DONE zoe at noon": Ended("zoe", "12:00 pm"), "done Zoe Park now.": Ended("Zoe Park", ""),
    "DONE just now": Ended("", ""),
    "DONE Zoe midnight": Ended("Zoe", "12:00 am"), "DONE Nowak": Ended("Nowak", ""),
    "DONE Zoe right now": Ended("Zoe", ""),
    "done Maria-Jose 14h05": Ended("Maria-Jose", "14h05"),
    "W 7": Show(7), "w7": Show(7), "W": Show(None), "W 7 please": Show(7), "w the patient": NotUnderstood(),
    "HELP": Help(), "help?": Help(), "?": Help(),
    "": NotUnderstood(), "Are you there": NotUnderstood(), "Rain today": NotUnderstood(),
    "Dana is here": NotUnderstood(), "ok": NotUnderstood(), "7": NotUnderstood(),
    "STOP": NotUnderstood(), "A please": NotUnderstood(),
}  # fmt: skip


@pytest.mark.parametrize(("text", "command"), READ.items(), ids=repr)
def test_a_command_is_read(text: str, command: object):
    assert read_command(text) == command


@given(st.text(max_size=200) | st.from_regex(r"\A[ARDWardw] ?\d{1,30}[ .a-z]{0,20}\Z"))
def test_any_text_is_read_as_something(text: str):
    assert read_command(text) is not None


@given(st.text(max_size=20) | st.from_regex(r"\A[0-9]{1,4}[:.h]?[0-9]{0,3} ?[apAP]?[.mM]{0,2}\Z"))
def test_any_clock_is_a_moment_between_start_and_now_or_none(clock: str):
    starts_at, now = at("2026-03-10 14:00"), at("2026-03-10 18:00")
    found = ended_at(clock, starts_at=starts_at, now=now, zone=NEW_YORK)
    assert found is None or (is_a_clock(clock) and starts_at < found <= now)


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(("digits", "clock"), [("5", "5:00"), ("05", "5:00"), ("240", "2:40"), ("1115", "11:15")])
def test_bare_digits_are_written_out_as_a_clock(digits: str, clock: str):
    assert in_full(digits) == clock


@pytest.mark.parametrize("digits", ["75", "275", "2500", "12345", "9" * 5000, ""])
def test_digits_that_are_no_clock_are_none(digits: str):
    assert in_full(digits) is None


MEANT = [
    # clock, start, now, meant
    ("2:40", "2026-03-10 14:00", "2026-03-10 14:45", "2026-03-10 14:40"),  # Tue: PM, as AM was before the start
    ("2:40", "2026-03-10 01:00", "2026-03-10 14:45", "2026-03-10 14:40"),  # Tue: both fit, the later one is meant
    ("11:30", "2026-03-10 10:45", "2026-03-10 12:00", "2026-03-10 11:30"),  # Tue: AM, as PM is still to come
    ("12:10", "2026-03-10 11:00", "2026-03-10 12:30", "2026-03-10 12:10"),  # Tue: noon
    ("12:10", "2026-03-10 22:30", "2026-03-11 00:20", "2026-03-11 00:10"),  # Tue night: midnight
    ("00:10", "2026-03-10 22:30", "2026-03-11 00:20", "2026-03-11 00:10"),
    ("2:40 am", "2026-03-10 14:00", "2026-03-10 14:45", None),  # Tue: before the start
    ("2:50", "2026-03-10 14:00", "2026-03-10 14:45", None),  # Tue: still to come
    ("14:00", "2026-03-10 14:00", "2026-03-10 14:45", None),  # Tue: the start itself
    ("14:45", "2026-03-10 14:00", "2026-03-10 14:45", "2026-03-10 14:45"),  # Tue: this very minute
    ("3:30", "2026-03-08 01:30", "2026-03-08 04:00", "2026-03-08 03:30"),  # Sun: the clocks went forward
    ("1:40", "2026-11-01 00:30", "2026-11-01 02:30", "2026-11-01 01:40"),  # Sun: the clocks went back
]


@pytest.mark.parametrize(("clock", "start", "now", "meant"), MEANT)
def test_am_or_pm_is_what_fits_between_start_and_now(clock: str, start: str, now: str, meant: str | None):
    found = ended_at(clock, starts_at=at(start), now=at(now), zone=NEW_YORK)
    assert found == (at(meant) if meant else None)
