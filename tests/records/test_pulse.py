"""A heartbeat knows when nobody was heard of before it, and when the database has forgotten one: then it is a copy."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, update

from bot.records.database import Database
from bot.records.heartbeats import silent_until
from bot.records.pulse import Pulse
from bot.records.tables import Heartbeat

NOON = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)


class Time:
    """The project's clock and the machine's, which go together."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.passed)

    def seconds(self) -> float:
        return self.passed


@pytest.fixture
def time() -> Time:
    return Time()


def pulse(database: Database, time: Time, worker: str = "w1") -> Pulse:
    return Pulse(database, worker, time.now, time.seconds)


def silence(database: Database) -> float | None:
    """When the latest silence ended, in seconds after noon."""
    with database.session() as session:
        until = silent_until(session)
    return (until - NOON).total_seconds() if until else None


def test_a_database_that_never_had_a_heartbeat_was_silent_until_the_first(database: Database, time: Time):
    assert silence(database) is None
    pulse(database, time).beat()
    assert silence(database) == 0


@pytest.mark.parametrize(("away_for", "ended"), [(5, 0), (15, 0), (16, 16), (3600, 3600)])
def test_a_worker_that_is_only_started_again_ends_no_silence(database: Database, time: Time, away_for, ended):
    pulse(database, time).beat()
    time.passed += away_for
    pulse(database, time, "w2").beat()
    assert silence(database) == ended


def test_nobody_is_missed_while_another_worker_beats(database: Database, time: Time):
    living, frozen = pulse(database, time, "living"), pulse(database, time, "frozen")
    living.beat()
    frozen.beat()
    for _ in range(12):
        time.passed += 10
        living.beat()
    assert not frozen.is_steady()
    frozen.beat()
    assert silence(database) == 0 and frozen.is_steady()


def test_a_whole_machine_that_was_frozen_ends_a_silence(database: Database, time: Time):
    frozen = pulse(database, time)
    frozen.beat()
    assert frozen.is_steady()
    time.passed += 60
    assert not frozen.is_steady()
    frozen.beat()
    assert silence(database) == 60 and frozen.is_steady()


def test_a_database_that_has_forgotten_a_beat_is_a_copy_that_lags_behind(database: Database, time: Time):
    living = pulse(database, time)
    living.beat()
    time.passed = 5
    living.beat()
    with database.transaction() as session:  # what a replica that takes over five seconds behind still knows
        session.exec(update(Heartbeat).values(beaten_at=NOON).where(col(Heartbeat.worker) == "w1"))
    living.unsettle()
    time.passed = 10
    assert not living.is_steady()
    living.beat()
    assert silence(database) == 10


def test_a_clock_that_is_moved_is_no_silence(database: Database, time: Time):
    moved = Pulse(database, "w1", time.now, lambda: 0.0)
    moved.beat()
    time.passed = 86_400
    moved.beat()
    time.passed = 10
    moved.beat()
    assert silence(database) == 0


def test_what_is_known_of_a_silence_outlives_the_worker_that_ended_it(database: Database, time: Time):
    pulse(database, time, "first").beat()
    second = Pulse(database, "second", time.now, lambda: 0.0)
    second.beat()
    time.passed = 100_000  # after a day the first is forgotten
    second.beat()
    with database.session() as session:
        assert session.get(Heartbeat, "first") is None
    assert silence(database) == 0
