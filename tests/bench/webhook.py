"""How long a signed inbound text takes to be answered, beside a bare route on the same kind of server."""

import asyncio
import statistics
import time
from collections.abc import Mapping
from tempfile import TemporaryDirectory

import aiohttp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from bot.sms.standin.serving import loopback
from bot.web.app import create_app
from tests.bench.clinic import ACCOUNT, CLINIC, TOKEN, parts_on, sqlite_in, with_patients

TEXTS = (
    "CAN I EXERCISE",
    "when can i wash my face and use retinol",
    "theres yellow stuff coming out",
    "where do i park",
)
ROUNDS = 240


def report() -> None:
    """Print the median and the 95th percentile in milliseconds, and the ratio to the bare route."""
    asyncio.run(_report())


async def _report() -> None:
    async def bare(request: Request) -> PlainTextResponse:
        await request.form()
        return PlainTextResponse("ok")

    async with loopback(Starlette(routes=[Route("/bare", bare, methods=["POST"])])) as bare_url:
        floor = await _times(f"{bare_url}/bare", _forms([f"+1415555{n:04}" for n in range(40)]))
    with TemporaryDirectory() as folder:
        switch = _Switch()
        async with loopback(switch) as base_url:
            parts = await asyncio.to_thread(parts_on, sqlite_in(folder), base_url=base_url)
            phones = await asyncio.to_thread(with_patients, parts, 40)
            switch.app = create_app(parts)
            ours = await _times(f"{base_url}/twilio/inbound", _forms(phones))
            parts.database.close()
    for name, times in (("bare route", floor), ("inbound text", ours)):
        middle, late = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(f"{name:14} median {middle:6.2f} ms   95 % {late:6.2f} ms   {middle / statistics.median(floor):5.1f} x")


class _Switch:
    app = None

    async def __call__(self, scope, receive, send):  # type: ignore[no-untyped-def]
        assert self.app is not None
        await self.app(scope, receive, send)


def _forms(phones: list[str]) -> list[dict[str, str]]:
    return [
        {
            "MessageSid": f"SM{n:032}",
            "AccountSid": ACCOUNT,
            "From": phones[n % len(phones)],
            "To": CLINIC,
            "Body": TEXTS[n % len(TEXTS)],
            "NumMedia": "0",
        }
        for n in range(ROUNDS)
    ]


async def _times(url: str, forms: list[dict[str, str]]) -> list[float]:
    validator = RequestValidator(TOKEN)
    async with aiohttp.ClientSession() as session:
        return [await _time(session, url, form, validator) for form in forms]


async def _time(
    session: aiohttp.ClientSession, url: str, form: Mapping[str, str], validator: RequestValidator
) -> float:
    headers = {"X-Twilio-Signature": validator.compute_signature(url, form)}
    begun = time.perf_counter()
    async with session.post(url, data=form, headers=headers) as answer:
        await answer.read()
        assert answer.status == 200, answer.status
    return (time.perf_counter() - begun) * 1000
