"""A database that hangs is answered for in time, and once it goes on so does everything else."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from bot.records.database import Database
from bot.wiring import Parts
from tests.web.conftest import ACCOUNT, Clock, Door, booking

pytestmark = pytest.mark.anyio
AT_ONCE = 0.05  # seconds
MORE_THAN_THERE_ARE_THREADS = 60


class Stop:
    """Every use of the database waits until `set`, as on a connection whose other end is silent."""

    def __init__(self) -> None:
        self._goes_on = threading.Event()
        self._changed = threading.Condition()
        self._under_way = 0

    def set(self) -> None:
        """Let everything go on."""
        self._goes_on.set()

    def wait_for_all(self) -> None:
        """Until nobody uses the database; those whose asker has long gone too."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._under_way == 0, 60)

    def before(self, act: Callable) -> Callable:
        """`act`, one of the ways to use the database, held back."""

        @contextmanager
        def held() -> Iterator[object]:
            self._count(+1)
            try:
                assert self._goes_on.wait(60)
                with act() as session:
                    yield session
            finally:
                self._count(-1)

        return held

    def _count(self, one: int) -> None:
        with self._changed:
            self._under_way += one
            self._changed.notify_all()


@pytest.fixture
def stopped(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stop]:
    stop = Stop()
    for name in ("session", "transaction"):
        monkeypatch.setattr(database, name, stop.before(getattr(database, name)))
    yield stop
    stop.set()
    stop.wait_for_all()


@pytest.fixture
def patient_door(parts: Parts, doors: Callable[..., Door]) -> Door:
    return doors(parts, answer_within=AT_ONCE)


async def test_every_door_says_503_while_the_database_hangs(stopped: Stop, patient_door: Door) -> None:
    text = await patient_door.text("CAN I EXERCISE")
    assert (text.status_code, text.text, text.headers["retry-after"]) == (503, "", "5")
    assert text.headers["content-type"].startswith("text/xml")
    fields = {"MessageSid": "SM" + "2" * 32, "MessageStatus": "sent", "AccountSid": ACCOUNT}
    news = await patient_door.twilio("/twilio/status", fields)
    assert news.status_code == 503
    booked = await patient_door.api("POST", json=booking())
    assert booked.status_code == 503 and "Send the same again" in booked.json()["errors"][0]["remedy"]
    health = await patient_door.client.get("/healthz")
    assert (health.status_code, health.json()["database"]) == (503, "away")
    assert (await patient_door.client.get("/metrics")).status_code == 503
    assert booked.headers["x-content-type-options"] == "nosniff"


async def test_once_it_goes_on_everything_does(
    stopped: Stop, parts: Parts, doors: Callable[..., Door], clock: Clock
) -> None:
    hurried = doors(parts, answer_within=AT_ONCE)
    for _ in range(MORE_THAN_THERE_ARE_THREADS):
        assert (await hurried.client.get("/healthz")).status_code == 503
    assert (await hurried.api("POST", json=booking())).status_code == 503
    stopped.set()
    door = doors(parts)
    answer = await door.api("POST", json=booking())
    assert answer.status_code in (200, 201)  # the one that was given up may have been written meanwhile
    assert (await door.text("CAN I EXERCISE")).status_code == 200
    assert isinstance(await door.client.get("/metrics"), httpx.Response)
