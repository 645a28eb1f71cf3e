"""`bot serve`: the web process, and with it a worker where asked for or where the database is SQLite."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
import uvicorn

from bot.commands.starting import start
from bot.commands.work import watch_worker
from bot.errors import SettingsError
from bot.web.app import create_app
from bot.wiring import Parts

log = structlog.get_logger(__name__)

HOST = "0.0.0.0"  # noqa: S104 - a host's router reaches us from outside
FINISH_WITHIN = 8  # of the ten seconds that hosts give after SIGTERM


def serve(port: int | None = None, *, with_worker: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; then finish what is in flight."""
    parts = start(**({} if port is None else {"port": port}))
    try:
        asyncio.run(serve_parts(parts, with_worker=with_worker or parts.settings.is_sqlite))
    finally:
        parts.database.close()


async def serve_parts(parts: Parts, *, with_worker: bool) -> None:
    """Serve on the port of the settings (0: a free one) until told to end; a worker that ends takes the web with it."""
    server = Server(parts)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(ending, stop.set)
    with _listener(parts.settings.port) as listener:
        tasks = [asyncio.create_task(server.serve(sockets=[listener]))]
        if with_worker:
            tasks.append(asyncio.create_task(watch_worker(parts, stop)))
        log.info("serving", port=listener.getsockname()[1], worker=with_worker)
        ending_task = asyncio.create_task(stop.wait())
        await asyncio.wait([*tasks, ending_task], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        server.should_exit = True
        await asyncio.gather(*tasks, ending_task)


class Server(uvicorn.Server):
    """uvicorn, which leaves the signals to us: by itself it would end the process before the worker has given back."""

    def __init__(self, parts: Parts):
        super().__init__(
            uvicorn.Config(
                create_app(parts),
                log_config=None,
                # Webhooks are checked against PUBLIC_BASE_URL, so that no header of a proxy has to be trusted.
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=FINISH_WITHIN,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


@contextmanager
def _listener(port: int) -> Iterator[socket.socket]:
    # Named as TCP, or asyncio would not switch off the kernel's waiting for more data: 40 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise SettingsError([f"PORT: {port} cannot be listened on ({error.strerror}); choose another."]) from None
    with listener:
        yield listener
