"""A world on each database, the stand-in over HTTP, and a web process that takes in its callbacks."""

from collections.abc import AsyncIterator, Callable

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.records.database import Database
from bot.sms.standin import Pace, StandIn, running
from bot.sms.standin.serving import loopback
from bot.sms.twilio import TwilioGateway
from bot.sms.webhooks import status_receipt
from bot.usecases.delivery import record_receipt
from tests.outbox.world import Clock, World

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a token of the tests"
CLINIC = "+15005550006"

GatewayTo = Callable[..., TwilioGateway]


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def clock(world: World) -> Clock:
    return world.clock


@pytest.fixture
def standin(clock: Clock) -> StandIn:
    return StandIn(ACCOUNT, TOKEN, number=CLINIC, now=clock, pace=Pace(0.001, 0.002, 0.002))


@pytest.fixture
async def base_url(standin: StandIn) -> AsyncIterator[str]:
    async with running(standin) as url:
        yield url


@pytest.fixture
async def gateway_to(base_url: str) -> AsyncIterator[GatewayTo]:
    """Makes gateways to the stand-in that are closed after the test."""
    made: list[TwilioGateway] = []

    def gateway(base: str = base_url, *, token: str = TOKEN, sender: str = CLINIC) -> TwilioGateway:
        made.append(
            TwilioGateway(ACCOUNT, token, sender=sender, messaging_service_sid=None, api_base=base, timeout_after=0.5)
        )
        return made[-1]

    yield gateway
    for each in made:
        await each.aclose()


@pytest.fixture
def gateway(gateway_to: GatewayTo) -> TwilioGateway:
    """A gateway to the stand-in that waits half a second for an answer."""
    return gateway_to()


@pytest.fixture
async def callback_base(world: World) -> AsyncIterator[str]:
    """Where a small web process takes in the stand-in's callbacks."""

    async def status(request: Request) -> Response:
        form = await request.form()
        receipt = status_receipt({name: str(value) for name, value in form.items()})
        record_receipt(world.database, receipt, request.query_params.get("m"), world.clock())
        return Response(status_code=204)

    async with loopback(Starlette(routes=[Route("/twilio/status", status, methods=["POST"])])) as url:
        yield url
