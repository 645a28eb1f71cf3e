"""Every way a send can end, over real HTTP, comes back as the outcome that says whether it may be sent again."""

import asyncio
import logging
import socket
from datetime import timedelta

import pytest

from bot.sms.gateway import Accepted, GatewayAway, Kind, Outgoing, Rejected, Throttled, Unknown, Unreachable
from bot.sms.standin import Fault, Faults, Pace, StandIn
from bot.sms.standin.serving import loopback
from bot.sms.twilio import TwilioGateway
from tests.sms.conftest import CLINIC, MARIA, SERVICE, TOKEN, Clock, GatewayTo
from tests.sms.receiver import Answer, Receiver

pytestmark = pytest.mark.anyio


async def test_an_accepted_text_has_its_sid_status_and_segments(gateway: TwilioGateway, standin: StandIn) -> None:
    outcome = await gateway.send(Outgoing(MARIA, "x" * 161, "http://127.0.0.1:9/s?m=7", validity_for=3600))
    message = standin.messages[0]
    assert outcome == Accepted(message.sid, "queued", 2)
    assert (message.to, message.from_, message.body) == (MARIA, CLINIC, "x" * 161)
    assert (message.status_callback, message.validity_for) == ("http://127.0.0.1:9/s?m=7", 3600)


async def test_behind_a_messaging_service_the_segments_are_not_known_yet(base_url: str, gateway_to: GatewayTo) -> None:
    outcome = await gateway_to(base_url, service=SERVICE).send(Outgoing(MARIA, "hello", None))
    assert isinstance(outcome, Accepted)
    assert (outcome.status, outcome.segments) == ("accepted", None)


@pytest.mark.parametrize(
    ("to", "code", "kind"),
    [
        ("+15005550001", 21211, Kind.PERMANENT),
        ("+15005550002", 21612, Kind.PERMANENT),
        ("+15005550003", 21408, Kind.CONFIGURATION),
        ("+15005550004", 21610, Kind.OPT_OUT),
        ("+15005550009", 21614, Kind.PERMANENT),
    ],
)
async def test_a_refused_recipient_is_rejected_with_its_kind(
    gateway: TwilioGateway, to: str, code: int, kind: Kind
) -> None:
    assert await gateway.send(Outgoing(to, "hello", None)) == Rejected(code, 400, kind)


async def test_wrong_credentials_are_a_configuration_error(base_url: str, gateway_to: GatewayTo) -> None:
    outcome = await gateway_to(base_url, token="wrong").send(Outgoing(MARIA, "hello", None))
    assert outcome == Rejected(20003, 401, Kind.CONFIGURATION)


@pytest.mark.parametrize(
    ("fault", "outcome", "created"),
    [
        ("slow", Unknown("TimeoutError"), 1),
        ("error_before", Unknown("HTTP 500, code 20500"), 0),
        ("error_after", Unknown("HTTP 500, code 20500"), 1),
        ("drop_before", Unknown("ServerDisconnectedError"), 0),
        ("drop_after", Unknown("ServerDisconnectedError"), 1),
        ("unreadable", Unknown("JSONDecodeError"), 1),
        ("throttle", Throttled(20429, None), 0),
    ],
)
async def test_trouble_is_folded_and_nothing_is_posted_twice(
    gateway: TwilioGateway, standin: StandIn, fault: str, outcome: object, created: int
) -> None:
    standin.faults.next("create", fault, after=30)
    assert await gateway.send(Outgoing(MARIA, "hello", None)) == outcome
    assert len(standin.messages) == created
    assert isinstance(await gateway.send(Outgoing(MARIA, "again", None)), Accepted)


async def test_a_429_says_how_long_to_wait_where_twilio_says_so(gateway: TwilioGateway, standin: StandIn) -> None:
    standin.use_faults(Faults(retry_after=7))
    standin.faults.next("create", "throttle")
    assert await gateway.send(Outgoing(MARIA, "hello", None)) == Throttled(20429, 7.0)


async def test_nobody_listening_is_unreachable(gateway_to: GatewayTo) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed_port = free.getsockname()[1]
    gateway = gateway_to(f"http://127.0.0.1:{closed_port}")
    assert await gateway.send(Outgoing(MARIA, "hello", None)) == Unreachable("ClientConnectorError")
    with pytest.raises(GatewayAway, match="list of texts"):
        await gateway.list_sent(to=MARIA, since=Clock()())


async def test_a_line_that_never_answers_is_unknown_after_the_timeout(gateway_to: GatewayTo) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        gateway = gateway_to(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_after=0.2)
        assert await gateway.send(Outgoing(MARIA, "hello", None)) == Unknown("TimeoutError")


