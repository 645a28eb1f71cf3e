"""The way of a message from queued to its end, told by callbacks. It must not take or refuse messages."""

import asyncio
import random
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sms.standin import segments, shapes
from bot.sms.standin.faults import Fault, Faults
from bot.sms.standin.journal import Journal
from bot.sms.standin.ledger import Change, Ledger, Message
from bot.sms.standin.opt_outs import OptOuts
from bot.sms.standin.poster import Poster


@dataclass(frozen=True)
class Pace:
    """Seconds a message spends before it is queued (behind a Messaging Service), sent and delivered."""

    queued_after: float = 0.005
    sent_after: float = 0.02
    delivered_after: float = 0.05


@dataclass(frozen=True)
class Ending:
    """How a message ends: delivered, undelivered, failed, read, or "sent" where no carrier receipt ever comes."""

    status: str = "delivered"
    error_code: int | None = None


@dataclass
class Lives:
    """Moves messages along and posts each step, in order unless a fault says otherwise."""

    account_sid: str
    number: str
    now: Callable[[], datetime]
    ledger: Ledger
    poster: Poster
    faults: Faults
    journal: Journal
    opt_outs: OptOuts
    pace: Pace
    chance: random.Random

    def __post_init__(self) -> None:
        self._scripted: defaultdict[str, deque[Ending]] = defaultdict(deque)
        self._always: dict[str, Ending] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._scheduled: dict[str, asyncio.TimerHandle] = {}

    def script(self, number: str, *endings: Ending, always: bool = False) -> None:
        """The next messages to a number end like this, one ending each; with `always` the last of them stays."""
        if always:
            self._always[number] = endings[-1]
        else:
            self._scripted[number].extend(endings)

    def begin(self, message: Message) -> None:
        """Start a message that was just created; a scheduled one waits for its moment."""
        if message.status == "scheduled" and message.send_at is not None:
            wait_for = max((message.send_at - self.now()).total_seconds(), 0.0)
            timer = asyncio.get_running_loop().call_later(wait_for, self._release, message)
            self._scheduled[message.sid] = timer
        else:
            self.spawn(self._live(message))

    def release_scheduled(self) -> None:
        """Start what is due by now(): to be called when the clock was moved rather than waited for."""
        for sid in list(self._scheduled):
            message = self.ledger.get(sid)
            if message is not None and message.send_at is not None and message.send_at <= self.now():
                self._release(message)

    def cancel(self, message: Message) -> None:
        """Take back a scheduled message; told by callback like every step but the first."""
        timer = self._scheduled.pop(message.sid, None)
        if timer is not None:
            timer.cancel()
        self._move(message, "canceled", None, after=None)

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run beside everything else; kept until it ends, for asyncio itself keeps no reference."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def settled(self) -> None:
        """Wait until no message moves and no callback is on its way (scheduled ones aside)."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def aclose(self) -> None:
        for timer in self._scheduled.values():
            timer.cancel()
        self._scheduled.clear()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _release(self, message: Message) -> None:
        timer = self._scheduled.pop(message.sid, None)
        if timer is not None:
            timer.cancel()
            self.spawn(self._live(message))

    async def _live(self, message: Message) -> None:
        told: asyncio.Task[None] | None = None
        for pause, status, error_code in self._steps(message):
            await asyncio.sleep(pause)
            told = self._move(message, status, error_code, after=told)

    def _steps(self, message: Message) -> list[tuple[float, str, int | None]]:
        """Pause, status and error of every step to come."""
        steps: list[tuple[float, str, int | None]] = []
        if message.status in ("accepted", "scheduled"):
            steps.append((self.pace.queued_after, "queued", None))
        if message.to in self.opt_outs and message.in_records:
            return [*steps, (self.pace.sent_after, "failed", 21610)]
        if self.pace.sent_after > message.validity_for:
            return [*steps, (message.validity_for, "failed", 30036)]
        ending = self._ending(message.to)
        if ending.status == "failed":
            return [*steps, (self.pace.sent_after, "failed", ending.error_code)]
        steps.append((self.pace.sent_after, "sent", None))
        if ending.status == "read":
            steps.append((self.pace.delivered_after, "delivered", None))
        if ending.status != "sent":
            steps.append((self.pace.delivered_after, ending.status, ending.error_code))
        return steps

    def _ending(self, number: str) -> Ending:
        queued = self._scripted.get(number)
        return queued.popleft() if queued else self._always.get(number, Ending())

    def _move(
        self, message: Message, status: str, error_code: int | None, *, after: asyncio.Task[None] | None
    ) -> asyncio.Task[None] | None:
        """Make one step; gives what the next step's callback has to wait for."""
        message.status, message.error_code, message.updated_at = status, error_code, self.now()
        if status == "queued" and message.from_ is None:
            self.ledger.named(message, self.number)
            message.segments = segments.count(message.body)[0]
        if status == "sent":
            message.sent_at = message.updated_at
        self.journal.note("status", sid=message.sid, status=status, error_code=error_code)
        self.ledger.tell(Change("status", message))
        if message.status_callback is None:
            return None
        fault = self.faults.draw("callback")
        fields = shapes.callback(self.account_sid, message, status, error_code)
        told = self.spawn(self._tell(message, fields, fault, after))
        # out of order leaves the chain, so that the next step overtakes it; a delay holds up the next step as well
        return after if fault is not None and fault.kind == "out_of_order" else told

    async def _tell(
        self, message: Message, fields: dict[str, str], fault: Fault | None, after: asyncio.Task[None] | None
    ) -> None:
        """Post one step, after the step before it, lost, late or twice as the fault has it."""
        status, kind = fields["MessageStatus"], fault.kind if fault else None
        if kind == "lost":
            self._note(message, status, kind, None)
            return
        if after is not None:
            await asyncio.wait([after])
        if fault is not None and kind in ("delayed", "out_of_order"):
            await asyncio.sleep(fault.after)
        for _ in range(2 if kind == "repeated" else 1):
            posted = await self.poster.post(message.status_callback or "", fields, token=self.chance.getrandbits(128))
            self._note(message, status, kind, posted.http_status)

    def _note(self, message: Message, status: str, fault: str | None, http_status: int | None) -> None:
        self.journal.note(
            "callback",
            sid=message.sid,
            status=status,
            url=message.status_callback,
            http_status=http_status,
            fault=fault,
        )
