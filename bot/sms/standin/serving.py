"""The stand-in on a loopback port of the running loop. It must not take over the process's signals.

It can also hang up in the middle of a request, which an ASGI application alone cannot.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from bot.sms.standin.standin import StandIn

_Line = tuple[str, int]


@asynccontextmanager
async def running(standin: "StandIn", port: int = 0) -> AsyncIterator[str]:
    """Serve a stand-in on 127.0.0.1 (port 0: a free one) and give its base URL; all of it ends with the block."""
    async with loopback(standin.app, port) as base_url:
        try:
            yield base_url
        finally:
            await standin.aclose()


@asynccontextmanager
async def loopback(app: Any, port: int = 0) -> AsyncIterator[str]:
    """Serve any ASGI application on 127.0.0.1 in the running loop, and give its base URL."""
    # Named as TCP, or asyncio would not switch off the kernel's waiting for more data: 40 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    port = listener.getsockname()[1]
    server = _Server(app)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    started = asyncio.create_task(server.listening.wait())
    try:
        await asyncio.wait([serving, started], return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()
        yield f"http://127.0.0.1:{port}"
    finally:
        started.cancel()
        server.leave()
        await asyncio.wait([serving])
        listener.close()


async def hang_up(request: Request) -> Response:
    """Drop the connection of this request without a word; the response is a formality that nobody receives."""
    line = _lines.get((request.client.host, request.client.port)) if request.client else None
    if line is None:
        raise ConnectionResetError("hung up on")
    line.abort()
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response(status_code=500)


_lines: dict[_Line, asyncio.Transport] = {}


class _Protocol(H11Protocol):
    """Knows its line by the caller's address, which is all that a request tells the application."""

    def __init__(self, *parts: Any, **more: Any) -> None:
        super().__init__(*parts, **more)
        self.access_log = False  # its lines would hold the numbers in the queries of lists

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.client is not None:
            _lines[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self.client is not None:
            _lines.pop(self.client, None)
        super().connection_lost(exc)


class _Server(uvicorn.Server):
    """Starts and ends at once, where uvicorn's own looks ten times a second whether it should."""

    def __init__(self, app: Any) -> None:
        super().__init__(
            uvicorn.Config(
                app, http=_Protocol, lifespan="off", access_log=False, log_config=None, timeout_graceful_shutdown=2
            )
        )
        self.listening = asyncio.Event()
        self._leaving = asyncio.Event()

    def leave(self) -> None:
        self.should_exit = True
        self._leaving.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self._leaving.wait()
