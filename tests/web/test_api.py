"""The API of appointments: what it takes, how it says what it cannot take, and that nothing is half-written."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bot.records.database import open_database
from bot.records.tables import AppointmentRow, Consent, Message, Patient
from bot.wiring import Parts
from tests.web.conftest import KEY, MARIA, STARTS_AT, Clock, Door, booking

pytestmark = pytest.mark.anyio
IN_2029 = "2029-03-09T14:00:00-04:00"
IN_1990, IN_9999 = "1990-01-01T00:00:00Z", "9999-12-31T00:00:00Z"
A_DAY_LATER = "2026-03-25T14:00:00-04:00"
CASES = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


async def test_an_appointment_is_booked_and_its_texts_are_planned_in_one_go(door: Door) -> None:
    answer = await door.api("POST", json=booking())
    told = answer.json()
    assert (answer.status_code, told["external_id"], told["revision"], told["status"]) == (201, "A-1001", 1, "booked")
    steps = {message["step"]: message for message in told["messages"]}
    assert {"welcome", "antiviral-start", "day-of", "after-care", "two-weeks"} <= set(steps)
    assert steps["antiviral-start"]["due_at"] == "2026-03-21T13:00:00Z"
    assert set(steps["welcome"]) == {"id", "step", "due_at", "state", "text", "reason", "rule", "became_at"}
    assert steps["welcome"]["text"].startswith("Bright Skin: hi Maria, your micro-needling is Tue Mar 24 at 2:00 PM.")
    assert told["notes"] == []


async def test_the_same_external_id_again_brings_the_appointment_up_to_date(door: Door) -> None:
    first = (await door.api("POST", json=booking())).json()
    same = await door.api("POST", json=booking())
    assert (same.status_code, same.json()["id"], same.json()["revision"]) == (200, first["id"], 1)
    moved = await door.api("POST", json=booking(starts_at="2026-03-25T10:00:00-04:00", ends_at=None))
    assert (moved.status_code, moved.json()["revision"]) == (200, 2)
    assert moved.json()["starts_at"] == "2026-03-25T14:00:00Z"


async def test_an_appointment_is_shown_changed_and_cancelled(door: Door) -> None:
    assert (await door.api("GET", "/A-1001")).status_code == 404
    await door.api("POST", json=booking())
    moved = (await door.api("PATCH", "/A-1001", json={"starts_at": "2026-03-26T09:00:00-04:00"})).json()
    assert (moved["starts_at"], moved["ends_at"]) == ("2026-03-26T13:00:00Z", "2026-03-26T14:00:00Z")
    flagged = (await door.api("PATCH", "/A-1001", json={"flags": {"eyes": True, "cold_sores": False}})).json()
    assert flagged["flags"] == {"cold_sores": False, "eyes": True}
    off = await door.api("PATCH", "/A-1001", json={"status": "cancelled"})
    assert off.json()["status"] == "cancelled"
    assert (await door.api("GET", "/A-1001")).json() == off.json()
    waiting = [m["step"] for m in off.json()["messages"] if m["state"] == "scheduled"]
    assert waiting in ([], ["called-off"])


async def test_the_actual_end_sets_the_times_after_it(door: Door, clock: Clock) -> None:
    await door.api("POST", json=booking())
    clock.move(days=14, hours=4)
    told = (await door.api("PATCH", "/A-1001", json={"procedure_ended_at": "2026-03-24T15:40:00-04:00"})).json()
    assert told["procedure_ended_at"] == "2026-03-24T19:40:00Z"
    wash = next(m for m in told["messages"] if m["step"] == "wash-window" and m["state"] == "scheduled")
    assert wash["due_at"] == "2026-03-24T23:40:00Z"


async def test_the_answer_says_why_a_text_did_not_go_by_which_rule_and_when(door: Door, clock: Clock) -> None:
    await door.api("POST", json=booking())
    clock.move(days=1)
    at = clock().isoformat().replace("+00:00", "Z")
    told = (await door.api("PATCH", "/A-1001", json={"status": "cancelled"})).json()
    day_of = next(m for m in told["messages"] if m["step"] == "day-of")
    assert (day_of["state"], day_of["reason"], day_of["rule"], day_of["became_at"]) == (
        "cancelled", "the appointment was cancelled", "replanned", at,
    )  # fmt: skip
    assert all(m["became_at"] is None for m in told["messages"] if m["state"] == "scheduled")


async def test_a_null_end_takes_the_reported_one_back(door: Door, clock: Clock) -> None:
    await door.api("POST", json=booking())
    clock.move(days=14, hours=4)
    await door.api("PATCH", "/A-1001", json={"procedure_ended_at": "2026-03-24T15:40:00-04:00"})
    kept = (await door.api("PATCH", "/A-1001", json={"flags": []})).json()
    assert kept["procedure_ended_at"] == "2026-03-24T19:40:00Z"
    told = (await door.api("PATCH", "/A-1001", json={"procedure_ended_at": None})).json()
    assert told["procedure_ended_at"] is None
    wash = next(m for m in told["messages"] if m["step"] == "wash-window" and m["state"] == "scheduled")
    assert wash["due_at"] == "2026-03-24T23:00:00Z"


async def test_without_consent_an_appointment_is_taken_and_that_is_noted(door: Door, parts: Parts) -> None:
    answer = await door.api("POST", json=booking(consent=None))
    assert answer.status_code == 201
    assert "consent" in answer.json()["notes"][0]
    with parts.database.session() as session:
        assert session.exec(select(Consent)).first() is None


@pytest.mark.parametrize("written", ["(415) 555-0101", "415.555.0101", "+1 415 555 0101", "tel:+1-415-555-0101"])
async def test_numbers_are_kept_in_e164_however_they_are_written(door: Door, parts: Parts, written: str) -> None:
    answer = await door.api("POST", json=booking(patient={"name": "Maria Gomez", "phone": written}))
    assert answer.status_code == 201
    with parts.database.session() as session:
        assert session.exec(select(Patient.phone)).one() == MARIA


@pytest.mark.parametrize(
    ("change", "field", "value", "remedy"),
    [
        ({"patient": {"name": "Maria", "phone": "555-0123"}}, "patient.phone", "555-0123", "+12125550123"),
        ({"patient": {"name": "Maria", "phone": "+1415555010"}}, "patient.phone", "+1415555010", "E.164"),
        ({"patient": {"name": "Maria", "phone": f"{MARIA} x5"}}, "patient.phone", f"{MARIA} x5", "E.164"),
        ({"patient": {"name": "Maria", "phone": 14155550101}}, "patient.phone", "14155550101", "E.164"),
        ({"patient": {"name": "", "phone": MARIA}}, "patient.name", "", "1 to 80"),
        ({"patient": {"name": "M\u0000aria", "phone": MARIA}}, "patient.name", "M\u0000aria", "one line"),
        ({"patient": {"name": "x" * 81, "phone": MARIA}}, "patient.name", "x" * 57 + "...", "1 to 80"),
        ({"patient": {"phone": MARIA}}, "patient.name", "", "Give it: first and last name"),
        ({"patient": None}, "patient", "", "name, phone, timezone"),
        (
            {"patient": {"name": "M", "phone": MARIA, "timezone": "Mars/Base"}},
            "patient.timezone",
            "Mars/Base",
            "America/New_York",
        ),
        ({"patient": {"name": "M", "phone": MARIA, "timezone": "../etc"}}, "patient.timezone", "../etc", "IANA"),
        ({"patient": {"name": "M", "phone": MARIA, "mail": "x"}}, "patient.mail", "x", "name, phone, timezone"),
        ({"starts_at": "2026-03-24T14:00:00"}, "starts_at", "2026-03-24T14:00:00", "offset"),
        ({"starts_at": "tomorrow"}, "starts_at", "tomorrow", "2026-12-01T15:00:00-05:00"),
        ({"starts_at": 1774375200}, "starts_at", "1774375200", "ISO 8601"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at", "0001-01-01T00:00:00+14:00", "2000 and 2100"),
        ({"starts_at": "2026-03-09T14:00:00-04:00", "ends_at": None}, "starts_at", "2026-03-09T14:00:00-04:00", "past"),
        ({"starts_at": IN_2029, "ends_at": None}, "starts_at", IN_2029, "years"),
        ({"ends_at": STARTS_AT}, "ends_at", STARTS_AT, "after starts_at"),
        ({"ends_at": A_DAY_LATER}, "ends_at", A_DAY_LATER, "12 hours"),
        ({"flags": ["cold_soars"]}, "flags", "cold_soars", "cold_sores, prp, eyes"),
        ({"flags": "cold_sores"}, "flags", "cold_sores", "list"),
        ({"treatment": "botox"}, "treatment", "botox", "micro-needling"),
        ({"external_id": ""}, "external_id", "", "1 to 64"),
        ({"external_id": "a/b"}, "external_id", "a/b", "slash"),
        ({"external_id": "x" * 65}, "external_id", "x" * 57 + "...", "1 to 64"),
        ({"external_id": "\ud800"}, "external_id", "?", "one line"),
        ({"start_at": STARTS_AT}, "start_at", STARTS_AT, "starts_at"),
        ({"consent": {"method": "form", "at": IN_2029}}, "consent.at", IN_2029, "come"),
        ({"consent": {"method": "form", "at": IN_1990}}, "consent.at", IN_1990, "between 2000 and 2100"),
        ({"consent": {"method": "form", "at": IN_9999}}, "consent.at", IN_9999, "between 2000 and 2100"),
        ({"consent": {"method": "form"}}, "consent.at", "", "Give it"),
    ],
)  # fmt: skip
async def test_what_cannot_be_used_is_named_with_its_remedy_and_nothing_is_written(
    door: Door, parts: Parts, change: dict[str, Any], field: str, value: str, remedy: str
) -> None:
    answer = await door.api("POST", content=_as_json(booking(**change)))
    assert answer.status_code == 422, answer.text
    found = answer.json()["errors"][0]
    assert (found["field"], found["value"]) == (field, value)
    assert remedy in found["remedy"]
    with parts.database.session() as session:
        for table in (Patient, AppointmentRow, Message):
            assert session.exec(select(table)).all() == []


@pytest.mark.parametrize(
    ("change", "field", "remedy"),
    [
        ({"status": "gone"}, "status", "cancelled"),
        ({"procedure_ended_at": "2026-03-24T15:40:00-04:00"}, "procedure_ended_at", "still to come"),
        ({"procedure_ended_at": "15:40"}, "procedure_ended_at", "offset"),
        ({"starts_at": "2026-03-09T14:00:00-04:00"}, "starts_at", "past"),
        ({"starts_at": "2029-03-09T14:00:00-04:00"}, "starts_at", "two years"),
        ({"ends_at": "2026-03-24T13:00:00-04:00"}, "ends_at", "after starts_at"),
        ({"flags": {"eyes": "yes"}}, "flags", "true or false"),
        ({"flags": ["eye"]}, "flags", "eyes"),
        ({"phone": MARIA}, "phone", "starts_at, ends_at, status, procedure_ended_at, flags"),
    ],
)
async def test_a_change_that_cannot_be_made_is_named_and_leaves_the_appointment_as_it_was(
    door: Door, change: dict[str, Any], field: str, remedy: str
) -> None:
    before = (await door.api("POST", json=booking())).json()
    answer = await door.api("PATCH", "/A-1001", json=change)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field and remedy in answer.json()["errors"][0]["remedy"]
    assert (await door.api("GET", "/A-1001")).json() | {"notes": []} == before


async def test_everything_wrong_is_named_at_once(door: Door) -> None:
    wrong = {"patient": {"name": "", "phone": "1"}, "starts_at": "x", "colour": "red"}
    fields = {error["field"] for error in (await door.api("POST", json=wrong)).json()["errors"]}
    assert fields == {"external_id", "patient.name", "patient.phone", "starts_at", "colour"}


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", f"Basic {KEY}", f"Bearer {KEY} ", KEY])
async def test_without_the_key_nothing_is_shown_or_taken(door: Door, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    if header == f"Bearer {KEY} ":
        headers = {"Authorization": f"Bearer {KEY}x"}
    for method, path in (("POST", ""), ("GET", "/A-1001"), ("PATCH", "/A-1001")):
        answer = await door.client.request(method, f"/api/appointments{path}", headers=headers, json=booking())
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert "API_KEY" in answer.json()["errors"][0]["remedy"]


async def test_an_unset_key_opens_nothing(parts: Parts, doors: Callable[..., Door]) -> None:
    door = doors(replace(parts, settings=parts.settings.model_copy(update={"api_key": ""})))
    answer = await door.client.get("/api/appointments/A-1", headers={"Authorization": "Bearer "})
    assert answer.status_code == 401


async def test_while_the_database_is_away_the_caller_is_told_when_to_try_again(
    wired: Parts, doors: Callable[..., Door]
) -> None:
    gone = open_database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    answer = await doors(replace(wired, database=gone)).api("GET", "/A-1001")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    gone.close()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 99_999, b"1" * 5000])
@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("PATCH", "/A-1001")])
async def test_a_body_that_is_no_object_is_refused(door: Door, method: str, path: str, content: bytes) -> None:
    answer = await door.api(method, path, content=content)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["field"], error["value"]) == (422, "body", "")
    assert "one JSON object" in error["remedy"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_that_is_not_said_to_be_json_is_refused_and_not_repeated(door: Door, kind: str) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": kind}
    answer = await door.client.post("/api/appointments", headers=headers, content=_as_json(booking()))
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "body")
    assert "Content-Type: application/json" in error["remedy"] and "Maria" not in answer.text


async def test_an_id_with_a_nul_in_it_is_known_nowhere(door: Door) -> None:
    before = (await door.api("POST", json=booking())).json()
    for path in ("/A%00-1001", "/A-1001%00"):
        assert (await door.api("GET", path)).status_code == 404
        assert (await door.api("PATCH", path, json={"status": "cancelled"})).status_code == 404
    assert (await door.api("GET", "/A-1001")).json()["status"] == before["status"] == "booked"


async def test_a_body_over_the_limit_is_not_read(door: Door) -> None:
    async def pieces() -> Any:
        for _ in range(400):
            yield b" " * 1024

    declared = await door.api("POST", content=b" " * 300_000)
    assert (declared.status_code, declared.json()["errors"][0]["field"]) == (413, "body")
    assert (await door.api("POST", content=pieces())).status_code in (400, 413)


async def test_the_api_describes_itself_with_an_example(door: Door) -> None:
    described = (await door.client.get("/openapi.json")).json()
    assert set(described["paths"]) == {
        "/api/appointments", "/api/appointments/{external_id}", "/healthz", "/metrics"
    }  # fmt: skip
    assert described["components"]["schemas"]["BookingIn"]["examples"][0]["external_id"] == "A-1001"
    page = await door.client.get("/docs")
    assert page.status_code == 200 and "cdn.jsdelivr.net" in page.headers["content-security-policy"]


async def test_every_answer_carries_the_headers_that_keep_browsers_safe(door: Door) -> None:
    for path in ("/healthz", "/nothing", "/api/appointments/A-1"):
        headers = (await door.client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["strict-transport-security"].startswith("max-age=")
        assert "default-src 'self'" in headers["content-security-policy"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(STARTS_AT),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    "external_id patient treatment starts_at ends_at flags consent status procedure_ended_at x".split()
)


@settings(max_examples=200, **CASES)
@given(st.dictionaries(KEYS, JSON, max_size=6) | JSON)
async def test_whatever_is_posted_is_answered_without_a_fault(request: pytest.FixtureRequest, body: Any) -> None:
    door = Door(request.getfixturevalue("wired"))
    for method, path in (("POST", ""), ("PATCH", "/A-1")):
        answer = await door.api(method, path, content=_as_json(body))
        # 404: a change without any wrong value, of an appointment that is not there
        assert answer.status_code in ((422,) if method == "POST" else (404, 422)), answer.text
    await door.client.aclose()


@settings(max_examples=100, **CASES)
@given(changes=st.dictionaries(KEYS, JSON, max_size=2))
async def test_one_wrong_value_in_a_good_booking_is_named_and_never_a_fault(
    request: pytest.FixtureRequest, changes: dict[str, Any]
) -> None:
    door = Door(request.getfixturevalue("wired"))
    answer = await door.api("POST", content=_as_json(booking() | {"starts_at": "x"} | changes))
    await door.client.aclose()
    assert answer.status_code == 422
    assert all(error["field"] and error["remedy"] for error in answer.json()["errors"])


def _as_json(value: Any) -> bytes:
    import json

    return json.dumps(value).encode()
