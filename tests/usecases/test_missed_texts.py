"""Texts the webhook missed are taken in from Twilio's list: once, in order, with the time they were sent."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.records.database import Database
from bot.records.tables import Inbound
from bot.sms.gateway import Listed
from bot.sms.standin import Faults, Pace, StandIn, running
from bot.sms.twilio import TwilioGateway
from bot.sms.webhooks import InboundText
from bot.usecases import inbound
from bot.usecases.clinic import Clinic
from bot.usecases.inbound import store
from bot.usecases.missed_texts import Missed, list_missed, take_in_missed
from tests.usecases.front_desk import ACCOUNT, CLINIC, KIM, MARIA, STRANGER, FrontDesk, local

TOKEN = "a token of the tests"
pytestmark = pytest.mark.anyio


class Twilio:
    """The stand-in without a webhook to post to, and the gateway that reads its lists."""

    def __init__(self, desk: FrontDesk, standin: StandIn, gateway: TwilioGateway):
        self.desk, self.standin, self.gateway = desk, standin, gateway

    async def text(self, body: str, sender: str = MARIA) -> None:
        await self.standin.text(sender, body)

    async def missed(self) -> list[Listed]:
        return list((await self._read()).texts)

    async def take_in(self) -> int:
        return take_in_missed(self.desk.clinic, self.desk.database, await self._read(), now=self.desk.now)

    async def _read(self) -> Missed:
        return await list_missed(self.desk.database, self.gateway, now=self.desk.now)


@pytest.fixture
def twilio(new_twilio: Twilio) -> Twilio:
    """The day after Maria's treatment, and we were down."""
    desk = new_twilio.desk
    desk.now = local("2026-03-17 10:00")
    desk.book()
    desk.now = local("2026-03-18 10:00")
    return new_twilio


@pytest.fixture
async def new_twilio(database: Database) -> AsyncIterator[Twilio]:
    """A clinic that has booked nobody yet."""
    desk = FrontDesk(database, now=local("2026-03-18 10:00"))
    pace = Pace(0.001, 0.002, 0.002)
    standin = StandIn(ACCOUNT, TOKEN, number=CLINIC, now=lambda: desk.now.astimezone(UTC), pace=pace)
    async with running(standin) as base_url:
        gateway = TwilioGateway(ACCOUNT, TOKEN, sender=CLINIC, messaging_service_sid=None, api_base=base_url)
        yield Twilio(desk, standin, gateway)
        await gateway.aclose()


async def test_missed_texts_are_taken_in_once_in_order_with_the_time_they_were_sent(twilio: Twilio):
    desk = twilio.desk
    for words in ("CAN I EXERCISE", "and can i wash?", "what about makeup?"):
        await twilio.text(words)
        desk.now += timedelta(minutes=3)
    assert await twilio.take_in() == 3
    rows = sorted(desk.rows(Inbound), key=lambda row: row.handled_at or row.sent_at)
    assert [row.body for row in sorted(rows, key=lambda row: row.sent_at)] == [
        "CAN I EXERCISE", "and can i wash?", "what about makeup?",
    ]  # fmt: skip
    assert [row.sent_at for row in sorted(rows, key=lambda row: row.sent_at)] == [
        local("2026-03-18 10:00"), local("2026-03-18 10:03"), local("2026-03-18 10:06"),
    ]  # fmt: skip
    assert {row.via for row in rows} == {"list"}
    assert await twilio.take_in() == 0
    desk.send()
    assert sum("until 3:00 PM" in words for words in desk.heard()) == 1


async def test_what_the_webhook_may_still_bring_is_left_to_it(twilio: Twilio):
    await twilio.text("CAN I EXERCISE")
    twilio.desk.now += timedelta(seconds=30)
    assert await twilio.take_in() == 0
    twilio.desk.now += timedelta(seconds=31)
    assert await twilio.take_in() == 1


async def test_what_the_webhook_brought_is_not_missed(twilio: Twilio):
    await twilio.text("CAN I EXERCISE")
    (message,) = [m for m in twilio.standin.messages if m.direction == "inbound"]
    twilio.desk.text("CAN I EXERCISE", sid=message.sid)
    twilio.desk.now += timedelta(minutes=2)
    assert await twilio.missed() == []


async def test_the_webhook_that_comes_after_the_list_answers_nothing_twice(twilio: Twilio):
    await twilio.text("CAN I EXERCISE")
    twilio.desk.now += timedelta(minutes=2)
    await twilio.take_in()
    (row,) = twilio.desk.rows(Inbound)
    assert twilio.desk.text("CAN I EXERCISE", sid=row.sid) is None
    assert len(twilio.desk.rows(Inbound)) == 1


async def test_old_questions_are_not_answered_but_old_warnings_escalate(twilio: Twilio):
    await twilio.text("CAN I EXERCISE")
    await twilio.text("my cheek is oozing pus", STRANGER)
    twilio.desk.now += timedelta(hours=20)
    assert await twilio.take_in() == 2
    twilio.desk.send()
    assert "reached us late" in twilio.desk.heard()[-1]
    assert [case.urgency for case in twilio.desk.cases() if case.phone == STRANGER] == ["urgent"]
    assert any("oozing" in words for words in twilio.desk.heard(KIM))


