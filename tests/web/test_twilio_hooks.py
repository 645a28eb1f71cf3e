"""Twilio's webhooks: let in by their signature alone, answered in XML whatever happens, stored only when genuine."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel, select

from bot.records.database import open_database
from bot.records.tables import Alarm, Inbound, Message, Receipt
from bot.web.refusals import A_RISE, ALARMS, Path
from bot.wiring import Parts
from tests.web.conftest import ACCOUNT, BASE, MARIA, Clock, Door, booking, inbound_fields, settings_for

pytestmark = pytest.mark.anyio
SHA256 = "algorithm=HMAC_SHA256"
FORM = "application/x-www-form-urlencoded"
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


def rows(parts: Parts, table: type[SQLModel]) -> list[SQLModel]:
    with parts.database.session() as session:
        return list(session.exec(select(table)).all())


async def test_a_question_is_answered_in_twiml_with_the_clock_time_of_her_own_treatment(
    door: Door, clock: Clock
) -> None:
    assert (await door.api("POST", json=booking())).status_code == 201
    clock.move(days=14, hours=3)  # three hours after her treatment
    answer = await door.text("CAN I EXERCISE")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    assert "Bright Skin:" in answer.text and "Wed 3:00 PM" in answer.text
    assert 'statusCallback="https://bot.brightskin.test/twilio/status?m=' in answer.text


async def test_the_same_webhook_again_gets_the_same_answer_and_is_kept_once(door: Door, parts: Parts) -> None:
    first, second = await door.text("hello?"), await door.text("hello?", I_Twilio_Idempotency_Token="again")
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert len(rows(parts, Inbound)) == 1


@pytest.mark.parametrize(
    ("caption", "headers", "fields", "reason"),
    [
        ("no signature", {"X_Twilio_Signature": ""}, {}, "no signature"),
        ("another signature", {"X_Twilio_Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}, {}, "wrong signature"),
        ("no base64", {"X_Twilio_Signature": "\u00e9 %%"}, {}, "wrong signature"),
        ("an algorithm nobody set", {"X_Twilio_Webhooks_Signature_Settings": SHA256}, {}, "wrong signature"),
        ("a form that says it is JSON", {"Content_Type": "application/json"}, {}, "wrong signature"),
        ("an upload", {"Content_Type": "multipart/form-data; boundary=x"}, {}, "wrong signature"),
        ("another account", {}, {"AccountSid": "AC" + "f" * 32}, "other account"),
    ],
)  # fmt: skip
async def test_what_is_not_twilios_is_refused_counted_and_not_stored(
    door: Door, parts: Parts, caption: str, headers: dict[str, str], fields: dict[str, str], reason: str
) -> None:
    sent = {**headers, "X_Twilio_Signature": headers["X_Twilio_Signature"].encode()} if "é" in str(headers) else headers
    path, posted = "/twilio/inbound", inbound_fields("yellow stuff") | fields
    if "X_Twilio_Signature" in headers:
        signature = sent["X_Twilio_Signature"]
        raw = {"Content-Type": "application/x-www-form-urlencoded"} | (
            {"X-Twilio-Signature": signature} if signature else {}
        )
        answer = await door.client.post(path, data=posted, headers=raw)
    else:
        answer = await door.twilio(path, posted, **headers)
    assert (answer.status_code, answer.text) == (403, "")
    assert answer.headers["content-type"].startswith("text/xml")
    assert rows(parts, Inbound) == [] and rows(parts, Message) == []
    assert (await door.figures())[f'needling_webhooks_refused_total{{reason="{reason}"}}'] == 1


@pytest.mark.parametrize(
    ("caption", "base", "path"),
    [
        ("a port, which Twilio keeps", "https://bot.brightskin.test:8443", "/twilio/status?m=abc"),
        ("plain http behind a tunnel", "http://127.0.0.1:4040", "/twilio/status?m=abc"),
        ("a proxy that adds a path", "https://brightskin.test/bot", "/twilio/status?m=abc"),
        ("escapes in the query", BASE, "/twilio/status?m=a%20b%2Bc&x="),
        ("no query", BASE, "/twilio/status"),
    ],
)
async def test_the_signature_is_checked_over_the_public_address_as_it_was_on_the_wire(
    parts: Parts, doors: Callable[..., Door], caption: str, base: str, path: str
) -> None:
    theirs = replace(parts, settings=settings_for("sqlite:///unused.db", public_base_url=base))
    door = doors(theirs, base=base)
    news = {
        "MessageSid": "SM" + "2" * 32,
        "AccountSid": ACCOUNT,
        "MessageStatus": "delivered",
        "To": "",
        "Odd": ["b", "a", "a"],
    }
    answer = await door.twilio(path, news)
    assert (answer.status_code, answer.content) == (204, b"")
    assert [receipt.status for receipt in rows(parts, Receipt)] == ["delivered"]
    assert (await door.twilio(path, news, token="another token")).status_code == 403


async def test_both_tokens_are_taken_while_one_replaces_the_other(parts: Parts, doors: Callable[..., Door]) -> None:
    both = settings_for("sqlite:///unused.db", twilio_auth_token_secondary="the old one")
    door = doors(replace(parts, settings=both))
    assert (await door.twilio("/twilio/inbound", inbound_fields("hi"), token="the old one")).status_code == 200


async def test_a_picture_without_words_is_taken_in(door: Door, parts: Parts) -> None:
    answer = await door.text("", NumMedia="1", MediaUrl0="https://api.twilio.com/x", MediaContentType0="image/jpeg")
    assert answer.status_code == 200
    assert [(row.body, row.media_count) for row in rows(parts, Inbound)] == [("", 1)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("path", "missing"), [
    ("/twilio/inbound", "MessageSid"), ("/twilio/inbound", "From"), ("/twilio/inbound", "AccountSid"),
    ("/twilio/status", "MessageStatus"), ("/twilio/status", "AccountSid"),
])  # fmt: skip
async def test_a_genuine_webhook_without_what_twilio_always_sends_is_counted_as_malformed(
    door: Door, parts: Parts, path: str, missing: str
) -> None:
    fields = inbound_fields("hi") | {"MessageStatus": "sent"}
    for name in {
        "MessageSid": ("MessageSid", "SmsSid", "SmsMessageSid"),
        "MessageStatus": ("MessageStatus", "SmsStatus"),
    }.get(missing, (missing,)):
        del fields[name]
    answer = await door.twilio(path, fields)
    assert (answer.status_code, answer.text) == (400, "")
    assert answer.headers["content-type"].startswith("text/xml")
    assert rows(parts, Inbound) == [] and rows(parts, Receipt) == []
    assert (await door.figures())["needling_webhooks_malformed_total"] == 1


async def test_while_the_database_is_away_twilio_is_told_to_come_again(
    wired: Parts, doors: Callable[..., Door]
) -> None:
    gone = open_database(NOWHERE)
    door = doors(replace(wired, database=gone))
    for path in ("/twilio/inbound", "/twilio/status"):
        answer = await door.twilio(path, inbound_fields("hi"))
        assert (answer.status_code, answer.text, answer.headers["retry-after"]) == (503, "", "5")
        assert answer.headers["content-type"].startswith("text/xml")
    gone.close()


async def test_a_fault_of_ours_is_answered_in_xml_too(wired: Parts, doors: Callable[..., Door]) -> None:
    broken = replace(wired, database=None)  # type: ignore[arg-type]
    answer = await doors(broken).text("hi")
    assert (answer.status_code, answer.text) == (500, "")
    assert answer.headers["content-type"].startswith("text/xml")


async def test_wrong_methods_and_addresses_are_not_answered_as_text(door: Door) -> None:
    for method, path in (("GET", "/twilio/inbound"), ("POST", "/twilio/inbound/"), ("POST", "/twilio/other")):
        answer = await door.client.request(method, path)
        assert answer.status_code in (404, 405)
        assert answer.headers["content-type"].startswith("application/json")


async def test_a_rise_of_signed_refusals_raises_an_alarm_that_names_the_address_until_one_fits(
    door: Door, parts: Parts
) -> None:
    for _ in range(A_RISE - 1):
        await door.twilio("/twilio/inbound", inbound_fields("hi"), token="not ours")
    assert rows(parts, Alarm) == []
    await door.twilio("/twilio/inbound", inbound_fields("hi"), token="not ours")
    alarm = rows(parts, Alarm)[0]
    assert alarm.kind == ALARMS[Path.INBOUND] and f"PUBLIC_BASE_URL ({BASE})" in alarm.words  # type: ignore[attr-defined]
    assert alarm.cleared_at is None and alarm.holds_until is None  # type: ignore[attr-defined]
    assert (await door.figures())["needling_alarms_open"] == 1
    await door.text("hi")
    assert rows(parts, Alarm)[0].cleared_at is not None  # type: ignore[attr-defined]


async def test_the_alarm_keeps_the_password_of_our_address_to_itself(
    doors: Callable[..., Door], parts: Parts, alive: None
) -> None:
    secret = settings_for("sqlite:///x.db", public_base_url="https://twilio:s3cret@bot.brightskin.test")
    door = doors(replace(parts, settings=secret))
    for _ in range(A_RISE):
        await door.twilio("/twilio/inbound", inbound_fields("hi"), token="not ours")
    (said,) = (await door.client.get("/healthz")).json()["alarms"]
    assert f"PUBLIC_BASE_URL ({BASE}, its user and password not shown here)" in said
    assert "s3cret" not in said and "twilio:" not in said


async def test_news_that_reaches_us_does_not_hide_texts_that_do_not(door: Door, parts: Parts) -> None:
    """The address for news is ours and always fits; the one for texts was typed into the console."""
    for n in range(A_RISE):
        await door.twilio("/twilio/inbound", inbound_fields("hi"), token="not ours")
        status = {"MessageSid": f"SM{n:032}", "AccountSid": ACCOUNT, "MessageStatus": "sent", "To": MARIA}
        assert (await door.twilio("/twilio/status", status)).status_code == 204
    (alarm,) = rows(parts, Alarm)
    assert alarm.kind == ALARMS[Path.INBOUND] and alarm.cleared_at is None  # type: ignore[attr-defined]


async def test_the_first_text_that_fits_after_a_new_start_clears_the_alarm(
    doors: Callable[..., Door], parts: Parts
) -> None:
    """A setting is mended by starting again, and the new process has refused nobody."""
    broken, mended = doors(parts), doors(parts)
    for _ in range(A_RISE):
        await broken.twilio("/twilio/inbound", inbound_fields("hi"), token="not ours")
    assert rows(parts, Alarm)[0].cleared_at is None  # type: ignore[attr-defined]
    await mended.text("hi")
    assert rows(parts, Alarm)[0].cleared_at is not None  # type: ignore[attr-defined]


async def test_strangers_who_sign_nothing_raise_no_alarm(door: Door, parts: Parts) -> None:
    for _ in range(3 * A_RISE):
        await door.client.post("/twilio/inbound", data=inbound_fields("hi"))
    assert rows(parts, Alarm) == []


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=300) | st.text(max_size=100).map(str.encode),
    kind=st.sampled_from([FORM, "multipart/form-data; boundary=a", "application/json", "", "a/b"]),
    signature=st.sampled_from(["", "x", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "====", "\x7f"]),
    query=st.text("abc%&=+?#/\\.0", max_size=20),
    path=st.sampled_from(["/twilio/inbound", "/twilio/status"]),
)  # fmt: skip
async def test_whatever_a_stranger_posts_is_refused_in_xml(
    request: pytest.FixtureRequest, body: bytes, kind: str, signature: str, query: str, path: str
) -> None:
    door = Door(request.getfixturevalue("wired"))
    headers = {"Content-Type": kind, "X-Twilio-Signature": signature}
    answer = await door.client.post(f"{path}?{query}", content=body, headers=headers)
    await door.client.aclose()
    assert answer.status_code in (400, 403)
    assert answer.headers["content-type"].startswith("text/xml")
