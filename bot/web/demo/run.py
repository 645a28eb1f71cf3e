"""Runs the demo until it is told to end: one address to open, nothing to set up, nothing left behind.

It must not touch a real installation: no .env is read, nothing is served but on the loopback.
"""

import asyncio
import signal
from contextlib import AsyncExitStack, suppress

from bot.logs import set_up_logs
from bot.sms.standin.serving import loopback
from bot.web.demo.routes import Demo

PORT = 8765
PORTS_TRIED = 20


def run(port: int | None = None) -> None:
    """Serve the demo on `port` (or 8765, or the next one that is free) until Ctrl-C."""
    set_up_logs("ERROR")
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(port))


async def _run(port: int | None) -> None:
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt there
            asyncio.get_running_loop().add_signal_handler(each, stop.set)
    demo = Demo()
    async with AsyncExitStack() as stack:
        base_url = await _serve(stack, demo, [port] if port else range(PORT, PORT + PORTS_TRIED))
        await stack.enter_async_context(demo.open(base_url))
        print(f"The demo is at {base_url} - open it in a browser. Ctrl-C ends it.", flush=True)
        await stop.wait()


async def _serve(stack: AsyncExitStack, demo: Demo, ports: "list[int] | range") -> str:
    for port in ports:
        with suppress(OSError):
            return await stack.enter_async_context(loopback(demo, port))
    raise SystemExit(f"Port {ports[0]} is taken; choose another one with `bot demo --port 9000`.")
