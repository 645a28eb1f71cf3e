"""The stand-in's REST side: refusals, magic numbers, paging; facts of Twilio's documentation, one test each."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.sms.standin import Pace, StandIn, listing
from bot.sms.standin.ledger import Message
from tests.sms.conftest import ACCOUNT, CLINIC, MARIA, SERVICE, TOKEN, Clock

pytestmark = pytest.mark.anyio

MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
PLAIN = {"To": MARIA, "From": CLINIC, "Body": "hello"}


@pytest.fixture
async def raw(base_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=base_url, auth=(ACCOUNT, TOKEN)) as client:
        yield client


REFUSALS: dict[str, tuple[dict[str, Any], int, int]] = {
    "no recipient": ({"To": None}, 400, 21604),
    "recipient is no number": ({"To": "4155550101"}, 400, 21211),
    "magic invalid recipient": ({"To": "+15005550001"}, 400, 21211),
    "magic unreachable recipient": ({"To": "+15005550002"}, 400, 21612),
    "magic region": ({"To": "+15005550003"}, 400, 21408),
    "magic opted-out recipient": ({"To": "+15005550004"}, 400, 21610),
    "magic landline": ({"To": "+15005550009"}, 400, 21614),
    "no sender": ({"From": None}, 400, 21603),
    "magic invalid sender": ({"From": "+15005550001"}, 400, 21212),
    "sender is no number": ({"From": "Clinic"}, 400, 21212),
    "magic sender not ours": ({"From": "+15005550007"}, 400, 21606),
    "any other sender": ({"From": "+14155559999"}, 400, 21606),
    "magic full queue": ({"From": "+15005550008"}, 400, 21611),
    "malformed service": ({"From": None, "MessagingServiceSid": "MG1"}, 400, 21705),
    "nothing to say": ({"Body": None}, 400, 21602),
    "blank body": ({"Body": ""}, 400, 21602),
    "1601 characters": ({"Body": "x" * 1601}, 400, 21617),
    "picture is no URL": ({"MediaUrl": "face.jpg"}, 400, 21620),
    "callback is no URL": ({"StatusCallback": "clinic"}, 400, 21609),
    "callback host with underscore": ({"StatusCallback": "https://my_clinic.example/s"}, 400, 21609),
    "callback over 4000": ({"StatusCallback": "https://clinic.example/" + "x" * 4000}, 400, 21609),
    "callback with broken port": ({"StatusCallback": "https://clinic.example:port/"}, 400, 21609),
    "validity 0": ({"ValidityPeriod": "0"}, 400, 90007),
    "validity over ten hours": ({"ValidityPeriod": "36001"}, 400, 90007),
    "validity no number": ({"ValidityPeriod": "soon"}, 400, 90007),
    "unknown choice": ({"RiskCheck": "perhaps"}, 400, 20001),
    "unknown schedule": ({"ScheduleType": "weekly"}, 400, 20001),
    "schedule without time": ({"ScheduleType": "fixed"}, 400, 35111),
    "time without schedule": ({"SendAt": "2026-03-10T20:00:00Z"}, 400, 35111),
    "schedule without service": ({"ScheduleType": "fixed", "SendAt": "2026-03-10T20:00:00Z"}, 400, 35118),
}


@pytest.mark.parametrize(("change", "status", "code"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_a_create_is_refused_in_twilios_shape(
    raw: httpx.AsyncClient, standin: StandIn, change: dict[str, Any], status: int, code: int
) -> None:
    form = {name: value for name, value in (PLAIN | change).items() if value is not None}
    answer = await raw.post(MESSAGES, data=form)
    body = answer.json()
    assert (answer.status_code, body["code"], body["status"]) == (status, code, status)
    assert body["more_info"] == f"https://www.twilio.com/docs/errors/{code}"
    assert set(body) == {"code", "message", "more_info", "status"} and body["message"]
    assert standin.messages == []


@pytest.mark.parametrize(
    ("ahead", "accepted"),
    [(299, False), (300, True), (35 * 86400, True), (35 * 86400 + 1, False), (-60, False)],
)
async def test_a_message_is_scheduled_five_minutes_to_35_days_ahead(
    raw: httpx.AsyncClient, clock: Clock, ahead: int, accepted: bool
) -> None:
    send_at = (clock() + timedelta(seconds=ahead)).strftime("%Y-%m-%dT%H:%M:%SZ")
    form = {"To": MARIA, "MessagingServiceSid": SERVICE, "Body": "x", "ScheduleType": "fixed", "SendAt": send_at}
    answer = await raw.post(MESSAGES, data=form)
    assert answer.json().get("code", answer.json()["status"]) == ("scheduled" if accepted else 35114)


async def test_a_schedule_with_an_offset_or_without_a_zone_is_refused(raw: httpx.AsyncClient) -> None:
    for send_at in ("2026-03-10T20:00:00-05:00", "2026-03-10T20:00:00", "tomorrow"):
        form = {"To": MARIA, "MessagingServiceSid": SERVICE, "Body": "x", "ScheduleType": "fixed", "SendAt": send_at}
        assert (await raw.post(MESSAGES, data=form)).json()["code"] == 35114


async def test_the_sample_patients_number_is_an_ordinary_recipient(raw: httpx.AsyncClient, standin: StandIn) -> None:
    answer = await raw.post(MESSAGES, data=PLAIN | {"To": "+15005550006"})
    await standin.settled()
    assert answer.status_code == 201
    assert [bubble.status for bubble in standin.conversation("+15005550006")] == ["delivered"]


async def test_1600_characters_and_ten_pictures_are_the_most(raw: httpx.AsyncClient) -> None:
    assert (await raw.post(MESSAGES, data=PLAIN | {"Body": "x" * 1600})).json()["num_segments"] == "11"
    pictures = [f"https://example.com/{n}.jpg" for n in range(11)]
    assert (await raw.post(MESSAGES, data=PLAIN | {"MediaUrl": pictures[:10]})).json()["num_media"] == "10"
    assert (await raw.post(MESSAGES, data=PLAIN | {"MediaUrl": pictures})).json()["code"] == 21623


@pytest.mark.parametrize("auth", [None, (ACCOUNT, "wrong"), ("AC" + "f" * 32, TOKEN), (ACCOUNT, "")])
async def test_a_wrong_or_missing_password_is_401(base_url: str, auth: tuple[str, str] | None) -> None:
    async with httpx.AsyncClient(base_url=base_url, auth=auth) as stranger:
        for answer in (await stranger.post(MESSAGES, data=PLAIN), await stranger.get(MESSAGES)):
            assert (answer.status_code, answer.json()["code"]) == (401, 20003)


@pytest.mark.parametrize(
    "path",
    [
        f"/2010-04-01/Accounts/AC{'f' * 32}/Messages.json",
        "/2010-04-01/Accounts/AC1/Messages.json",
        f"/2010-04-01/Accounts/{ACCOUNT}/Messages/SM{'0' * 32}.json",
        f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json",
        "/",
    ],
)
async def test_what_is_not_there_is_404_in_twilios_shape(raw: httpx.AsyncClient, path: str) -> None:
    answer = await raw.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


async def test_pages_run_newest_first_and_lead_both_ways(raw: httpx.AsyncClient, standin: StandIn) -> None:
    for n in range(5):
        standin.create({name: [value] for name, value in (PLAIN | {"Body": str(n)}).items()})
    first = (await raw.get(MESSAGES, params={"To": MARIA, "PageSize": 2})).json()
    second = (await raw.get(first["next_page_uri"])).json()
    third = (await raw.get(second["next_page_uri"])).json()
    back = (await raw.get(second["previous_page_uri"])).json()
    assert [[m["body"] for m in page["messages"]] for page in (first, second, third)] == [["4", "3"], ["2", "1"], ["0"]]
    assert [m["body"] for m in back["messages"]] == ["4", "3"]
    assert third["next_page_uri"] is None and first["previous_page_uri"] is None and back["previous_page_uri"] is None
    assert (second["page"], second["page_size"], second["start"], second["end"]) == (1, 2, 2, 3)


async def test_a_text_that_comes_in_between_does_not_shift_the_next_page(
    raw: httpx.AsyncClient, standin: StandIn
) -> None:
    for n in range(4):
        standin.create({name: [value] for name, value in (PLAIN | {"Body": str(n)}).items()})
    first = (await raw.get(MESSAGES, params={"PageSize": 2})).json()
    standin.create({name: [value] for name, value in PLAIN.items()})
    second = (await raw.get(first["next_page_uri"])).json()
    assert [m["body"] for m in second["messages"]] == ["1", "0"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"PageSize": "1001"}, 20007),
        ({"PageSize": "0"}, 20001),
        ({"PageSize": "x"}, 20001),
        ({"Page": "-1"}, 20001),
        ({"PageToken": "PA1"}, 20001),
        ({"DateSent": "yesterday"}, 20001),
        ({"DateSent>": "2026-13-01"}, 20001),
    ],
)
async def test_a_list_that_cannot_be_is_refused(raw: httpx.AsyncClient, query: dict[str, str], code: int) -> None:
    answer = await raw.get(MESSAGES, params=query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    ("query", "bodies"),
    [
        ({"DateSent": "2026-03-11"}, ["11th"]),
        ({"DateSent>": "2026-03-11"}, ["12th", "11th"]),
        ({"DateSent<": "2026-03-11"}, ["11th", "10th"]),
        ({"DateSent>": "2026-03-11T18:00:00Z"}, ["12th", "11th"]),
        ({"DateSent>": "2026-03-11T18:00:01Z"}, ["12th"]),
        ({"DateSent>": "2026-03-11", "DateSent<": "2026-03-11"}, ["11th"]),
        ({}, ["queued", "12th", "11th", "10th"]),
    ],
)
async def test_date_sent_is_inclusive_and_leaves_out_what_is_not_sent(
    raw: httpx.AsyncClient, standin: StandIn, clock: Clock, query: dict[str, str], bodies: list[str]
) -> None:
    for day in ("10th", "11th", "12th"):
        standin.create({name: [value] for name, value in (PLAIN | {"Body": day}).items()})
        await standin.settled()
        clock.move(days=1)
    standin.lives.pace = Pace(sent_after=60)
    standin.create({name: [value] for name, value in (PLAIN | {"Body": "queued"}).items()})
    listed = (await raw.get(MESSAGES, params=query | {"To": MARIA})).json()
    assert [message["body"] for message in listed["messages"]] == bodies


async def test_an_unfinished_message_is_neither_deleted_nor_redacted_nor_cancelled(
    raw: httpx.AsyncClient, standin: StandIn
) -> None:
    standin.lives.pace = Pace(sent_after=60)
    uri = (await raw.post(MESSAGES, data=PLAIN)).json()["uri"]
    assert (await raw.delete(uri)).json()["code"] == 20009
    assert (await raw.post(uri, data={"Body": ""})).json()["code"] == 20009
    assert (await raw.post(uri, data={"Status": "canceled"})).json()["code"] == 30409
    assert (await raw.post(uri, data={"Body": "other words"})).json()["code"] == 20001
    assert (await raw.post(uri, data={})).json()["code"] == 20001


async def test_a_look_up_walks_the_texts_of_its_number_and_no_others(standin: StandIn, monkeypatch) -> None:
    for n in range(10_000):
        _delivered(standin, n)
    looked_at = []
    shown = listing._sent_as_asked
    monkeypatch.setattr(listing, "_sent_as_asked", lambda *record: looked_at.append(record) or shown(*record))
    page = listing.page(ACCOUNT, standin.ledger, {"To": "+14150000007"}, at=1.0)
    assert isinstance(page, dict) and len(page["messages"]) == len(looked_at) == 10


def _delivered(standin: StandIn, n: int) -> None:
    now, to = standin.now(), f"+1415{n % 1000:07d}"
    standin.ledger.add(Message(f"SM{n:032x}", "outbound-api", CLINIC, to, "x", "delivered", now, now, sent_at=now))
