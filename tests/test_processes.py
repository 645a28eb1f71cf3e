"""The product as it runs: `serve` and `work` as processes of their own, the stand-in as another, HTTP between them."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket
from typing import Any

import httpx
import pytest

from bot.records.database import open_database
from bot.records.tables import AppointmentRow
from tests.web.conftest import ACCOUNT, CLINIC, KEY, MARIA, TOKEN

ALICE, DANA = "+12125550140", "+14155550102"
LONGEST_WAIT = 30.0  # seconds; these processes share two cores with the other tests


@dataclass
class House:
    """A running bot, the stand-in it sends to, and what they log."""

    environment: dict[str, str]
    log: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    bot: httpx.Client = field(init=False)
    carrier: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.bot = httpx.Client(base_url=self.environment["PUBLIC_BASE_URL"], timeout=20)
        self.carrier = httpx.Client(base_url=self.environment["TWILIO_API_BASE"], timeout=20)

    def start(self, command: str) -> None:
        """Start one of the bot's commands as a process of its own."""
        whole = [sys.executable, "-W", "error", "-m", "bot", command]
        with self.log.open("ab") as log:
            self.processes[command] = subprocess.Popen(
                whole, env=self.environment, cwd=self.log.parent, stdout=log, stderr=log
            )

    def kill(self, command: str) -> None:
        """End a process as a crash does."""
        self.processes[command].kill()
        self.processes.pop(command).wait(timeout=20)

    def leave(self) -> None:
        """End everything in good order."""
        self.bot.close()
        self.carrier.close()
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        assert [process.wait(timeout=20) for process in self.processes.values()] == [0] * len(self.processes), (
            self.said()
        )

    def said(self) -> str:
        """What the processes logged."""
        return self.log.read_text(encoding="utf-8")

    def phone(self, number: str) -> list[str]:
        """What a phone shows, oldest first."""
        return [bubble["body"] for bubble in self.carrier.get(f"/standin/conversation/{number}").json()]

    def text(self, sender: str, body: str) -> list[str]:
        """Someone texts the clinic; the replies that came back in the webhook's answer."""
        answer = self.carrier.post("/standin/text", json={"from": sender, "body": body}).json()
        assert answer["http_status"] == 200, self.said()
        return answer["reply_texts"]

    def until(self, seen: Callable[[], Any], what: str) -> None:
        """Wait for a condition; fail with the processes' log where it never holds."""
        ends = time.monotonic() + LONGEST_WAIT
        while not seen():
            assert all(process.poll() is None for process in self.processes.values()), self.said()
            assert time.monotonic() < ends, f"never {what}:\n{self.said()[-4000:]}"
            time.sleep(0.05)

    def is_healthy(self) -> bool:
        """Whether the web process says that all is well."""
        try:
            return self.bot.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """Everything running, on the kind of database the test asks for; all of it ends in good order."""
    base = f"http://127.0.0.1:{_free_port()}"
    environment = _environment(request.getfixturevalue(f"{request.param}_url"), base)
    standin = [sys.executable, "-m", "bot.sms.standin", "--number", CLINIC, "--webhook-url", f"{base}/twilio/inbound"]
    with subprocess.Popen(standin, env=environment, stdout=subprocess.PIPE, text=True) as carrier:
        assert carrier.stdout is not None
        running = House(environment | {"TWILIO_API_BASE": carrier.stdout.readline().strip()}, tmp_path / "log")
        try:
            for command in ("serve", "work") if request.param == "postgres" else ("serve",):
                running.start(command)
            running.until(running.is_healthy, "healthy")
            yield running
        finally:
            try:
                running.leave()
            finally:
                carrier.send_signal(signal.SIGTERM)


@pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
def test_an_appointment_becomes_texts_a_question_an_answer_and_a_warning_an_alert(house: House) -> None:
    booked = _book(house)
    house.until(lambda: house.phone(MARIA), "welcomed")
    assert house.phone(MARIA)[0].startswith("Bright Skin: hi Maria, your micro-needling is")
    house.until(lambda: _state(house, "welcome") == "delivered", "told by Twilio that the welcome arrived")

    _treat_an_hour_ago(house, booked)
    [answer] = house.text(MARIA, "CAN I EXERCISE")
    assert "no strenuous exercise" in answer

    assert house.text(MARIA, "there is yellow pus coming out of my cheek")
    house.until(lambda: any("URGENT" in text and "Maria G" in text for text in house.phone(ALICE)), "alerted")
    house.text(ALICE, "A 1")
    house.until(lambda: any("Alice" in text for text in house.phone(MARIA)), "told who has it")

    house.text(MARIA, "STOP")
    shown = house.bot.get("/api/appointments/A-1001", headers=_KEY).json()["messages"]
    assert {m["state"] for m in shown} <= {"delivered", "sent", "suppressed", "cancelled", "expired"}
    assert "14155550101" not in house.said(), "a patient's number is in the log"
    assert "yellow" not in house.said(), "a patient's words are in the log"


@pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
def test_processes_that_are_killed_find_everything_again_and_text_nothing_twice(house: House) -> None:
    _book(house)
    house.until(lambda: _state(house, "welcome") == "delivered", "told by Twilio that the welcome arrived")
    before = house.phone(MARIA)
    for command in list(house.processes):
        house.kill(command)
        house.start(command)
    house.until(house.is_healthy, "healthy again")
    _book(house, "A-1002", {"name": "Dana Li", "phone": DANA})
    house.until(lambda: house.phone(DANA), "welcomed by the new processes")
    assert house.text(MARIA, "HELP")
    assert [text for text in house.phone(MARIA) if "hi Maria" in text] == [
        text for text in before if "hi Maria" in text
    ]


def test_serve_refuses_a_postgres_without_the_newest_schema(empty_postgres_url: str, tmp_path: Path) -> None:
    environment = _environment(empty_postgres_url, "http://127.0.0.1:1")
    for command in ("serve", "work"):
        ended = _run(command, environment, tmp_path)
        assert ended.returncode == 1 and "Run `python -m bot migrate`" in ended.stderr
    assert _run("migrate", environment, tmp_path).returncode == 0
    assert _run("migrate", environment, tmp_path).returncode == 0


def test_work_on_sqlite_says_that_serve_does_everything(sqlite_url: str, tmp_path: Path) -> None:
    ended = _run("work", _environment(sqlite_url, "http://127.0.0.1:1"), tmp_path)
    assert ended.returncode == 1 and "one process does everything" in ended.stderr


def test_serve_names_every_setting_that_is_missing(tmp_path: Path) -> None:
    ended = _run("serve", {"PATH": os.environ["PATH"], "API_KEY": "changeme"}, tmp_path)
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    needed = "PUBLIC_BASE_URL TWILIO_ACCOUNT_SID TWILIO_AUTH_TOKEN TWILIO_FROM CLINIC_NAME CLINIC_PHONE STAFF_NUMBERS"
    for words in (*needed.split(), "API_KEY still holds a placeholder", "SECRET_KEY"):
        assert words in ended.stderr


def test_serve_refuses_broken_messages_with_the_lines_of_check(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "messages" / "micro-needling").mkdir(parents=True)
    environment = _environment(sqlite_url, "http://127.0.0.1:1") | {"MESSAGES_DIR": str(tmp_path / "messages")}
    ended = _run("serve", environment, tmp_path)
    assert ended.returncode == 1 and "clinic.yaml:1: the file is missing" in ended.stderr


_KEY = {"Authorization": f"Bearer {KEY}"}


def _environment(database_url: str, base: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "PYTHONPATH")}
    return kept | {
        "ENVIRONMENT": "development",
        "DATABASE_URL": database_url,
        "PUBLIC_BASE_URL": base,
        "PORT": base.rpartition(":")[2],
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": CLINIC,
        "CLINIC_NAME": "Bright Skin",
        "CLINIC_PHONE": "+12125550123",
        "STAFF_NUMBERS": f"Alice:{ALICE}, Bob:+12125550141",
        "QUIET_HOURS": "0:00-0:00",  # the tests run at any hour of the night
        "API_KEY": KEY,
        "SECRET_KEY": "another key of the tests",
        "MESSAGES_PER_SECOND": "50",
    }


def _run(command: str, environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    whole = [sys.executable, "-m", "bot", command]
    return subprocess.run(whole, env=environment, cwd=folder, capture_output=True, text=True, timeout=60)


def _booking(external_id: str = "A-1001", patient: dict[str, str] | None = None) -> dict[str, Any]:
    starts_at = (datetime.now(UTC) + timedelta(days=20)).replace(microsecond=0, second=0)
    return {
        "external_id": external_id,
        "patient": patient or {"name": "Maria Gomez", "phone": MARIA},
        "starts_at": starts_at.isoformat(),
        "flags": ["cold_sores"],
    }


def _book(house: House, *booking: Any) -> str:
    answer = house.bot.post("/api/appointments", json=_booking(*booking), headers=_KEY)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def _welcomes(texts: list[str]) -> list[str]:
    return [text for text in texts if "hi Maria" in text]


def _state(house: House, step: str) -> str:
    messages = house.bot.get("/api/appointments/A-1001", headers=_KEY).json()["messages"]
    return next(message["state"] for message in messages if message["step"] == step)


def _treat_an_hour_ago(house: House, appointment_id: str) -> None:
    """Let the time of the treatment have come: processes of their own cannot be given another clock."""
    database = open_database(house.environment["DATABASE_URL"])
    ended_at = datetime.now(UTC) - timedelta(hours=1)
    with database.transaction() as session:
        row = session.get_one(AppointmentRow, appointment_id)
        row.starts_at, row.ends_at, row.ended_at = ended_at - timedelta(hours=1), ended_at, ended_at
    database.close()


def _free_port() -> int:
    """A port below those that outgoing connections take: between two lives of the server nobody else may get it."""
    for port in random.sample(range(20_000, 32_000), 50):
        with closing(socket()) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")
