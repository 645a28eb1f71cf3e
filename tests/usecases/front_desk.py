"""A clinic's front desk on a real database: books, changes, takes texts in, sends what is due, looks at the rows."""

import html
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from threading import Barrier
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import SQLModel, col, select

from bot.clinic_words import contents
from bot.outbox.attempts import House, record_attempts
from bot.outbox.claims import claim
from bot.outbox.model import LEFT_US, Kind, Sendable
from bot.outbox.settle import Settlement, settle
from bot.outbox.store import next_due_at
from bot.records.database import Database
from bot.records.tables import AppointmentRow, EscalationRow, Inbound, Message, Number, new_id
from bot.settings import Settings
from bot.sms.gateway import Accepted
from bot.sms.webhooks import InboundText, StatusReceipt, inbound_text
from bot.usecases import escalations
from bot.usecases.appointment import book, change, show
from bot.usecases.bookings import Booking, Changes
from bot.usecases.clinic import Clinic
from bot.usecases.delivery import record_receipt
from bot.usecases.inbound import store, take_in
from bot.usecases.missed_texts import answer_unanswered
from bot.usecases.planning import plan_again, render_planned, step_rules
from bot.usecases.views import AppointmentView
from bot.wiring import clinic_of, tell_staff_of

NEW_YORK = ZoneInfo("America/New_York")
CLINIC = "+15005550006"
MARIA, ANA, STRANGER = "+14155550101", "+14155550102", "+14155550199"
KIM, LEE = "+12125550111", "+12125550112"
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
ACCOUNT = "AC" + "0" * 32
R = TypeVar("R")


def local(words: str) -> datetime:
    """`2026-03-10 14:00` in New York."""
    return datetime.fromisoformat(words).replace(tzinfo=NEW_YORK)


def settings_for(**change: Any) -> Settings:
    """Complete settings that read neither the environment's .env nor a real account."""
    usual: dict[str, Any] = {
        "environment": "development",
        "database_url": "sqlite:///unused.db",
        "public_base_url": "https://bot.brightskin.test",
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": "a token of the tests",
        "twilio_from": CLINIC,
        "clinic_name": "Bright Skin",
        "clinic_phone": "+12125550123",
        "staff_numbers": f"Kim:{KIM}, Lee:{LEE}",
        "api_key": "a key that only the tests know",
        "secret_key": "another key of the tests",
        "alert_words": True,
    }
    return Settings(_env_file=None, **(usual | change))  # type: ignore[call-arg]


@cache
def clinic() -> Clinic:
    """Read once a process: reading messages/ takes about a second."""
    settings = settings_for()
    return clinic_of(settings, contents(settings))


def form_of(body: str, *, sender: str, sid: str, media: int = 0, opt_out: str = "") -> InboundText:
    """A text as the webhook's reader gives it."""
    fields = {"MessageSid": sid, "AccountSid": ACCOUNT, "From": sender, "To": CLINIC, "Body": body}
    fields |= {"NumMedia": str(media), "OptOutType": opt_out}
    return inbound_text({name: [value] for name, value in fields.items()})


def words_in(xml: str) -> str | None:
    """What a TwiML answer says; None where it is silent."""
    found = re.search(r"<Body>(.*)</Body>", xml, re.S)
    return html.unescape(found[1]) if found else None


def at_once(*acts: Callable[[], R]) -> list[R]:
    """Run the acts in threads that start together; their results in order."""
    start = Barrier(len(acts))

    def run(act: Callable[[], R]) -> R:
        start.wait(timeout=10)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result(timeout=30) for done in [pool.submit(run, act) for act in acts]]


