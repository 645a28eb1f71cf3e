"""What may come at the same moment, through the use cases on PostgreSQL: in a forced order, or both at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest
from sqlmodel import Session

from bot.outbox.attempts import record_attempts
from bot.outbox.model import LEFT_US, State
from bot.outbox.moves import back, lock_messages
from bot.records.database import Database
from bot.records.tables import Message
from bot.usecases import appointment
from bot.usecases.appointment import Booking
from bot.usecases.planning import plan_again
from tests.outbox.test_races import _until_someone_waits
from tests.usecases.front_desk import ANA, KIM, LEE, MARIA, FrontDesk, at_once, local


@pytest.fixture
def desk(postgres_database: Database) -> FrontDesk:
    desk = FrontDesk(postgres_database)
    desk.book()
    return desk


CHANGES: dict[str, Callable[[FrontDesk], object]] = {
    "a move": lambda desk: desk.change(starts_at=local("2026-03-18 15:00")),
    "a cancellation": lambda desk: desk.change(status="cancelled"),
    "STOP": lambda desk: desk.text("please stop texting me"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_while_the_attempt_is_being_recorded_waits_and_then_sees_it(desk: FrontDesk, name: str):
    claimed = desk.claim()
    _while_uncommitted(desk, partial(_attempt, desk, claimed), lambda: CHANGES[name](desk))
    assert {desk.rows(Message, Message.id == each)[0].state for each in claimed} == {State.UNKNOWN}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_and_sending_at_once_end_in_one_of_two_ways(desk: FrontDesk, name: str):
    claimed = desk.claim()
    _, gone = at_once(lambda: CHANGES[name](desk), lambda: desk.hand_over(claimed))
    sent = {each.id for each in gone}
    for each in claimed:
        state = desk.rows(Message, Message.id == each)[0].state
        assert (state in LEFT_US) == (each in sent)
    assert desk.hand_over(claimed) == []


def test_the_end_reported_while_after_care_is_being_sent_gives_its_times_once(desk: FrontDesk):
    desk.at("2026-03-17 15:29")
    desk.now = local("2026-03-17 15:30")
    claimed = desk.claim()
    assert desk.row("after-care").id in claimed
    reported = local("2026-03-17 15:10")
    at_once(lambda: desk.hand_over(claimed), lambda: desk.change(procedure_ended_at=reported))
    desk.wait(minutes=5)
    gone = [m for m in desk.rows(Message) if m.step in ("after-care", "new-times") and m.state in LEFT_US]
    assert [m.step for m in gone].count("after-care") == 1
    assert reported in {datetime.fromisoformat(m.said["end"]) for m in gone}


def test_two_dones_at_once_end_the_treatment_once(desk: FrontDesk):
    desk.at("2026-03-17 15:05")
    said = at_once(lambda: desk.text("DONE Maria 3:00", KIM), lambda: desk.text("DONE Maria 3:00", LEE))
    assert all("ended at 3:00 PM" in words for words in said if words)
    desk.wait(minutes=20)
    assert len([s for s in desk.steps(*LEFT_US) if s == "after-care"]) == 1
    assert desk.steps().count("new-times") == 0


def test_two_dones_with_different_times_leave_one_and_correct_the_other(desk: FrontDesk):
    desk.at("2026-03-17 15:20")
    at_once(lambda: desk.text("DONE Maria 3:00", KIM), lambda: desk.text("DONE Maria 3:10", LEE))
    ended_at = desk.appointment().ended_at
    assert ended_at in (local("2026-03-17 15:00"), local("2026-03-17 15:10"))
    desk.wait(minutes=20)
    gone = [m for m in desk.rows(Message) if m.step in ("after-care", "new-times") and m.state in LEFT_US]
    assert ended_at in {datetime.fromisoformat(m.said["end"]) for m in gone}


def test_the_same_booking_twice_at_once_is_one_appointment_with_one_plan(postgres_database: Database):
    desk = FrontDesk(postgres_database)
    first, second = at_once(desk.book, desk.book)
    assert first.id == second.id
    assert desk.steps().count("welcome") == desk.steps().count("confirm") == 1


def test_the_same_move_twice_at_once_raises_the_revision_once(desk: FrontDesk):
    move = partial(desk.change, starts_at=local("2026-03-18 15:00"))
    at_once(move, move)
    assert desk.appointment().revision == 2


def test_a_move_that_waited_for_a_change_of_number_is_planned_for_the_new_one(desk: FrontDesk):
    _while_uncommitted(
        desk, partial(_change_number, desk), lambda: desk.change(starts_at=local("2026-03-18 15:00"))
    )
    planned = desk.rows(Message, Message.state == State.SCHEDULED)
    assert {(m.to_phone, m.revision) for m in planned} == {(ANA, desk.appointment().revision)}
    assert desk.appointment().starts_at == local("2026-03-18 15:00")


def test_a_booking_that_waited_for_a_change_of_number_takes_the_plan_from_the_new_one(desk: FrontDesk):
    _while_uncommitted(desk, partial(_change_number, desk), desk.book)
    assert {m.to_phone for m in desk.rows(Message, Message.state == State.SCHEDULED)} == {MARIA}


def test_planning_again_while_a_worker_holds_a_claim_takes_the_text_from_it(desk: FrontDesk):
    claimed = desk.claim()
    desk.change(flags=["cold_sores"])
    assert desk.hand_over(claimed) == []
    desk.send()
    assert desk.steps(*LEFT_US).count("welcome") == 1


def test_a_text_in_doubt_during_a_move_goes_with_the_new_plan_where_twilio_never_had_it(desk: FrontDesk):
    claimed = desk.claim()
    with desk.database.transaction() as session:
        _attempt(desk, claimed, session)
    desk.change(flags=["prp"])
    with desk.database.transaction() as session:
        for row in lock_messages(session, claimed).values():
            back(row, row.due_at, "Twilio did not have it", desk.now)
    house = replace(desk.house(), plan_again=partial(plan_again, desk.clinic))
    for _ in range(2):
        ids = desk.claim()
        with desk.database.transaction() as session:
            record_attempts(session, ids, worker="w1", house=house, now=desk.now)
    rows = {row.id: row for row in desk.rows(Message)}
    assert [rows[each].state for each in claimed] == [State.UNKNOWN] * len(claimed)
    assert {rows[each].revision for each in claimed} == {desk.appointment().revision}


def _attempt(desk: FrontDesk, claimed: list[str], session: Session) -> None:
    assert record_attempts(session, claimed, worker="w1", house=desk.house(), now=desk.now)


def _change_number(desk: FrontDesk, session: Session) -> None:
    booking = Booking("A-1", "Maria Gomez", ANA, None, "micro-needling", local("2026-03-17 14:00"))
    appointment._book(session, desk.clinic, booking, desk.now)


def _while_uncommitted(desk: FrontDesk, first: Callable[[Session], None], second: Callable[[], object]) -> None:
    with ThreadPoolExecutor(1) as pool:
        with desk.database.transaction() as session:
            first(session)
            later = pool.submit(second)
            _until_someone_waits(desk.database)
        later.result(timeout=10)
