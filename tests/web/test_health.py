"""Health and figures: they tell the truth about the database and the worker, and nothing about a person."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.outbox.alarms import raise_alarm
from bot.records.database import open_database
from bot.wiring import Parts
from tests.web.conftest import MARIA, Clock, Door, booking

pytestmark = pytest.mark.anyio


async def test_healthy_only_while_a_worker_is_heard_of(door: Door, alive: None, clock: Clock) -> None:
    well = {"status": "ok", "database": "ok", "worker": "ok", "alarms": []}
    assert (await door.client.get("/healthz")).json() == well
    clock.move(seconds=30)
    assert (await door.client.get("/healthz")).status_code == 200
    clock.move(seconds=1)
    answer = await door.client.get("/healthz")
    assert (answer.status_code, answer.json()["worker"]) == (503, "away")
    assert "bot work" in answer.json()["status"]


async def test_an_alarm_is_named_and_fails_nothing(door: Door, alive: None, clock: Clock, parts: Parts) -> None:
    with parts.database.transaction() as session:
        raise_alarm(session, "words", "Run `bot check`.", now=clock())
    answer = await door.client.get("/healthz")
    assert (answer.status_code, answer.json()["alarms"]) == (200, ["Run `bot check`."])


async def test_unhealthy_where_no_worker_ever_was(door: Door) -> None:
    assert (await door.client.get("/healthz")).status_code == 503


async def test_unhealthy_without_the_database_and_the_figures_still_come(
    wired: Parts, doors: Callable[..., Door]
) -> None:
    gone = open_database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    door = doors(replace(wired, database=gone))
    answer = await door.client.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, "away")
    assert (await door.figures())["needling_database_up"] == 0
    gone.close()


async def test_the_figures_count_messages_escalations_and_delays(door: Door, alive: None, clock: Clock) -> None:
    await door.api("POST", json=booking())
    clock.move(days=14, hours=3)
    await door.text("there is yellow pus and it is getting more painful")
    figures = await door.figures()
    assert figures["needling_database_up"] == 1
    assert figures['needling_messages{state="scheduled"}'] > 10
    assert figures['needling_messages{state="delivered"}'] == 0
    assert figures['needling_escalations{state="open",urgency="urgent"}'] == 1
    assert figures["needling_oldest_due_seconds"] > 13 * 86400
    assert figures["needling_worker_heartbeat_age_seconds"] == (14 * 24 + 3) * 3600
    assert figures["needling_webhooks_taken_total"] == 1


async def test_the_figures_name_nobody(door: Door, clock: Clock) -> None:
    await door.api("POST", json=booking())
    await door.text("there is yellow pus")
    page = (await door.client.get("/metrics")).text
    assert MARIA not in page and "Maria" not in page and "pus" not in page
