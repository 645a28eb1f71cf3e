"""Transactions are all or nothing, wait for each other, and say plainly when the database is away."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from bot.errors import DatabaseAway
from bot.outbox.store import wake_workers
from bot.records.database import Database, open_database
from bot.records.heartbeats import beat, last_beat_at
from bot.records.numbers import ensure_numbers
from bot.records.tables import Number
from tests.outbox.world import NOON


def test_a_transaction_that_raises_writes_nothing(database: Database):
    with pytest.raises(RuntimeError), database.transaction() as session:
        ensure_numbers(session, ["+14155550101"])
        raise RuntimeError
    with database.session() as session:
        assert session.exec(select(Number)).all() == []


def test_what_a_reading_session_writes_is_not_kept(database: Database):
    with database.session() as session:
        ensure_numbers(session, ["+14155550101"])
    with database.session() as session:
        assert session.exec(select(Number)).all() == []


def test_readers_see_the_state_before_an_open_transaction_and_do_not_wait_for_it(database: Database):
    with database.transaction() as writing:
        ensure_numbers(writing, ["+14155550101"])
        writing.flush()
        with database.session() as reading:
            assert reading.exec(select(Number)).all() == []


def test_two_writers_that_read_first_lose_no_update(database: Database):
    with database.transaction() as session:
        ensure_numbers(session, ["+14155550101"])

    def count_up(_: int) -> None:
        def body(session: Session) -> None:
            number = session.exec(select(Number).with_for_update()).one()
            number.opt_out_words = str(int(number.opt_out_words or 0) + 1)

        database.write(body, safe_to_repeat=True)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_up, range(40)))
    with database.session() as session:
        assert session.exec(select(Number)).one().opt_out_words == "40"


@pytest.mark.parametrize(("safe", "runs"), [(True, 2), (False, 1)])
def test_a_deadlock_is_run_again_only_where_that_is_safe(postgres_database: Database, safe: bool, runs: int):
    with postgres_database.transaction() as session:
        ensure_numbers(session, ["+1", "+2"])
    both, tries, ended = threading.Barrier(2), [0, 0], []

    def lock(session: Session, phone: str) -> None:
        session.connection().execute(text("SELECT 1 FROM number WHERE phone = :p FOR UPDATE"), {"p": phone})

    def crosswise(index: int, order: list[str]) -> None:
        def body(session: Session) -> None:
            tries[index] += 1
            lock(session, order[0])
            if tries[index] == 1:
                both.wait(5)
            lock(session, order[1])

        try:
            postgres_database.write(body, safe_to_repeat=safe)
        except DatabaseAway as away:
            ended.append(away)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(crosswise, (0, 1), (["+1", "+2"], ["+2", "+1"])))
    assert max(tries) == runs
    assert len(ended) == (0 if safe else 1)


def test_a_lock_that_stays_is_not_waited_for_again_and_again(sqlite_database: Database, monkeypatch):
    tries = []

    @contextmanager
    def locked() -> Iterator[Session]:
        tries.append(1)
        raise DatabaseAway("locked") from OperationalError("", {}, Exception("database is locked"))
        yield

    monkeypatch.setattr(sqlite_database, "transaction", locked)
    monkeypatch.setattr("bot.records.database.GIVES_UP_AFTER", 0.0)
    with pytest.raises(DatabaseAway):
        sqlite_database.write(lambda session: None, safe_to_repeat=True)
    assert len(tries) == 1


def test_a_new_file_may_be_opened_by_many_at_once(tmp_path: Path):
    """The web and the worker at their first start: without a second try one of sixteen rounds fails."""
    for number in range(40):
        url = f"sqlite:///{tmp_path / f'new-{number}.db'}"
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(_answers, [url] * 8)) == [1] * 8


def _answers(url: str) -> int:
    database = open_database(url)
    try:
        with database.transaction() as session:
            return session.connection().execute(text("SELECT 1")).scalar_one()
    finally:
        database.close()


def test_a_database_that_is_not_there_is_away():
    nowhere = open_database("postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    assert not nowhere.answers()
    with pytest.raises(DatabaseAway, match="Check DATABASE_URL"), nowhere.transaction() as session:
        ensure_numbers(session, ["+14155550101"])
    nowhere.close()


def test_a_connection_that_breaks_is_away_and_the_next_one_works(postgres_database: Database):
    with pytest.raises(DatabaseAway), postgres_database.transaction() as session:
        session.connection().execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert postgres_database.answers()


def test_new_work_wakes_after_the_commit_and_not_after_a_failure(database: Database):
    woken = []
    forget = database.on_new_work(lambda: woken.append(1))
    with database.transaction() as session:
        wake_workers(session)
        assert woken == []
    assert woken == [1]
    with pytest.raises(RuntimeError), database.transaction() as session:
        wake_workers(session)
        raise RuntimeError
    forget()
    with database.transaction() as session:
        wake_workers(session)
    assert woken == [1]


def test_heartbeats_tell_when_a_worker_last_lived(database: Database):
    with database.session() as session:
        assert last_beat_at(session) is None
    for worker in ("w1", "w2", "w1"):
        with database.transaction() as session:
            beat(session, worker, started_at=NOON, now=NOON)
    with database.session() as session:
        assert last_beat_at(session) == NOON