JSON = "application/json"
ODD_ANSWERS = {
    "a proxy's page": (Answer("<html>Bad gateway", 502, "text/html"), Unknown("HTTP 502")),
    "unavailable": (Answer('{"code": 20503, "message": "x"}', 503, JSON), Unknown("HTTP 503, code 20503")),
    "a permanent code with 500": (
        Answer('{"code": 21211, "message": "x"}', 500, JSON),
        Unknown("HTTP 500, code 21211"),
    ),
    "a proxy's timeout": (Answer("", 408, None), Unknown("HTTP 408")),
    "a redirect": (Answer("", 302, None), Rejected(None, 302, Kind.CONFIGURATION)),
    "a proxy's refusal": (Answer("Forbidden", 403, "text/html"), Rejected(None, 403, Kind.CONFIGURATION)),
    "an unknown code": (Answer('{"code": 29999, "message": "x"}', 400, JSON), Rejected(29999, 400, Kind.PERMANENT)),
    "the newer error shape": (
        Answer('{"type": "t", "title": "x", "status": 400, "code": 21211}', 400, JSON),
        Rejected(21211, 400, Kind.PERMANENT),
    ),
    "the newer shape, nonsense": (
        Answer('{"type": "t", "title": "x", "status": "bad", "code": "y"}', 400, JSON),
        Unknown("TwilioServiceException"),
    ),
    "a full queue": (Answer('{"code": 21611, "message": "x"}', 400, JSON), Rejected(21611, 400, Kind.RETRY)),
    "created without a SID": (Answer("{}", 201, JSON), Unknown("an answer without a SID")),
    "created, a list": (Answer("[]", 201, JSON), Unknown("AttributeError")),
    "created, nothing said": (Answer("", 201, JSON), Unknown("an answer without a SID")),
    "429 from a proxy": (Answer("slow down", 429, "text/plain"), Throttled(None, None)),
}


@pytest.mark.parametrize(("answer", "outcome"), ODD_ANSWERS.values(), ids=ODD_ANSWERS.keys())
async def test_odd_answers_are_folded(bot: Receiver, gateway_to: GatewayTo, answer: Answer, outcome: object) -> None:
    bot.say(answer)
    assert await gateway_to(bot.base_url).send(Outgoing(MARIA, "hello", None)) == outcome
    assert len(bot.posts) == 1