@dataclass
class FrontDesk:
    """Tuesday, March 3 2026, noon in New York; the treatment is booked for Tuesday March 17, 2 to 3 PM."""

    database: Database
    now: datetime = field(default_factory=lambda: local("2026-03-03 12:00"))
    clinic: Clinic = field(default_factory=clinic)
    _texted_at: datetime | None = field(default=None, init=False)
    _went: dict[str, int] = field(default_factory=dict, init=False)

    # What people do ---------------------------------------------------------------------------------------------

    def book(
        self, external_id: str = "A-1", name: str = "Maria Gomez", phone: str = MARIA, **more: Any
    ) -> AppointmentView:
        usual = {"timezone": None, "treatment": "micro-needling", "starts_at": local("2026-03-17 14:00")}
        booking = Booking(external_id, name, phone, **(usual | more))
        return book(self.clinic, self.database, booking, now=self.now)[0]

    def change(self, external_id: str = "A-1", **changes: Any) -> AppointmentView:
        return change(self.clinic, self.database, external_id, Changes(**changes), now=self.now)

    def show(self, external_id: str = "A-1") -> AppointmentView:
        return show(self.clinic, self.database, external_id, now=self.now)

    def text(self, body: str, sender: str = MARIA, *, sid: str = "", **more: Any) -> str | None:
        """Somebody texts; what is answered, None for silence."""
        return words_in(self.xml(body, sender, sid=sid, **more))

    def xml(self, body: str, sender: str = MARIA, *, sid: str = "", **more: Any) -> str:
        text = form_of(body, sender=sender, sid=sid or f"SM{new_id()}", **more)
        if self.now == self._texted_at:
            self.now += timedelta(microseconds=1)  # no two come at the very same moment: their order can be told
        self._texted_at = self.now
        return take_in(self.clinic, self.database, text, now=self.now)

    def only_store(self, body: str, sender: str = MARIA, *, sent_at: datetime | None = None) -> str:
        """The text is stored, and then we die."""
        text = form_of(body, sender=sender, sid=f"SM{new_id()}")
        return store(self.database, text, now=self.now, sent_at=sent_at)

    def answer_unanswered(self) -> int:
        return answer_unanswered(self.clinic, self.database, now=self.now)

    def climb(self) -> int:
        return escalations.climb(self.clinic, self.database, now=self.now)

    # What time does ---------------------------------------------------------------------------------------------

    def at(self, words: str) -> "FrontDesk":
        """Go on to this local time; everything due on the way is sent."""
        return self.until(local(words))

    def wait(self, **by: float) -> "FrontDesk":
        return self.until(self.now + timedelta(**by))

    def until(self, moment: datetime) -> "FrontDesk":
        while (due := self._next_due()) is not None and due <= moment:
            self.now = max(self.now, due)
            self.send()
        self.now = max(self.now, moment)
        return self

    def send(self) -> None:
        """Hand over what is due now; the carrier takes everything."""
        while ids := self.claim():
            self.hand_over(ids)

    def claim(self, worker: str = "w1") -> list[str]:
        with self.database.transaction() as session:
            return claim(session, worker, now=self.now, limit=50)

    def hand_over(self, ids: list[str], worker: str = "w1") -> list[Sendable]:
        """What a worker does with what it has claimed; returns what really went."""
        with self.database.transaction() as session:
            going = record_attempts(session, ids, worker=worker, house=self.house(), now=self.now)
        with self.database.transaction() as session:
            accepted = [Settlement(each, Accepted(f"SM{new_id()}", "queued", 1)) for each in going]
            settle(session, accepted, now=self.now, tell_staff=self.tell_staff)
        self._went |= {each.id: len(self._went) + number for number, each in enumerate(going)}
        return going

    def not_delivered(self, message: Message, code: int = 30005) -> None:
        """The carrier reports that this text, which it took, did not arrive: nobody has that number."""
        (row,) = self.rows(Message, Message.id == message.id)
        receipt = StatusReceipt(row.sid, "undelivered", code, row.to_phone)
        record_receipt(self.database, receipt, row.id, self.now, tell_staff=self.tell_staff)

    def tell_staff(self, session: Any, message: Message, words: str, *, now: datetime) -> None:
        tell_staff_of(self.clinic)(session, message, words, now=now)

    def house(self) -> House:
        return House(
            zone=self.clinic.zone,
            quiet=self.clinic.quiet,
            render=partial(render_planned, self.clinic),
            rules=partial(step_rules, self.clinic),
            tell_staff=self.tell_staff,
            plan_again=partial(plan_again, self.clinic),
        )

    def _next_due(self) -> datetime | None:
        with self.database.session() as session:
            return next_due_at(session)

    # What is there to see ---------------------------------------------------------------------------------------

    def rows(self, table: type[SQLModel], *where: Any) -> list[Any]:
        with self.database.session() as session:
            return list(session.exec(select(table).where(*where)).all())

    def heard(self, phone: str = MARIA, *, since: datetime = FIRST) -> list[str]:
        """The words that went to this number, replies included, in the order they went."""
        left = col(Message.state).in_(LEFT_US), col(Message.attempted_at) >= since, Message.to_phone == phone
        went = sorted(self.rows(Message, *left), key=self._place)
        return [m.body or "" for m in went]

    def _place(self, message: Message) -> tuple[Any, ...]:
        """Where a text stands among those that went; at one moment the carrier still took one after the other."""
        handed_over = self._went.get(message.id, 0)
        return message.attempted_at, message.kind != Kind.REPLY, message.created_at, handed_over

    def steps(self, *states: str, phone: str = MARIA) -> list[str]:
        """The planned texts of this number in these states (none: in any), by the moment they are due."""
        rows = self.rows(Message, Message.kind == Kind.PLANNED, Message.to_phone == phone)
        chosen = [m for m in rows if m.state in states or not states]
        return [m.step for m in sorted(chosen, key=lambda m: (m.due_at, m.step))]

    def row(self, step: str, **wanted: Any) -> Message:
        """The one row of this step with these values."""
        rows = self.rows(Message, Message.step == step, *(getattr(Message, k) == v for k, v in wanted.items()))
        assert len(rows) == 1, [(m.step, m.state, m.rule, m.revision) for m in rows]
        return rows[0]

    def appointment(self, external_id: str = "A-1") -> AppointmentRow:
        return self.rows(AppointmentRow, AppointmentRow.external_id == external_id)[0]

    def cases(self) -> list[EscalationRow]:
        return sorted(self.rows(EscalationRow), key=lambda case: case.id or 0)

    def case(self) -> EscalationRow:
        """The only case there is."""
        (case,) = self.cases()
        return case

    def alerts(self, phone: str) -> list[str]:
        """What this member of staff was, or is to be, alerted with."""
        rows = self.rows(Message, Message.to_phone == phone, Message.kind == Kind.ALERT)
        return [m.body or "" for m in sorted(rows, key=lambda m: (m.created_at, m.due_at))]

    def number(self, phone: str = MARIA) -> Number:
        return self.rows(Number, Number.phone == phone)[0]

    def inbound(self, *where: Any) -> list[Inbound]:
        return sorted(self.rows(Inbound, *where), key=lambda row: row.received_at)


def the_day_after(database: Database) -> FrontDesk:
    """Noon on the day after Maria's treatment; nothing went since after-care, for sending is what takes time here."""
    desk = FrontDesk(database, now=local("2026-03-17 10:00"))
    desk.book()
    desk.at("2026-03-17 14:50")
    desk.change(procedure_ended_at=local("2026-03-17 14:40"))
    desk.send()
    desk.now = local("2026-03-18 12:00")
    return desk
