"""The demo page and what its buttons post; every other address belongs to the real app behind it.

It must not answer a patient or change an appointment itself: that goes through webhooks and the API, as in earnest.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import clock
from bot.errors import BadRequest, NotFound
from bot.web.demo.acts import ACTS, Act
from bot.web.demo.stage import Stage, house, staged
from bot.web.demo.state import digest, show_state
from bot.wiring import Parts

STATIC = Path(__file__).parent / "static"
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
MOST_BYTES = 64 * 1024


class Demo:
    """The page and the stage behind it, which "start over" exchanges for a fresh one."""

    def __init__(self) -> None:
        self._stage: Stage | None = None
        self._curtain = AsyncExitStack()
        self._changing = asyncio.Lock()
        self._page = Starlette(
            routes=[
                Route("/", _page),
                Route("/demo/state", self._state),
                *(Route(f"/demo/{name}", self._acting(act), methods=["POST"]) for name, act in ACTS.items()),
                Route("/demo/start-over", self._start_over, methods=["POST"]),
                Mount("/demo/static", StaticFiles(directory=STATIC)),
            ],
            middleware=[Middleware(Headed)],
            exception_handlers={BadRequest: _bad_request, NotFound: _not_found},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The page's own addresses, and the real app's for everything else."""
        path = scope.get("path", "")
        if path == "/" or path.startswith("/demo/"):
            await self._page(scope, receive, send)
        else:
            # No lock here: while a stage ends, its last callbacks come in by this door.
            await self._on_stage().app(scope, receive, send)

    @asynccontextmanager
    async def open(self, base_url: str) -> AsyncIterator[None]:
        """Play at this address until the block is left."""
        async with house(base_url) as parts:
            async with self._changing:
                await self._raise_curtain(parts)
            try:
                yield
            finally:
                await self._curtain.aclose()

    async def _raise_curtain(self, parts: Parts) -> None:
        self._curtain = AsyncExitStack()
        self._stage = await self._curtain.enter_async_context(staged(parts))

    def _on_stage(self) -> Stage:
        if self._stage is None:
            raise HTTPException(503, "The demo is starting; ask again in a second.")
        return self._stage

    async def _state(self, request: Request) -> JSONResponse:
        asked = request.query_params
        async with self._changing:
            state = await show_state(self._on_stage(), asked.get("patient") or None)
        seen = digest(state)
        answer: dict[str, Any] = {"now": clock.now().isoformat(), "seen": seen}
        return JSONResponse(answer if seen == asked.get("seen") else answer | {"state": state})

    def _acting(self, act: Act) -> Callable[[Request], Awaitable[JSONResponse]]:
        async def answer(request: Request) -> JSONResponse:
            asked = await _asked(request)
            async with self._changing:
                stage = self._on_stage()
            return await act(stage, asked)

        return answer

    async def _start_over(self, request: Request) -> JSONResponse:
        await _asked(request)
        async with self._changing:
            stage = self._on_stage()
            await self._curtain.aclose()
            await self._raise_curtain(stage.parts)
        return JSONResponse({})


class Headed:
    """Puts the page's headers on every answer."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with more headers."""

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                more = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        await self._app(scope, receive, headed)


async def _page(request: Request) -> FileResponse:
    return FileResponse(STATIC / "index.html")


async def _asked(request: Request) -> dict[str, Any]:
    """The JSON object that was posted. Asking for JSON by its type keeps other sites' pages from posting here."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    body = await request.body() if kind == "application/json" else b""
    try:
        asked = await request.json() if 0 < len(body) <= MOST_BYTES else None
        # Half a character can be written in JSON, but neither texted nor shown.
        json.dumps(asked, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise BadRequest("body", "", "Post a JSON object of whole characters, as application/json.")
    return asked


async def _bad_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, BadRequest)  # noqa: S101 - registered for nothing else
    return _refused(422, error.field, error.value, error.remedy)


async def _not_found(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, NotFound)  # noqa: S101 - registered for nothing else
    return _refused(404, error.what, error.key, "Pick a patient first.")


def _refused(status: int, field: str, value: object, remedy: str) -> JSONResponse:
    shown = value if isinstance(value, str) else repr(value)
    return JSONResponse({"errors": [{"field": field, "value": shown[:60], "remedy": remedy}]}, status)
