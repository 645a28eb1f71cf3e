"""Hands due messages over: claim, decide, put on record, call, settle. One small step that says if there was work.

It never sends what is not on record as attempted, and never sends a second time what was not settled.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from sqlmodel import Session

from bot.errors import DatabaseAway
from bot.outbox.alarms import held_back, probe_again
from bot.outbox.attempts import House, give_up_undecided, record_attempts
from bot.outbox.backoff import pause
from bot.outbox.claims import claim, claim_probe, give_back
from bot.outbox.model import Sendable
from bot.outbox.recheck import objection_to
from bot.outbox.settle import NotCalled, Settlement, settle
from bot.outbox.store import next_due_at
from bot.records.database import Database
from bot.sms.gateway import Gateway, Outcome, Outgoing, Unknown

log = structlog.get_logger(__name__)

BATCH = 50
# Fewer than the client has connections: what waited for one inside it could no longer be stopped.
IN_FLIGHT = 80
# A process that was frozen between the record and the call must not wake up and make it: by then the message may
# have been looked up, not found, and sent by another. A tenth of the time after which that happens.
CALL_WITHIN = 5.0  # seconds
# A decision may be acted on for this long; after that STOP, a move or a cancellation may have come.
DECISION_HOLDS_FOR = 0.5  # seconds
SETTLE_AGAIN_AFTER = 0.5
# A database that is away or lacks a column says nothing about the one text that met it.
NOT_OF_ONE_TEXT = (DatabaseAway, OperationalError, ProgrammingError, InterfaceError)


class Pacer(Protocol):
    """Says how many texts may leave now; `gap` is after how many seconds it is worth asking again."""

    gap: float

    def take(self, wanted: int) -> int:
        """How many of the wanted may leave now."""
        ...

    def give_back(self, unused: int) -> None:
        """Return what was granted and did not leave."""
        ...


@dataclass(frozen=True)
class Batch:
    """What one step found: whether anything was due, what to hand over now, how much of the pace it did not use.

    In seconds of a clock that only runs on: the record of its attempts was begun at `begun` and committed at `decided`.
    """

    found: bool
    ready: Sequence[Sendable] = ()
    unused: int = 0
    begun: float = 0.0
    decided: float = 0.0


class Dispatcher:
    """One worker's hand-overs. Database work runs in threads; calls run side by side in the event loop."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        *,
        house: House,
        pace: Pacer,
        worker: str,
        now: Callable[[], datetime],
        callback_base: str,
        seconds: Callable[[], float] = time.monotonic,
    ):
        """`callback_base` is PUBLIC_BASE_URL: Twilio's news comes to its /twilio/status, with our id in the query."""
        self._database, self._gateway, self._pace = database, gateway, pace
        self._worker, self._now, self._callback_base = worker, now, callback_base
        self._seconds = seconds
        self.house = house
        self._calls: set[asyncio.Task[None]] = set()
        self._ended: list[Settlement] = []
        self._settling = asyncio.Lock()
        self._paced = False
        # When to step again after a step that found nothing.
        self.next_due_at: datetime | None = None

    async def step(self) -> bool:
        """Take a batch of what is due and start handing it over; True when there was something due.

        Does not wait for the answers: a call that hangs holds up nobody. Raises DatabaseAway.
        """
        room = min(BATCH, IN_FLIGHT - len(self._calls))
        if room <= 0:
            await asyncio.wait(self._calls, return_when=asyncio.FIRST_COMPLETED)
            return True
        batch = await asyncio.to_thread(self._prepare, room)
        for in_turn in _by_number(batch.ready):
            task = asyncio.create_task(self._hand_over_in_turn(in_turn, batch))
            self._calls.add(task)
            task.add_done_callback(self._calls.discard)
        if batch.unused:
            await asyncio.to_thread(self._return_pace, batch.unused)
        if batch.found and self._paced:
            await asyncio.sleep(self._pace.gap)
        return batch.found

    async def finish(self, within: float | None = None) -> bool:
        """Wait until every call is answered and settled; False when `within` seconds were not enough."""
        if self._calls:
            await asyncio.wait(set(self._calls), timeout=within)
        return not self._calls

    async def give_back(self) -> None:
        """Give back what was claimed and not handed over, at the end of this worker's life."""
        await asyncio.to_thread(
            lambda: self._database.write(
                lambda session: give_back(session, self._worker, now=self._now()), safe_to_repeat=True
            )
        )

    def _prepare(self, room: int) -> Batch:
        now = self._now()
        self._paced = False
        with self._database.session() as session:
            self.next_due_at = next_due_at(session)
        if self.next_due_at is None or self.next_due_at > now:
            return Batch(found=False)
        granted = self._pace.take(room)
        self._paced = not granted
        if self._paced:
            return Batch(found=True)
        claimed, paused_by = self._database.write(lambda s: self._claim(s, now, granted), safe_to_repeat=True)
        if not claimed:
            self._look_beyond(now)
        # Read before the record is begun: from there on every delay counts, for a look-up counts from there too.
        begun = self._seconds()
        ready = self._record(claimed, paused_by) if claimed else []
        return Batch(bool(claimed), ready, granted - len(ready), begun, self._seconds())

    def _look_beyond(self, now: datetime) -> None:
        # What is due and may not be taken (sending rests, or another worker has it) is no moment to be woken at: it is
        # past, the alarm clock would go off at once, and this worker would do nothing but ask.
        with self._database.session() as session:
            self.next_due_at = next_due_at(session, after=now)

    def _return_pace(self, unused: int) -> None:
        try:
            self._pace.give_back(unused)
        except DatabaseAway:
            log.warning("a part of the pace that was not used could not be given back", texts=unused)

    def _claim(self, session: Session, now: datetime, limit: int) -> tuple[list[str], str | None]:
        """(what was claimed, the kind of the alarm whose pause it probes)."""
        alarm = held_back(session)
        if alarm is None:
            return claim(session, self._worker, now=now, limit=limit), None
        if alarm.holds_until is None or alarm.holds_until > now:
            return [], None
        claimed = claim_probe(session, self._worker, now=now)
        if claimed:
            alarm.holds_until = now + pause(alarm.rounds)
        return claimed, alarm.kind

    def _record(self, claimed: list[str], paused_by: str | None) -> list[Sendable]:
        try:
            return self._put_on_record(claimed, paused_by)
        except NOT_OF_ONE_TEXT:
            raise
        except Exception:
            log.exception("a batch could not be decided; its texts are decided one by one", messages=len(claimed))
            return self._record_each(claimed, paused_by)

    def _record_each(self, claimed: list[str], paused_by: str | None) -> list[Sendable]:
        # One text that cannot be decided must not keep the others of its batch from going, now and ever after.
        ready: list[Sendable] = []
        for message_id in claimed:
            try:
                ready += self._put_on_record([message_id], paused_by)
            except NOT_OF_ONE_TEXT:
                log.exception("the texts left of a batch wait until their claims end")
                break
            except Exception as error:
                log.exception("a text could not be decided", message=message_id)
                self._give_up(message_id, error)
        return ready

    def _put_on_record(self, claimed: list[str], paused_by: str | None) -> list[Sendable]:
        # Not repeated blindly: the claim stands, and its lease or `give_back` returns it.
        def body(session: Session) -> list[Sendable]:
            now, probe = self._now(), paused_by is not None
            ready = record_attempts(session, claimed, worker=self._worker, house=self.house, now=now, probe=probe)
            if paused_by and not ready:
                probe_again(session, paused_by, now=now)
            return ready

        return self._database.write(body, safe_to_repeat=True)

    def _give_up(self, message_id: str, error: Exception) -> None:
        about = {"worker": self._worker, "house": self.house, "now": self._now()}
        try:
            self._database.write(lambda s: give_up_undecided(s, message_id, error, **about), safe_to_repeat=True)
        except Exception:
            log.exception("a text that cannot be decided could not be given up either", message=message_id)

    async def _hand_over_in_turn(self, sendables: Sequence[Sendable], batch: Batch) -> None:
        for place, sendable in enumerate(sendables):
            await self._hand_over(sendable, batch, waited=place > 0)

    async def _hand_over(self, sendable: Sendable, batch: Batch, *, waited: bool = False) -> None:
        outcome = await self._call(sendable, batch, waited=waited)
        self._ended.append(Settlement(sendable, outcome))
        # Whoever gets the lock settles for all that ended meanwhile: one transaction for many messages.
        while any(s.sendable is sendable for s in self._ended):
            async with self._settling:
                await self._settle()

    async def _call(self, sendable: Sendable, batch: Batch, *, waited: bool = False) -> Outcome | NotCalled:
        """Hand it over, unless it is too late for that; one that `waited` for another is decided once more before."""
        if waited or self._seconds() - batch.decided > DECISION_HOLDS_FOR:
            objection = await self._objection(sendable)
            if objection:
                return objection
        if self._seconds() - batch.begun > CALL_WITHIN:
            return NotCalled("this process was held up before it could call")
        callback = f"{self._callback_base}/twilio/status?m={sendable.id}"
        try:
            return await self._gateway.send(Outgoing(sendable.to, sendable.body, callback, sendable.validity_for))
        except Exception as error:
            log.exception("the gateway raised, which it must not", message=sendable.id)
            return Unknown(f"the gateway raised {type(error).__name__}")

    async def _objection(self, sendable: Sendable) -> NotCalled | None:
        def ask() -> str | None:
            with self._database.session() as session:
                return objection_to(session, sendable, house=self.house, now=self._now())

        try:
            why = await asyncio.to_thread(ask)
        except DatabaseAway:
            return NotCalled("it could not be asked whether this may still go")
        except Exception:
            log.exception("it could not be decided once more whether a text may go", message=sendable.id)
            return NotCalled("it could not be decided whether this may still go")
        return NotCalled(why, decide_anew=True) if why else None

    async def _settle(self) -> None:
        ended = list(self._ended)
        if not ended:
            return
        try:
            await asyncio.to_thread(self._write, ended)
        except DatabaseAway:
            # Nothing is lost meanwhile: the rows say `unknown`, and are looked up if we never manage.
            await asyncio.sleep(SETTLE_AGAIN_AFTER)
            return
        except Exception:
            await self._settle_each(ended)
        del self._ended[: len(ended)]

    async def _settle_each(self, ended: list[Settlement]) -> None:
        # One outcome that cannot be written must not keep the others from being written, now and ever after.
        for settlement in ended:
            try:
                await asyncio.to_thread(self._write, [settlement])
            except Exception:
                log.exception("an outcome could not be written; it will be looked up", message=settlement.sendable.id)

    def _write(self, ended: list[Settlement]) -> None:
        self._database.write(
            lambda session: settle(session, ended, now=self._now(), tell_staff=self.house.tell_staff),
            safe_to_repeat=True,
        )


def _by_number(ready: Sequence[Sendable]) -> list[list[Sendable]]:
    """One after the other to one number, in the order given: the welcome comes before the first question."""
    found: dict[str, list[Sendable]] = {}
    for sendable in ready:
        found.setdefault(sendable.to, []).append(sendable)
    return list(found.values())
