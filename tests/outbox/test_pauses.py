"""What stops all sending, and what must not: it loses nothing, and resumes by itself."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.outbox.model import Priority, State
from bot.records.pulse import Pulse
from bot.records.tables import Alarm
from bot.sms.gateway import Kind as Refusal
from bot.sms.gateway import Outcome, Outgoing, Rejected
from bot.sms.standin import Ending
from bot.sms.twilio import TwilioGateway
from tests.outbox.world import MARIA, World, send_all

pytestmark = pytest.mark.anyio


async def test_a_wrong_token_stops_sending_with_one_alarm_and_resumes_by_itself(world: World, standin, gateway_to):
    messages = [world.text(f"step-{n}") for n in range(5)]
    wrong = world.dispatcher(gateway_to(token="revoked"))
    await send_all(wrong)
    assert {world.state(m) for m in messages} == {"scheduled"}
    (alarm,) = _alarms(world)
    assert (alarm.kind, alarm.holds_until) == ("configuration", world.clock() + timedelta(minutes=1))
    assert alarm.words.startswith("Twilio refuses our account or password. Check TWILIO_ACCOUNT_SID")
    tries = sum(world.row(m).attempts for m in messages)

    world.clock.move(seconds=59)
    await send_all(wrong)
    assert sum(world.row(m).attempts for m in messages) == tries  # it rests
    world.clock.move(seconds=1)
    await send_all(wrong)
    assert sum(world.row(m).attempts for m in messages) == tries + 1  # one probe
    assert _alarms(world)[0].holds_until == world.clock() + timedelta(minutes=2)

    mended = world.dispatcher(gateway_to())
    world.clock.move(minutes=2)
    await send_all(mended)
    await send_all(mended)
    assert {world.state(m) for m in messages} == {"accepted"}
    (alarm,) = _alarms(world)
    assert (alarm.cleared_at, alarm.holds_until) == (world.clock(), None)
    assert len(standin.messages) == 5


async def test_a_probe_that_comes_to_nothing_leaves_the_next_text_to_be_the_probe(world: World, standin, gateway_to):
    """However many have expired during the pause: the first that can go shows at once that all is mended."""
    tried = world.text("tried", to="+14155550199")
    await send_all(world.dispatcher(gateway_to(token="revoked")))
    useful_until = world.clock() + timedelta(minutes=5)
    expired = [world.text(f"s{n}", useful_until=useful_until, priority=Priority.TIME_CRITICAL) for n in range(6)]
    world.clock.move(minutes=10)
    fresh = [world.text(f"fresh-{n}", to=f"+1415555{n:04}") for n in range(2)]
    await send_all(world.dispatcher(gateway_to()))
    await send_all(world.dispatcher(gateway_to()))
    assert {world.state(m) for m in expired} == {"expired"}
    assert {world.state(m) for m in [tried, *fresh]} == {"accepted"}


async def test_what_waited_for_an_hour_because_of_a_pause_is_not_doubted(world: World, standin, gateway_to):
    Pulse(world.database, "w1", world.clock).beat()
    world.clock.move(seconds=1)
    messages = [world.text(f"s{n}", to=f"+1415555{n:04}") for n in range(5)]
    wrong = world.dispatcher(gateway_to(token="revoked"))
    for _ in range(60):
        await send_all(wrong)
        world.clock.move(minutes=1)
    tries = sum(world.row(m).attempts for m in messages)
    assert {world.state(m) for m in messages} == {"scheduled"} and tries > 5 + 5
    world.clock.move(minutes=10)
    mended = world.dispatcher(gateway_to())
    await send_all(mended)
    await send_all(mended)
    assert {world.state(m) for m in messages} == {"accepted"}


async def test_a_country_that_is_switched_off_holds_up_nobody_else(world: World, standin, gateway):
    abroad, maria = world.text(to="+15005550003"), world.text()
    await send_all(world.dispatcher(gateway))
    assert [world.state(abroad), world.state(maria)] == ["scheduled", "accepted"]
    assert world.row(abroad).due_at == world.clock() + timedelta(minutes=2)
    assert [a.kind for a in _alarms(world)] == ["configuration-21408"]


async def test_a_text_that_the_fraud_guard_blocks_on_its_way_holds_up_nobody_else(
    world: World, standin, gateway, callback_base: str
):
    abroad, maria = "+447700900123", world.text(due_in=60)
    standin.script(abroad, Ending("undelivered", 30450))
    blocked = world.text("blocked", to=abroad)
    dispatcher = world.dispatcher(gateway, callback_base=callback_base)
    await send_all(dispatcher)
    await standin.settled()
    assert world.state(blocked) == "scheduled"
    assert world.row(blocked).due_at == world.clock() + timedelta(minutes=10)
    assert [(a.kind, a.holds_until) for a in _alarms(world)] == [("configuration-30450", None)]
    world.clock.move(minutes=1)
    await send_all(dispatcher)
    await standin.settled()
    assert world.state(maria) == State.DELIVERED


async def test_a_code_we_do_not_know_that_refuses_everybody_stops_sending_and_loses_nothing(world: World, gateway):
    messages = [world.text(f"s{n}", to=f"+1415555{n:04}") for n in range(5)]
    dispatcher = world.dispatcher(_Refusing(gateway, 29999))
    await send_all(dispatcher)
    assert {world.state(m) for m in messages} == {"scheduled"}
    alarms = {alarm.kind: alarm.words for alarm in _alarms(world)}
    assert set(alarms) == {"configuration", "twilio-29999"} and "29999" in alarms["configuration"]
    tries = sum(world.row(m).attempts for m in messages)
    for minutes in (1, 2, 5, 10, 10):
        world.clock.move(minutes=minutes)
        await send_all(dispatcher)
    assert sum(world.row(m).attempts for m in messages) == tries + 5  # the probes
    world.clock.move(minutes=10)
    mended = world.dispatcher(gateway)
    await send_all(mended)
    await send_all(mended)
    assert {world.state(m) for m in messages} == {"accepted"}


async def test_a_code_we_do_not_know_that_refuses_one_of_many_stops_nobody_and_ends(world: World, gateway):
    odd = world.text("odd", priority=Priority.TIME_CRITICAL, patient_id=world.patient())
    dispatcher = world.dispatcher(_Refusing(gateway, 29999, only=MARIA))
    for n in range(4):
        other = world.text("other", to=f"+1415555{n:04}")
        await send_all(dispatcher)
        assert world.state(other) == "accepted"
        world.clock.move(minutes=10)
    assert (world.state(odd), world.row(odd).attempts) == (State.FAILED, 3)
    assert [a.kind for a in _alarms(world)] == ["twilio-29999"]
    assert len(world.escalations()) == 1


def _alarms(world: World) -> list[Alarm]:
    with world.database.session() as session:
        return list(session.exec(select(Alarm)).all())


class _Refusing:
    """A carrier that refuses with this code: everybody, or one number only."""

    def __init__(self, gateway: TwilioGateway, code: int, *, only: str = ""):
        self._gateway, self._code, self._only = gateway, code, only

    async def send(self, outgoing: Outgoing) -> Outcome:
        if self._only in ("", outgoing.to):
            return Rejected(self._code, 400, Refusal.PERMANENT)
        return await self._gateway.send(outgoing)
