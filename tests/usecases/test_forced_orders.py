"""The same thing twice, or two that bear on each other, in a forced order: on PostgreSQL, through the use cases.

The first has done its work and is not committed; the second waits for it, which is made sure of; then both go on.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Event

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.outbox.attempts import record_attempts
from bot.outbox.model import LEFT_US, Sendable, State
from bot.outbox.settle import Settlement, settle
from bot.records.database import Database
from bot.records.tables import AppointmentRow, Message, Patient, new_id
from bot.sms.gateway import Accepted
from tests.outbox.test_races import _until_someone_waits
from tests.usecases.front_desk import KIM, LEE, FrontDesk, local

REPORTED = local("2026-03-17 15:10")
Act = Callable[[FrontDesk], object]


class Held(Database):
    """A database whose transactions, after the first few, are committed only when somebody waits for their locks."""

    def __init__(self, engine: Engine, let_through: int) -> None:
        super().__init__(engine)
        self.ready, self._let_through = Event(), let_through

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with super().transaction() as session:
            yield session
            self._let_through -= 1
            if self._let_through < 0 and not self.ready.is_set():
                self.ready.set()
                _until_someone_waits(self)


@pytest.fixture
def desk(postgres_database: Database) -> FrontDesk:
    desk = FrontDesk(postgres_database)
    desk.book()
    return desk


@pytest.fixture
def after(desk: FrontDesk) -> FrontDesk:
    """3:30 PM on the day of the treatment: after-care is due, for nobody has reported the end."""
    desk.at("2026-03-17 15:29")
    desk.now = local("2026-03-17 15:30")
    return desk


def test_after_care_on_record_before_the_end_is_reported_is_corrected(after: FrontDesk):
    claimed = after.claim()
    going, _ = in_order(after, partial(attempt, claimed), report_end)
    assert after.row("after-care").id in {each.id for each in going}
    with after.database.transaction() as session:
        settle(session, [Settlement(each, Accepted(f"SM{new_id()}", "queued", 1)) for each in going], now=after.now)
    after.wait(minutes=5)
    assert ends_said(after) == [("after-care", local("2026-03-17 15:00")), ("new-times", REPORTED)]


def test_an_end_reported_before_after_care_is_on_record_takes_it_from_its_worker(after: FrontDesk):
    claimed, old = after.claim(), after.row("after-care").id
    assert old in claimed
    _, going = in_order(after, report_end, partial(attempt, claimed))
    assert old not in {each.id for each in going}
    after.wait(minutes=5)
    assert ends_said(after) == [("after-care", REPORTED)]


@pytest.mark.parametrize(("one", "two"), [(KIM, LEE), (LEE, KIM)])
def test_two_dones_of_the_same_time_end_the_treatment_once(after: FrontDesk, one: str, two: str):
    said = in_order(after, done("3:10", one), done("3:10", two), let_through=1)
    assert all("ended at 3:10 PM" in str(words) for words in said)
    assert after.appointment().revision == 2
    after.wait(minutes=5)
    assert ends_said(after) == [("after-care", REPORTED)]


@pytest.mark.parametrize(("one", "two"), [(KIM, LEE), (LEE, KIM)])
def test_of_two_dones_of_different_times_the_later_holds(after: FrontDesk, one: str, two: str):
    in_order(after, done("3:00", one), done("3:10", two), let_through=1)
    assert after.appointment().ended_at == REPORTED
    after.wait(minutes=5)
    assert ends_said(after) == [("after-care", REPORTED)]


def test_the_same_booking_twice_is_one_appointment_with_one_plan(postgres_database: Database):
    desk = FrontDesk(postgres_database)
    in_order(desk, lambda desk: desk.book(), lambda desk: desk.book())
    assert len(desk.rows(AppointmentRow)) == len(desk.rows(Patient)) == 1
    assert desk.appointment().revision == 1
    assert desk.steps().count("welcome") == desk.steps().count("confirm") == 1


SAME: dict[str, Act] = {
    "a move": lambda desk: desk.change(starts_at=local("2026-03-18 15:00")),
    "a cancellation": lambda desk: desk.change(status="cancelled"),
    "flags": lambda desk: desk.change(flags=["cold_sores"]),
    "the same booking at another time": lambda desk: desk.book(starts_at=local("2026-03-18 15:00")),
}


@pytest.mark.parametrize("name", SAME)
def test_the_same_call_twice_changes_things_once(desk: FrontDesk, name: str):
    in_order(desk, SAME[name], SAME[name])
    assert desk.appointment().revision == 2
    keys = [(m.step, m.occurrence) for m in desk.rows(Message, Message.state == State.SCHEDULED)]
    assert len(keys) == len(set(keys))


def test_a_move_and_another_move_leave_the_later_one(desk: FrontDesk):
    first, second = local("2026-03-18 15:00"), local("2026-03-19 15:00")
    in_order(desk, lambda desk: desk.change(starts_at=first), lambda desk: desk.change(starts_at=second))
    assert (desk.appointment().starts_at, desk.appointment().revision) == (second, 3)
    pending = desk.rows(Message, Message.state == State.SCHEDULED)
    assert {m.revision for m in pending} == {3}


def in_order(desk: FrontDesk, first: Act, second: Act, *, let_through: int = 0) -> tuple:
    """Run `second` while `first` has done its work in the transaction after the `let_through` first ones."""
    held = Held(desk.database.engine, let_through)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(first, replace(desk, database=held))
        assert held.ready.wait(timeout=10)
        two = pool.submit(second, desk)
        return one.result(timeout=20), two.result(timeout=20)


def attempt(claimed: list[str], desk: FrontDesk) -> list[Sendable]:
    with desk.database.transaction() as session:
        return record_attempts(session, claimed, worker="w1", house=desk.house(), now=desk.now)


def report_end(desk: FrontDesk) -> object:
    return desk.change(procedure_ended_at=REPORTED)


def done(clock: str, staff: str) -> Act:
    return lambda desk: desk.text(f"DONE Maria {clock}", staff)


def ends_said(desk: FrontDesk) -> list[tuple[str, datetime]]:
    """The texts about the hours after the treatment that went, in order, with the end that each named."""
    gone = [m for m in desk.rows(Message) if m.step in ("after-care", "new-times") and m.state in LEFT_US]
    # Both may go in the same minute: then the one that was planned first did.
    in_turn = sorted(gone, key=lambda m: (m.attempted_at, m.created_at))
    return [(m.step, datetime.fromisoformat(m.said["end"])) for m in in_turn]
