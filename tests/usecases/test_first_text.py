"""Whichever text is a number's first says how to stop and get help, whatever became of the welcome."""

import pytest
from sqlmodel import select

from bot.content.segments import measure
from bot.outbox.model import State
from bot.records.database import Database
from bot.records.tables import Message
from tests.usecases.front_desk import FrontDesk, local


def _fail(desk: FrontDesk, step: str) -> None:
    """The carrier would not take this text."""
    with desk.database.transaction() as session:
        message = session.exec(select(Message).where(Message.step == step)).one()
        message.state, message.settled_at = State.FAILED, desk.now
        session.add(message)


def test_the_welcome_says_it_and_nothing_else_does(database: Database):
    desk = FrontDesk(database)
    desk.book()
    assert [m.step for m in desk.show().messages if "STOP" in (m.text or "")] == ["welcome"]
    desk.at("2026-03-25 12:00")
    assert [words for words in desk.heard() if "STOP" in words] == [desk.row("welcome").body]


def test_the_day_of_text_says_it_where_the_night_left_no_time_for_the_welcome(database: Database):
    desk = FrontDesk(database, now=local("2026-03-16 21:00"))
    desk.book(starts_at=local("2026-03-17 07:30"), flags=["cold_sores", "prp"])
    shown = [m.step for m in desk.show().messages if "STOP" in (m.text or "")]
    desk.at("2026-03-17 09:00")
    first, second = desk.heard()[:2]
    assert "micro-needling today" in first and first.endswith("Reply STOP to end texts, HELP for help.")
    assert measure(first).segments <= 2
    assert "STOP" not in second
    assert shown == ["day-of"]


def test_the_next_text_says_it_where_the_welcome_failed(sqlite_database: Database):
    desk = FrontDesk(sqlite_database)
    desk.book()
    _fail(desk, "welcome")
    desk.at("2026-03-08 12:00")
    assert ["STOP" in words for words in desk.heard()] == [True] + [False] * (len(desk.heard()) - 1)


@pytest.mark.parametrize("booked", ["2026-03-15 12:00", "2026-03-09 12:00", "2026-03-08 12:00"])
def test_even_the_long_list_of_limits_has_room_for_it(sqlite_database: Database, booked: str):
    desk = FrontDesk(sqlite_database, now=local(booked))
    desk.book()
    _fail(desk, "welcome")
    desk.wait(minutes=5)
    first = desk.heard()[0]
    assert "avoid IPL/laser" in first and "STOP" in first and "HELP" in first
    assert measure(first).segments <= 2
