"""The processes of a run, as the product starts them, but for a clock set apart and what is switched off on purpose.

Only here is production code replaced, in the process itself; the product has no switch for it.
"""

import os
import socket
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

# Imported before the fork, so that a killed process is back in a moment.
import bot.web.app  # noqa: F401
from bot import clinic_words, clock, housekeeping, wiring
from bot.commands import serve as serving
from bot.commands import work as working
from bot.outbox import backoff, dispatch, reconcile
from bot.settings import read_settings
from bot.sms.standin import Pace
from bot.sms.standin import __main__ as standing_in
from bot.sms.standin import standin as standins

# What every process reads at its start, read once: half a second of each process's life otherwise.
_WORDS = clinic_words.contents(read_settings(complete=False))
_VOCABULARIES = {id(content): clinic_words.vocabulary_of(content) for content in _WORDS.values()}


def work(environment: dict[str, str], clock_ahead_for: float, log: Path, sabotage: str) -> None:
    """`bot work`, `clock_ahead_for` seconds ahead of this machine's clock."""
    _become(environment, clock_ahead_for, log)
    SABOTAGE[sabotage]()
    working.work()


def serve(environment: dict[str, str], clock_ahead_for: float, log: Path, sabotage: str) -> None:
    """`bot serve`; several share the port, as they would behind a host's router."""
    _become(environment, clock_ahead_for, log)
    SABOTAGE[sabotage]()
    serving._listener = _shared_listener  # type: ignore[assignment]
    serving.serve()


def stand_in(arguments: list[str], environment: dict[str, str], clock_ahead_for: float, log: Path) -> None:
    """The stand-in with its own way of starting; its messages take half a second to arrive."""
    _become(environment, clock_ahead_for, log)
    standins.Pace = lambda: Pace(0.005, 0.2, 0.5)  # type: ignore[misc,assignment]
    sys.exit(standing_in.main(arguments))


def _become(environment: dict[str, str], clock_ahead_for: float, log: Path) -> None:
    os.environ.update(environment)
    clock.shift_to(clock.now() + timedelta(seconds=clock_ahead_for))
    wiring.contents = lambda settings: _WORDS
    wiring.vocabulary_of = lambda content: _VOCABULARIES[id(content)]
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(target, 1)
    os.dup2(target, 2)


def _no_look_up() -> None:
    """What was not heard of is taken for not sent."""

    async def nothing_listed(*_: object) -> list[object]:
        return []

    reconcile._ask = nothing_listed  # type: ignore[assignment]
    backoff.LOOK_UPS_AFTER = (timedelta(seconds=15),)


def _no_lease() -> None:
    """What a dead worker had claimed is never given back; its claims last a while, so that some die with it."""
    housekeeping.release_expired = lambda session, *, now: 0  # type: ignore[assignment]
    record = dispatch.Dispatcher._record

    def slowly(self: dispatch.Dispatcher, claimed: list[str], paused_by: str | None) -> list[object]:
        time.sleep(0.3)
        return record(self, claimed, paused_by)  # type: ignore[return-value]

    dispatch.Dispatcher._record = slowly  # type: ignore[method-assign,assignment]


SABOTAGE: dict[str, Callable[[], None]] = {"": lambda: None, "no-look-up": _no_look_up, "no-lease": _no_lease}


def _shared_listener(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind(("127.0.0.1", port))
    return listener
