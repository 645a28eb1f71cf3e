"""A move, a cancellation or STOP at the very moment of sending, forced on PostgreSQL by two open transactions.

Each race is run both ways round: the change first, or the attempt first. Whoever is second waits for the first.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, update

from bot.outbox.attempts import record_attempts
from bot.outbox.claims import release_expired
from bot.outbox.model import NewMessage, Sendable, State
from bot.outbox.moves import lock_messages
from bot.outbox.receipts import take_in
from bot.outbox.settle import Settlement, settle
from bot.outbox.store import cancel_for_appointment, enqueue, keep, suppress_for_number
from bot.records.database import Database
from bot.records.numbers import record_opt_out
from bot.records.tables import AppointmentRow
from bot.sms.gateway import Accepted
from tests.outbox.world import MARIA, World

Change = Callable[[Session], None]


class Race:
    """One claimed text of one appointment, its worker, and somebody who changes things under it."""

    def __init__(self, database: Database) -> None:
        self.world = World(database)
        self.patient = self.world.patient()
        self.appointment = self.world.appointment(self.patient)
        self.message = self.world.text(
            "after-care", appointment_id=self.appointment, patient_id=self.patient, revision=1
        )
        self.world.claim()

    def attempt(self, session: Session) -> list[Sendable]:
        return record_attempts(
            session, [self.message], worker="w1", house=self.world.house(), now=self.world.clock()
        )

    def cancel(self, session: Session) -> None:
        self._revise(session, status="cancelled")
        cancel_for_appointment(
            session, self.appointment, reason="the appointment was cancelled", rule="cancelled", now=self.world.clock()
        )

    def cancel_again(self, session: Session) -> None:
        self._revise(session)
        cancel_for_appointment(session, self.appointment, reason="moved", rule="moved", now=self.world.clock())

    def move(self, session: Session) -> None:
        self._revise(session)
        new = {"appointment_id": self.appointment, "patient_id": self.patient, "revision": 2}
        cancel_for_appointment(session, self.appointment, reason="moved", rule="moved", now=self.world.clock())
        due_at = self.world.clock()
        later = NewMessage(kind="planned", to_phone=MARIA, step="after-care", due_at=due_at, **new)
        enqueue(session, [later], now=self.world.clock())

    def move_and_keep(self, session: Session) -> None:
        self._revise(session)
        due_at = self.world.clock()
        keep(session, self.message, revision=2, due_at=due_at, useful_until=None, now=due_at)

    def stop(self, session: Session) -> None:
        record_opt_out(session, MARIA, at=self.world.clock(), words="STOP", via="text")
        suppress_for_number(session, MARIA, reason="the patient texted STOP", now=self.world.clock())

    def _revise(self, session: Session, **change: object) -> None:
        this = update(AppointmentRow).where(col(AppointmentRow.id) == self.appointment)
        session.exec(this.values(revision=AppointmentRow.revision + 1, **change))


@pytest.fixture
def race(postgres_database: Database) -> Race:
    return Race(postgres_database)


CHANGES = [("cancel", "cancelled"), ("move", "cancelled"), ("stop", "suppressed")]


@pytest.mark.parametrize(("change", "state"), CHANGES)
def test_a_change_that_comes_first_keeps_the_text_from_going(race: Race, change: str, state: str):
    ready = _overlap(race, first=getattr(race, change), second=race.attempt)
    assert ready == []
    assert race.world.state(race.message) == state


@pytest.mark.parametrize(("change", "state"), CHANGES)
def test_an_attempt_that_comes_first_is_seen_by_the_change_as_having_left(race: Race, change: str, state: str):
    _overlap(race, first=race.attempt, second=getattr(race, change))
    assert race.world.state(race.message) == State.UNKNOWN


def test_a_text_kept_over_a_move_is_taken_from_its_worker_and_goes_once_with_the_new_time(race: Race):
    assert _overlap(race, first=race.move_and_keep, second=race.attempt) == []
    assert race.world.claim("w2") == [race.message]
    assert race.world.row(race.message).revision == 2


def test_a_change_that_fails_leaves_the_text_to_its_worker(race: Race):
    class Failed(Exception):
        pass

    def fail(session: Session) -> None:
        race.cancel(session)
        raise Failed

    with pytest.raises(Failed):
        _overlap(race, first=fail, second=race.attempt)
    with race.world.database.transaction() as session:
        assert len(race.attempt(session)) == 1


def test_a_claim_released_under_its_worker_is_attempted_by_the_next_alone(race: Race):
    race.world.clock.move(seconds=60)
    with race.world.database.transaction() as session:
        release_expired(session, now=race.world.clock())
    assert race.world.claim("w2") == [race.message]
    with race.world.database.transaction() as session:
        assert race.attempt(session) == []


def test_the_answer_and_its_receipt_at_once_agree(race: Race):
    with race.world.database.transaction() as session:
        (sendable,) = race.attempt(session)
    sid = "SM" + "1" * 32
    now = race.world.clock()

    def answer(session: Session) -> None:
        settle(session, [Settlement(sendable, Accepted(sid, "queued", 1))], now=now)

    def receipt(session: Session) -> None:
        take_in(session, sid=sid, status="delivered", error_code=None, message_id=race.message, now=now)

    _overlap(race, first=answer, second=receipt)
    assert (race.world.state(race.message), race.world.row(race.message).sid) == (State.DELIVERED, sid)


def test_the_same_receipt_twice_at_once_is_kept_once(race: Race):
    with race.world.database.transaction() as session:
        race.attempt(session)

    def receipt(session: Session) -> str:
        about = {"sid": "SM" + "1" * 32, "status": "delivered", "error_code": None, "message_id": race.message}
        return take_in(session, now=race.world.clock(), **about)

    assert _overlap(race, first=receipt, second=receipt) == "repeated"


@pytest.mark.parametrize("answered", [True, False])
def test_two_receipts_of_one_text_at_once_never_wait_for_each_other(race: Race, monkeypatch, answered: bool):
    world, sid, both = race.world, "SM" + "1" * 32, threading.Barrier(2)
    with world.database.transaction() as session:
        (sendable,) = race.attempt(session)
    if answered:
        with world.database.transaction() as session:
            settle(session, [Settlement(sendable, Accepted(sid, "queued", 1))], now=world.clock())

    def lock(session: Session, ids: list[str]) -> object:
        both.wait(timeout=10)  # whatever is held before this, both hold now
        return lock_messages(session, ids)

    def receipt(status: str) -> object:
        about = {"sid": sid, "status": status, "error_code": None, "message_id": race.message}
        return _in_transaction(world.database, lambda session: take_in(session, now=world.clock(), **about))

    monkeypatch.setattr("bot.outbox.receipts.lock_messages", lock)
    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(receipt, ("sent", "delivered")))
    assert world.state(race.message) == State.DELIVERED
    assert "moved" in taken


def test_stop_and_moves_at_once_with_sending_never_deadlock(race: Race):
    world = race.world
    for n in range(20):
        world.text(f"step-{n}", appointment_id=race.appointment, patient_id=race.patient, revision=1)
    over = threading.Event()

    def send(worker: str) -> int:
        sent = 0
        while not over.is_set():
            ids = world.claim(worker, limit=5)
            with world.database.transaction() as session:
                sent += len(record_attempts(session, ids, worker=worker, house=world.house(), now=world.clock()))
        return sent

    with ThreadPoolExecutor(2) as pool:
        senders = [pool.submit(send, f"s{n}") for n in range(2)]
        try:
            for n in range(30):
                with world.database.transaction() as session:
                    race.stop(session) if n % 2 else race.cancel_again(session)
        finally:
            over.set()
        assert sum(sender.result() for sender in senders) <= 21
    assert set(world.states()) <= {"unknown", "cancelled", "suppressed", "claimed"}


def _overlap(race: Race, *, first: Change, second: Callable[[Session], object]) -> object:
    """Run `second` while the transaction of `first` has done its work and is not committed; return its result."""
    database = race.world.database
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            first(session)
            later: Future[object] = pool.submit(_in_transaction, database, second)
            _until_someone_waits(database)
            assert not later.done()
        return later.result(timeout=10)


def _in_transaction(database: Database, body: Callable[[Session], object]) -> object:
    with database.transaction() as session:
        return body(session)


def _until_someone_waits(database: Database) -> None:
    waiting = text("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
    give_up_at = time.monotonic() + 5
    while time.monotonic() < give_up_at:
        with database.session() as session:
            if session.connection().execute(waiting).first():
                return
    raise AssertionError("the second transaction did not wait for the first")
