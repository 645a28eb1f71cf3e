"""One leader at a time, and none that says nothing: its lock goes to the next, and it finds out before it acts."""

import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import text

from bot.records import leadership
from bot.records.database import Database
from bot.records.leadership import Leadership


def test_one_worker_leads_until_it_resigns_or_its_connection_dies(postgres_database: Database):
    first, second = Leadership(postgres_database), Leadership(postgres_database)
    assert _until(first.holds) and first.holds()
    assert not second.holds()
    first.resign()
    assert second.holds()
    assert not first.holds()  # it resigned for good
    kill = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
    with postgres_database.session() as session:
        session.connection().execute(text(kill))
    assert not second.holds()
    third = Leadership(postgres_database)
    assert third.holds()
    third.resign()
    second.resign()


def test_on_sqlite_the_one_process_leads(sqlite_database: Database):
    assert Leadership(sqlite_database).holds()


def test_a_leader_that_falls_silent_loses_the_lead_and_notices(postgres_database: Database, monkeypatch):
    """Its connection stands, as that of a frozen process or a vanished host does: it only says nothing any more."""
    monkeypatch.setattr(leadership, "SILENT_FOR", timedelta(seconds=0.5))
    silent, next_one = Leadership(postgres_database), Leadership(postgres_database)
    assert _until(silent.holds)
    assert _until(next_one.holds)
    assert not silent.keeps()
    assert not silent.holds() and next_one.keeps()
    next_one.resign()


def test_who_never_led_keeps_nothing(postgres_database: Database):
    assert not Leadership(postgres_database).keeps()


def test_a_leader_may_be_silent_for_less_than_a_lease(postgres_database: Database):
    leader = Leadership(postgres_database)
    assert _until(leader.holds) and leader._connection is not None
    assert leader._connection.execute(text("SHOW idle_session_timeout")).scalar() == "15s"
    leader.resign()


def _until(true: Callable[[], bool], within: float = 30.0) -> bool:
    give_up_at = time.monotonic() + within
    while not true():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.05)
    return True
