"""Maria, her appointment and her texts in a real database, and a worker that sends them to the stand-in."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.care.model import QuietHours
from bot.outbox.attempts import House
from bot.outbox.claims import claim
from bot.outbox.dispatch import Dispatcher
from bot.outbox.model import Kind, NewMessage, Rendered, State, StepRules
from bot.outbox.pace import OwnPace, open_pace
from bot.outbox.store import enqueue
from bot.records.database import Database
from bot.records.heartbeats import beat
from bot.records.numbers import ensure_numbers
from bot.records.tables import AppointmentRow, EscalationRow, Message, Number, Patient
from bot.sms.gateway import Gateway, Outcome, Outgoing

NEW_YORK = ZoneInfo("America/New_York")
MARIA = "+14155550101"
NOON = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)  # Tuesday, 12:00 in New York


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, moment: datetime = NOON) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class World:
    """The database with shorthands; texts render as "text of STEP", and a step's rules can be set."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    rules: dict[str, StepRules] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def patient(self, phone: str = MARIA, name: str = "Maria Gomez", timezone: str | None = None) -> str:
        with self.database.transaction() as session:
            row = Patient(name=name, name_key=name.lower(), phone=phone, timezone=timezone, created_at=self.clock())
            ensure_numbers(session, [phone])
            session.add(row)
            session.flush()
            return row.id

    def appointment(self, patient_id: str, **change: object) -> str:
        now = self.clock()
        row = {
            "external_id": f"A-{patient_id[:6]}-{len(change)}",
            "patient_id": patient_id,
            "treatment": "micro-needling",
            "booked_at": now,
            "starts_at": now + timedelta(days=1),
            "ends_at": now + timedelta(days=1, hours=1),
            "created_at": now,
            "updated_at": now,
        }
        with self.database.transaction() as session:
            made = AppointmentRow(**row | change)
            session.add(made)
            session.flush()
            return made.id

    def text(self, step: str = "day-of", to: str = MARIA, *, due_in: float = 0, **more: object) -> str:
        """Enqueue one text, due in so many seconds; returns its id."""
        due_at = self.clock() + timedelta(seconds=due_in)
        new = NewMessage(**{"kind": Kind.PLANNED, "to_phone": to, "step": step, "due_at": due_at} | more)
        with self.database.transaction() as session:
            return enqueue(session, [new], now=self.clock())[0].id

    def row(self, message_id: str) -> Message:
        with self.database.session() as session:
            return session.get_one(Message, message_id)

    def state(self, message_id: str) -> str:
        return self.row(message_id).state

    def states(self) -> list[str]:
        with self.database.session() as session:
            return sorted(session.exec(select(Message.state)).all())

    def end_a_silence(self) -> None:
        """A worker is heard of after nobody was: what was due by now is in doubt."""
        with self.database.transaction() as session:
            beat(session, "heard of again", started_at=self.clock(), now=self.clock())

    def number(self, phone: str = MARIA) -> Number:
        with self.database.session() as session:
            return session.get_one(Number, phone)

    def escalations(self) -> list[EscalationRow]:
        with self.database.session() as session:
            return list(session.exec(select(EscalationRow).order_by(col(EscalationRow.id))).all())

    def claim(self, worker: str = "w1", limit: int = 50) -> list[str]:
        with self.database.transaction() as session:
            return claim(session, worker, now=self.clock(), limit=limit)

    def house(self) -> House:
        return House(
            zone=NEW_YORK,
            quiet=QuietHours(),
            render=self.render,
            rules=lambda treatment, step: self.rules.get(step, StepRules()),
        )

    def render(self, session: Session, message: Message, now: datetime) -> Rendered:
        return Rendered(self.words.get(message.step, f"text of {message.step} {message.occurrence}"), segments=1)

    def dispatcher(
        self, gateway: Gateway, *, worker: str = "w1", per_second: float = 1000, callback_base: str = ""
    ) -> Dispatcher:
        pace = open_pace(self.database, per_second) if per_second < 1000 else OwnPace(per_second)
        return Dispatcher(
            self.database,
            gateway,
            house=self.house(),
            pace=pace,
            worker=worker,
            now=self.clock,
            callback_base=callback_base or "http://127.0.0.1:9",
        )


class Slow:
    """A gateway that does not make the call with this body before it is let through."""

    def __init__(self, gateway: Gateway, body: str) -> None:
        self._gateway, self._body = gateway, body
        self.begun, self.let_through = asyncio.Event(), asyncio.Event()

    async def send(self, outgoing: Outgoing) -> Outcome:
        if outgoing.body == self._body:
            self.begun.set()
            await self.let_through.wait()
        return await self._gateway.send(outgoing)


async def send_all(dispatcher: Dispatcher) -> None:
    """Run steps until nothing is due, and wait for the answers."""
    while await dispatcher.step():
        pass
    await dispatcher.finish()


LEFT = (State.ACCEPTED, State.SENT, State.DELIVERED)