async def test_the_region_in_the_environment_does_not_move_the_host(
    base_url: str, gateway_to: GatewayTo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    assert isinstance(await gateway_to(base_url + "/").send(Outgoing(MARIA, "hello", None)), Accepted)


async def test_neither_numbers_nor_words_are_logged(
    gateway: TwilioGateway, standin: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    standin.faults.next("create", "error_after")
    for _ in range(2):
        await gateway.send(Outgoing(MARIA, "my cheek hurts", None))
    await gateway.list_sent(to=MARIA, since=standin.now())
    await gateway.send(Outgoing("+15005550001", "my cheek hurts", None))
    assert MARIA[1:] not in caplog.text and "cheek" not in caplog.text and TOKEN not in caplog.text


async def test_the_sent_texts_to_one_number_are_listed_newest_first_queued_ones_too(
    gateway: TwilioGateway, standin: StandIn, clock: Clock
) -> None:
    for body in ("too old", "first", "second"):
        clock.move(minutes=10)
        await gateway.send(Outgoing(MARIA, body, None))
        await standin.settled()
    await gateway.send(Outgoing("+14155550102", "another patient", None))
    await standin.text(MARIA, "inbound")
    standin.lives.pace = Pace(sent_after=60)
    await gateway.send(Outgoing(MARIA, "queued", None))
    listed = await gateway.list_sent(to=MARIA, since=clock() - timedelta(minutes=10))
    assert [text.body for text in listed] == ["queued", "second", "first"]
    assert (listed[0].sent_at, listed[1].sent_at) == (None, clock())
    assert (listed[1].status, listed[1].direction, listed[1].from_) == ("delivered", "outbound-api", CLINIC)
    assert listed[1].created_at == clock()


async def test_a_list_goes_on_over_pages_until_it_is_old_enough(
    gateway: TwilioGateway, standin: StandIn, clock: Clock
) -> None:
    for n in range(250):
        standin.create({"To": [MARIA], "From": [CLINIC], "Body": [str(n)]})
        clock.move(seconds=1)
    everything = await gateway.list_sent(to=MARIA, since=clock() - timedelta(days=1))
    assert [text.body for text in everything] == [str(n) for n in range(249, -1, -1)]
    assert len(await gateway.list_sent(to=MARIA, since=clock() - timedelta(seconds=120))) == 120


async def test_twilios_whole_seconds_do_not_hide_a_text_of_the_same_second(
    gateway: TwilioGateway, clock: Clock
) -> None:
    clock.move(microseconds=200)
    attempted_at = clock()
    clock.move(microseconds=700)
    await gateway.send(Outgoing(MARIA, "hello", None))
    assert len(await gateway.list_sent(to=MARIA, since=attempted_at)) == 1


@pytest.mark.parametrize("service", [None, SERVICE])
async def test_inbound_texts_are_listed_oldest_first_even_when_the_webhook_failed(
    base_url: str, gateway_to: GatewayTo, standin: StandIn, clock: Clock, service: str | None
) -> None:
    gateway = gateway_to(base_url, service=service)
    standin.webhook_url = "http://127.0.0.1:9/nobody"
    await standin.text(MARIA, "before")
    clock.move(minutes=1)
    since = clock()
    await standin.text(MARIA, "one")
    await gateway.send(Outgoing(MARIA, "an answer", None))
    await standin.text("+14155550102", "two", media=["https://example.com/a.jpg", "https://example.com/b.jpg"])
    listed = await gateway.list_inbound(since=since)
    assert [(text.body, text.from_, text.direction, text.media_count) for text in listed] == [
        ("one", MARIA, "inbound", 0),
        ("two", "+14155550102", "inbound", 2),
    ]


async def test_one_text_is_fetched_by_its_sid(gateway: TwilioGateway, standin: StandIn) -> None:
    outcome = await gateway.send(Outgoing(MARIA, "hello", None))
    assert isinstance(outcome, Accepted)
    await standin.settled()
    fetched = await gateway.fetch(outcome.sid)
    assert fetched is not None and (fetched.status, fetched.body) == ("delivered", "hello")
    assert await gateway.fetch("SM" + "0" * 32) is None


@pytest.mark.parametrize(
    "fault", ["slow", "error_before", "error_after", "drop_before", "drop_after", "throttle", "unreadable"]
)
async def test_records_that_cannot_be_read_are_an_error_not_an_absence(
    gateway: TwilioGateway, standin: StandIn, fault: str
) -> None:
    await gateway.send(Outgoing(MARIA, "hello", None))
    for operation in ("list", "fetch"):
        # a GET may be sent again by the HTTP library when its line was dropped, so both tries meet the fault
        for _ in range(2):
            standin.faults.next(operation, fault, after=30)
    with pytest.raises(GatewayAway) as listing:
        await gateway.list_sent(to=MARIA, since=standin.now())
    with pytest.raises(GatewayAway):
        await gateway.fetch(standin.messages[0].sid)
    assert MARIA not in str(listing.value)


async def test_a_failure_on_a_later_page_is_not_taken_for_the_end(
    gateway: TwilioGateway, standin: StandIn, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(150):
        standin.create({"To": [MARIA], "From": [CLINIC], "Body": [str(n)]})
    second_page = False

    def spoil(operation: str) -> Fault | None:
        nonlocal second_page
        spoilt, second_page = second_page, True
        return Fault("error_before", 0) if spoilt else None

    monkeypatch.setattr(standin.faults, "draw", spoil)
    with pytest.raises(GatewayAway):
        await gateway.list_sent(to=MARIA, since=clock())
    assert second_page


async def test_a_lagging_list_does_not_show_a_text_that_is_there(
    gateway: TwilioGateway, standin: StandIn, clock: Clock
) -> None:
    standin.use_faults(Faults(list_lag=3600))
    outcome = await gateway.send(Outgoing(MARIA, "hello", None))
    assert isinstance(outcome, Accepted)
    assert await gateway.list_sent(to=MARIA, since=clock()) == []
    assert await gateway.fetch(outcome.sid) is not None
    standin.messages[0].visible_at -= 3600
    assert len(await gateway.list_sent(to=MARIA, since=clock())) == 1


async def test_a_gateway_without_a_sender_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="sender, messaging_service_sid: both empty"):
        TwilioGateway("AC1", "t", sender=None, messaging_service_sid="", api_base=None)


async def test_a_gateway_may_be_closed_before_and_after_use(gateway: TwilioGateway) -> None:
    await gateway.aclose()
    await gateway.send(Outgoing(MARIA, "hello", None))
    await gateway.aclose()
    await gateway.aclose()


async def test_many_texts_go_out_at_once(standin: StandIn, gateway_to: GatewayTo) -> None:
    async with loopback(standin.app) as url:
        gateway = gateway_to(url)
        outcomes = await asyncio.gather(*(gateway.send(Outgoing(MARIA, str(n), None)) for n in range(500)))
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert len(standin.messages) == 500
    await standin.aclose()
