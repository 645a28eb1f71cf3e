"""The stand-in's REST answers are what Twilio's own API description says, seen through Twilio's own client."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from bot.sms.standin import StandIn
from tests.sms.conftest import ACCOUNT, CLINIC, MARIA, SERVICE, TOKEN, Clock
from tests.sms.contract import DESCRIPTION, Checked, Contract

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not DESCRIPTION.exists(), reason=f"Twilio's API description is not at {DESCRIPTION}"),
]


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract()


@pytest.fixture
async def client(base_url: str, contract: Contract) -> AsyncIterator[Any]:
    """Twilio's own client; everything that passes is held against the contract."""
    http = Checked(contract)
    client = Client(ACCOUNT, TOKEN, http_client=http)
    client.api.base_url = base_url
    contract.checked.clear()
    yield client
    await http.close()


CREATES = {
    "plain": {"from_": CLINIC, "body": "hello"},
    "every option": {
        "from_": CLINIC,
        "body": "hello",
        "status_callback": "http://127.0.0.1:9/s?m=1#rc=2",
        "validity_period": 60,
        "provide_feedback": True,
        "smart_encoded": False,
        "force_delivery": False,
        "risk_check": "enable",
        "content_retention": "retain",
        "address_retention": "obfuscate",
        "attempt": 1,
    },
    "pictures": {"from_": CLINIC, "media_url": ["https://example.com/a.jpg", "https://example.com/b.jpg"]},
    "a service": {"messaging_service_sid": SERVICE, "body": "hello"},
    "a template": {"messaging_service_sid": SERVICE, "content_sid": "HX" + "b" * 32, "content_variables": '{"1": "x"}'},
}


@pytest.mark.parametrize("fields", CREATES.values(), ids=CREATES.keys())
async def test_create_and_fetch_keep_the_contract(
    client: Any, contract: Contract, standin: StandIn, fields: dict[str, Any]
) -> None:
    made = await client.messages.create_async(to=MARIA, **fields)
    await standin.settled()
    fetched = await client.messages(made.sid).fetch_async()
    assert (made.status, fetched.status) == ("accepted" if "messaging_service_sid" in fields else "queued", "delivered")
    assert contract.checked == ["post 201", "get 200"]


async def test_a_scheduled_message_keeps_the_contract_and_can_be_cancelled(
    client: Any, contract: Contract, standin: StandIn, clock: Clock
) -> None:
    send_at = clock() + timedelta(hours=1)
    scheduled = {"messaging_service_sid": SERVICE, "schedule_type": "fixed", "send_at": send_at, "body": "later"}
    first = await client.messages.create_async(to=MARIA, **scheduled)
    second = await client.messages.create_async(to=MARIA, **scheduled)
    cancelled = await client.messages(first.sid).update_async(status="canceled")
    clock.move(hours=1)
    standin.release_scheduled()
    await standin.settled()
    assert (first.status, cancelled.status) == ("scheduled", "canceled")
    assert (await client.messages(second.sid).fetch_async()).status == "delivered"
    assert (await client.messages(first.sid).fetch_async()).status == "canceled"
    assert contract.checked == ["post 201", "post 201", "post 200", "get 200", "get 200"]


async def test_lists_keep_the_contract_with_every_filter_and_over_pages(
    client: Any, contract: Contract, standin: StandIn, clock: Clock
) -> None:
    for n in range(7):
        clock.move(minutes=1)
        await client.messages.create_async(to=MARIA, from_=CLINIC, body=f"text {n}")
    await standin.settled()
    filters = {
        "to": MARIA,
        "from_": CLINIC,
        "date_sent_after": clock() - timedelta(hours=1),
        "date_sent_before": clock(),
    }
    listed = await client.messages.list_async(page_size=3, **filters)
    assert [message.body for message in listed] == [f"text {n}" for n in range(6, -1, -1)]
    assert contract.checked[-3:] == ["get 200", "get 200", "get 200"]
    assert await client.messages.list_async(to="+14155550999") == []


async def test_redaction_deletion_and_feedback_keep_the_contract(
    client: Any, contract: Contract, standin: StandIn
) -> None:
    made = await client.messages.create_async(to=MARIA, from_=CLINIC, body="private")
    await standin.settled()
    assert (await client.messages(made.sid).update_async(body="")).body == ""
    assert (await client.messages(made.sid).feedback.create_async(outcome="confirmed")).outcome == "confirmed"
    assert await client.messages(made.sid).delete_async()
    with pytest.raises(TwilioRestException) as gone:
        await client.messages(made.sid).fetch_async()
    assert (gone.value.status, gone.value.code) == (404, 20404)
    assert contract.checked == ["post 201", "post 200", "post 200", "delete 204"]


async def test_inbound_texts_keep_the_contract(client: Any, contract: Contract, standin: StandIn) -> None:
    await standin.text(MARIA, "hello", media=["https://example.com/face.jpg"])
    (listed,) = await client.messages.list_async(to=CLINIC)
    assert (listed.direction, listed.status, listed.num_media) == ("inbound", "received", "1")
    assert contract.checked == ["get 200"]


async def test_formats_that_the_description_leaves_open_are_twilios(
    client: Any, standin: StandIn, base_url: str
) -> None:
    import httpx

    made = await client.messages.create_async(to=MARIA, from_=CLINIC, body="x" * 161)
    async with httpx.AsyncClient(base_url=base_url, auth=(ACCOUNT, TOKEN)) as raw:
        message = (await raw.get(f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{made.sid}.json")).json()
        page = (await raw.get(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")).json()
    assert message["date_created"] == "Tue, 10 Mar 2026 18:00:00 +0000"
    assert parsedate_to_datetime(message["date_updated"]).utcoffset() == timedelta(0)
    assert (message["num_segments"], message["num_media"], message["price_unit"]) == ("2", "0", "USD")
    assert message["uri"] == f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{made.sid}.json"
    assert page["first_page_uri"].startswith("/2010-04-01/")
    assert (page["next_page_uri"], page["previous_page_uri"]) == (None, None)
