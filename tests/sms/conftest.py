"""A stand-in, a gateway and a small bot to post to: all of them real, over HTTP on the loopback."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.sms.standin import Pace, StandIn, running
from bot.sms.standin.serving import loopback
from bot.sms.twilio import TwilioGateway
from tests.sms.receiver import Receiver

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a token of the tests"
CLINIC = "+15005550006"
MARIA = "+14155550101"
SERVICE = "MG" + "a" * 32

GatewayTo = Callable[..., TwilioGateway]


class Clock:
    """A clock that stands still until it is moved; Tuesday 2026-03-10 18:00 UTC at first."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def standin(clock: Clock) -> AsyncIterator[StandIn]:
    """A stand-in in a hurry, not served yet."""
    standin = StandIn(ACCOUNT, TOKEN, number=CLINIC, now=clock, pace=Pace(0.001, 0.002, 0.002))
    yield standin
    await standin.aclose()


@pytest.fixture
async def base_url(standin: StandIn) -> AsyncIterator[str]:
    """Where the stand-in is served."""
    async with running(standin) as url:
        yield url


@pytest.fixture
async def bot() -> AsyncIterator[Receiver]:
    """What the stand-in's webhooks reach; it keeps every post and answers as told."""
    receiver = Receiver(TOKEN)
    async with loopback(receiver.app) as url:
        receiver.base_url = url
        yield receiver


@pytest.fixture
async def gateway_to() -> AsyncIterator[GatewayTo]:
    """Makes gateways that are closed after the test."""
    made: list[TwilioGateway] = []

    def gateway(base_url: str, *, token: str = TOKEN, service: str | None = None, **more: float) -> TwilioGateway:
        sender = None if service else CLINIC
        made.append(
            TwilioGateway(ACCOUNT, token, sender=sender, messaging_service_sid=service, api_base=base_url, **more)
        )
        return made[-1]

    yield gateway
    for each in made:
        await each.aclose()


@pytest.fixture
def gateway(base_url: str, gateway_to: GatewayTo) -> TwilioGateway:
    """A gateway to the served stand-in that waits a second for an answer."""
    return gateway_to(base_url, timeout_after=1.0)