async def test_a_missed_stop_counts_from_when_it_was_sent(twilio: Twilio):
    await twilio.text("please stop texting me")
    sent_at = twilio.desk.now
    twilio.desk.now += timedelta(hours=8)
    await twilio.take_in()
    assert twilio.desk.number().opted_out_at == sent_at
    twilio.desk.send()
    assert sum("taken off" in words for words in twilio.desk.heard()) == 1


async def test_the_first_text_after_a_long_outage_does_not_hide_those_before_it(twilio: Twilio):
    await twilio.text("my cheek is oozing pus")
    twilio.desk.now += timedelta(hours=9)
    twilio.desk.text("is the truck for sale", STRANGER)
    twilio.desk.now += timedelta(minutes=2)
    assert await twilio.take_in() == 1
    assert "urgent" in [case.urgency for case in twilio.desk.cases()]


@pytest.mark.parametrize("days", [1.25, 9])
async def test_no_outage_is_too_long_and_no_newer_text_hides_an_older_one(twilio: Twilio, days: float):
    await twilio.take_in()
    await twilio.text("my cheek is oozing pus", STRANGER)
    twilio.desk.now += timedelta(days=days)
    twilio.desk.text("CAN I EXERCISE")
    twilio.desk.now += timedelta(minutes=2)
    assert await twilio.take_in() == 1
    assert STRANGER in [case.phone for case in twilio.desk.cases()]


async def test_what_was_sent_before_this_clinic_had_a_bot_is_none_of_its_business(new_twilio: Twilio):
    await new_twilio.text("is the truck for sale", STRANGER)
    for _ in range(3):
        new_twilio.desk.now += timedelta(minutes=20)
        assert await new_twilio.take_in() == 0
    await new_twilio.text("CAN I EXERCISE")
    new_twilio.desk.now += timedelta(minutes=2)
    assert await new_twilio.take_in() == 1


@pytest.mark.parametrize("odd", ["half an emoji \ud83d", "a\x00b", "\ud83d"])
async def test_an_odd_text_holds_up_none_behind_it(twilio: Twilio, odd: str):
    await twilio.text(odd)
    await twilio.text("my cheek is oozing pus", STRANGER)
    twilio.desk.now += timedelta(minutes=2)
    assert await twilio.take_in() == 2
    assert await twilio.take_in() == 0
    assert {case.phone for case in twilio.desk.cases()} >= {MARIA, STRANGER}


async def test_one_that_cannot_be_stored_holds_up_none_and_is_tried_until_it_can(twilio: Twilio, monkeypatch):
    desk = twilio.desk
    await twilio.text("CAN I EXERCISE")
    await twilio.text("my cheek is oozing pus", STRANGER)
    desk.now += timedelta(minutes=2)
    with monkeypatch.context() as patch:
        patch.setattr("bot.usecases.missed_texts.store", _not_for(MARIA))
        assert await twilio.take_in() == 2
        desk.now += timedelta(days=2)
        assert await twilio.take_in() == 1
    assert [row.from_phone for row in desk.rows(Inbound)] == [STRANGER]
    assert await twilio.take_in() == 1
    assert await twilio.take_in() == 0


async def test_one_that_cannot_be_answered_holds_up_none(twilio: Twilio, monkeypatch):
    desk = twilio.desk
    desk.only_store("CAN I EXERCISE")
    desk.only_store("my cheek is oozing pus", STRANGER)
    desk.now += timedelta(minutes=2)
    with monkeypatch.context() as patch:
        patch.setattr("bot.usecases.inbound._answer", _fails_for(MARIA))
        desk.answer_unanswered()
        assert [case.phone for case in desk.cases()] == [STRANGER]
    assert desk.answer_unanswered() == 1
    assert desk.answer_unanswered() == 0


async def test_pictures_that_the_webhook_missed_are_pictures(twilio: Twilio):
    await twilio.standin.text(MARIA, "", media=["https://example.com/a.jpg"])
    twilio.desk.now += timedelta(minutes=2)
    await twilio.take_in()
    assert twilio.desk.inbound()[0].media_count == 1


async def test_a_list_that_cannot_be_read_is_read_the_next_time(twilio: Twilio):
    await twilio.text("CAN I EXERCISE")
    twilio.desk.now += timedelta(minutes=2)
    twilio.standin.use_faults(Faults({"list": {"error_before": 1.0}}))
    assert await twilio.missed() == []
    twilio.standin.use_faults(Faults())
    assert await twilio.take_in() == 1


async def test_one_that_cannot_be_understood_does_not_hold_up_the_others(twilio: Twilio, monkeypatch):
    await twilio.text("one")
    await twilio.text("two", STRANGER)
    twilio.desk.now += timedelta(minutes=2)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("bot.usecases.patient_texts.understand", broken)
    assert await twilio.take_in() == 2
    assert all(row.handled_at for row in twilio.desk.rows(Inbound))


def _not_for(phone: str) -> Callable[..., str]:
    def keep(database: Database, text: InboundText, **more: Any) -> str:
        if text.from_ == phone:
            raise ValueError
        return store(database, text, **more)

    return keep


def _fails_for(phone: str) -> Callable[..., str]:
    def answer(session: Session, clinic: Clinic, row: Inbound, *rest: Any, **more: Any) -> str:
        if row.from_phone == phone:
            raise ValueError
        return words(session, clinic, row, *rest, **more)

    words = inbound._answer
    return answer
