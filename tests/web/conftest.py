"""The application on each database, a client that speaks HTTP to it, and webhooks signed as Twilio signs them."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import structlog
from twilio.request_validator import RequestValidator

from bot.records.database import Database
from bot.records.heartbeats import beat
from bot.records.migrations import migrate
from bot.settings import Settings
from bot.web.app import create_app
from bot.wiring import Parts, wire

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a token of the tests"
KEY = "a key that only the tests know"
CLINIC = "+15005550006"
MARIA = "+14155550101"
BASE = "https://bot.brightskin.test"
STARTS_AT = "2026-03-24T14:00:00-04:00"
NOON = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)  # Tuesday, 12:00 in New York


def settings_for(url: str, **change: Any) -> Settings:
    """Complete settings that read neither the environment's .env nor a real account."""
    usual: dict[str, Any] = {
        "environment": "development",
        "database_url": url,
        "public_base_url": BASE,
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": TOKEN,
        "twilio_from": CLINIC,
        "clinic_name": "Bright Skin",
        "clinic_phone": "+12125550123",
        "staff_numbers": "Alice:+12125550140, Bob:+12125550141",
        "api_key": KEY,
        "secret_key": "another key of the tests",
    }
    return Settings(_env_file=None, **(usual | change))  # type: ignore[call-arg]


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """Faults in one line each: structlog's own way draws every local variable, which takes minutes."""
    plain = structlog.processors.JSONRenderer(default=str)
    structlog.configure(processors=[structlog.processors.format_exc_info, plain])


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture(scope="session")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """The parts as wired from settings; reading messages/ anew for each test would take most of the time."""
    url = f"sqlite:///{tmp_path_factory.mktemp('wired') / 'needling.db'}"
    migrate(url)
    return wire(settings_for(url))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def parts(wired: Parts, database: Database, clock: Clock) -> Parts:
    """The parts on a fresh database of each kind, with a clock that is moved by hand."""
    return replace(wired, database=database, now=clock)


@pytest.fixture
def alive(parts: Parts, clock: Clock) -> None:
    """A worker that has just been heard of."""
    parts.database.write(lambda s: beat(s, "w1", started_at=clock(), now=clock()))


@dataclass
class Door:
    """The application behind HTTP, as the outside meets it."""

    parts: Parts
    base: str = BASE
    prefix: str = ""
    answer_within: float = 60.0
    client: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        app = create_app(self.parts, answer_within=self.answer_within)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://10.0.0.7:8000")

    async def twilio(
        self, path: str, fields: Mapping[str, str | list[str]], *, token: str = TOKEN, **headers: str
    ) -> httpx.Response:
        """Post a form as Twilio does, signed over the public address."""
        signature = RequestValidator(token).compute_signature(self.base + path, _Fields(fields))
        sent = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"} | headers
        body = urlencode(fields, doseq=True)
        return await self.client.post(path, content=body, headers={k.replace("_", "-"): v for k, v in sent.items()})

    async def text(self, body: str, *, sid: str = "SM" + "1" * 32, sender: str = MARIA, **more: str) -> httpx.Response:
        """A person texts the clinic."""
        return await self.twilio("/twilio/inbound", inbound_fields(body, sid=sid, sender=sender) | more)

    async def api(self, method: str, path: str = "", **body: Any) -> httpx.Response:
        """Call the API with its key; `json` or `content` is the body."""
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        return await self.client.request(method, f"/api/appointments{path}", headers=headers, **body)

    async def figures(self) -> dict[str, float]:
        """What /metrics says, by name with labels."""
        lines = (await self.client.get("/metrics")).text.splitlines()
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line[:1] != "#"}


class _Fields(dict[str, list[str]]):
    """Repeated fields as Twilio's validator asks for them."""

    def __init__(self, fields: Mapping[str, str | list[str]]):
        super().__init__({name: value if isinstance(value, list) else [value] for name, value in fields.items()})

    def getlist(self, name: str) -> list[str]:
        return self[name]


@pytest.fixture
async def door(parts: Parts) -> AsyncIterator[Door]:
    opened = Door(parts)
    yield opened
    await opened.client.aclose()


@pytest.fixture
async def doors() -> AsyncIterator[Callable[..., Door]]:
    """Opens doors on other parts, closed after the test."""
    opened: list[Door] = []

    def open_door(parts: Parts, **more: Any) -> Door:
        opened.append(Door(parts, **more))
        return opened[-1]

    yield open_door
    for each in opened:
        await each.client.aclose()


def inbound_fields(body: str, *, sid: str = "SM" + "1" * 32, sender: str = MARIA) -> dict[str, Any]:
    """What Twilio posts of a text."""
    return {
        "ToCountry": "US",
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": sender,
        "To": CLINIC,
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
    }


def booking(**change: Any) -> dict[str, Any]:
    """Maria's appointment, two weeks after the clock of the tests."""
    usual = {
        "external_id": "A-1001",
        "patient": {"name": "Maria Gomez", "phone": MARIA, "timezone": None},
        "treatment": "micro-needling",
        "starts_at": STARTS_AT,
        "ends_at": "2026-03-24T15:00:00-04:00",
        "flags": ["cold_sores"],
        "consent": {"method": "paper form", "at": "2026-03-01T10:00:00-05:00"},
    }
    return usual | change
