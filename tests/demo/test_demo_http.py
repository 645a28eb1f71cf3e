"""The demo over HTTP, as its page uses it, and the command that starts it."""

import shutil
import subprocess
import time
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.demo.conftest import ROOT, Running, start_demo


def until(look: Any, wanted: Any, *, within: float = 20.0) -> Any:
    """What `look` finds once `wanted` holds of it; fails when that takes too long."""
    ends = time.monotonic() + within
    while not wanted(found := look()):
        assert time.monotonic() < ends, f"still {found!r}"
    return found


def texts(demo: Running, patient: str) -> dict[str, dict[str, Any]]:
    return {text["step"]: text for text in demo.state(patient)["patient"]["texts"]}


def words_on(phone: dict[str, Any]) -> str:
    return "\n".join(bubble["body"] for bubble in phone["bubbles"])


def book(demo: Running, who: str) -> str:
    answer = demo.post("book", {"sample": who})
    assert answer.status_code == 201, answer.text
    external_id = answer.json()["external_id"]
    until(lambda: words_on(demo.state(external_id)["patient"]["phone"]), lambda words: words)
    return str(external_id)


def test_the_command_prints_one_address_that_answers_and_ends_with_ctrl_c() -> None:
    running = start_demo()
    try:
        assert running.said.count("http://") == 1
        assert httpx.get(running.base_url, timeout=5).status_code == 200
        assert httpx.get(f"{running.base_url}/healthz", timeout=5).json()["status"] == "ok"
    finally:
        ended = running.end()
    assert ended == (0, "")


def test_make_demo_runs_this_command() -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("needs make: apt-get install make")
    listed = subprocess.run(
        [make, "--no-print-directory", "-n", "demo"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert listed.splitlines()[-1].endswith("python -m bot demo")


def test_a_taken_port_gives_way_to_the_next_free_one(running_demo: Running) -> None:
    other = start_demo()
    try:
        assert other.base_url != running_demo.base_url
    finally:
        other.end()


def test_nothing_of_a_real_installation_leaks_in(demo: Running) -> None:
    assert demo.state()["clinic"] == {"name": "Lumen Skin", "zone": "America/New_York"}


def test_the_first_morning_is_the_same_each_time(demo: Running) -> None:
    book(demo, "sam")
    demo.post("clock", {"by": 600, "patient": "demo-sam"})
    assert demo.post("start-over", {}).status_code == 200
    answer = httpx.get(f"{demo.base_url}/demo/state").json()
    assert answer["now"].startswith("2026-02-17T15:00:")
    assert answer["state"]["patient"] is None


def test_the_page_keeps_a_strict_policy(demo: Running) -> None:
    for path in ("/", "/demo/static/page.js", "/demo/state"):
        policy = httpx.get(demo.base_url + path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("book", {"sample": "nobody"}, "sample"),
        ("book", {"name": "Alex", "start": "soon", "flags": []}, "start"),
        ("book", {"name": "Alex", "start": "2026-01-02T10:00", "flags": []}, "starts_at"),
        ("book", {"name": "Alex", "start": "2026-03-02T10:00", "flags": ["wings"]}, "flags"),
        ("book", {"name": " ", "start": "2026-03-02T10:00", "flags": []}, "patient.name"),
        ("text", {"number": "", "body": "hi"}, "number"),
        ("text", {"number": "+12125550141", "body": ""}, "body"),
        ("text", {"number": "+12125550141", "body": "x" * 1601}, "body"),
        ("clock", {"by": -5}, "to"),
        ("clock", {"by": True, "to": 3}, "to"),
        ("clock", {"to": "2026-01-01T09:00"}, "to"),
        ("clock", {"to": "2036-01-01T09:00"}, "to"),
        ("clock", {}, "to"),
        ("end", {"patient": "nobody"}, "patient"),
        ("book", ["not", "an", "object"], "body"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_field_and_a_remedy(
    demo: Running, path: str, body: object, field: str
) -> None:
    answer = demo.post(path, body)
    assert answer.status_code in (404, 422), answer.text
    error = answer.json()["errors"][0]
    assert error["field"] == field
    assert error["remedy"]


@pytest.mark.parametrize(
    ("path", "posted"),
    [
        ("text", r'{"number": "+12125550141", "body": "half an emoji: \ud83d"}'),
        ("end", r'{"patient": "\ud800"}'),
        ("text", '{"body": ' + "[" * 30_000 + "]" * 30_000 + "}"),
        ("text", '{"body": '),
    ],
    ids=["half a character", "half a character that is shown", "nested beyond reading", "cut off"],
)
def test_json_that_cannot_be_used_is_refused(demo: Running, path: str, posted: str) -> None:
    answer = httpx.post(f"{demo.base_url}/demo/{path}", content=posted, headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == "body"


def test_a_form_of_another_site_cannot_post_here(demo: Running) -> None:
    answer = httpx.post(f"{demo.base_url}/demo/start-over", data={"a": "b"})
    assert answer.status_code == 422


def test_the_state_is_sent_again_only_when_it_has_changed(demo: Running) -> None:
    first = httpx.get(f"{demo.base_url}/demo/state").json()
    again = httpx.get(f"{demo.base_url}/demo/state", params={"seen": first["seen"]}).json()
    assert "state" in first
    assert "state" not in again


def test_a_long_jump_sends_each_text_at_its_own_time_and_in_order(demo: Running) -> None:
    maria = book(demo, "maria")
    assert demo.post("clock", {"to": "2026-03-10T12:00", "patient": maria}).status_code == 200
    sent = [t for t in demo.state(maria)["patient"]["texts"] if t["group"] == "sent"]
    assert [(t["step"], t["on"], t["at"]) for t in sent][-8:] == [
        ("anti-inflammatories", "Fri, Mar 6", "10:00 AM"),
        ("antiviral-start", "Sat, Mar 7", "9:00 AM"),
        ("antiviral-again", "Sun, Mar 8", "9:00 AM"),
        ("confirm", "Sun, Mar 8", "11:00 AM"),
        ("antiviral-again", "Mon, Mar 9", "9:00 AM"),
        ("shave-today", "Mon, Mar 9", "10:00 AM"),
        ("antiviral-again", "Tue, Mar 10", "7:30 AM"),
        ("day-of", "Tue, Mar 10", "8:00 AM"),
    ]
    assert {t["state"] for t in sent} == {"delivered"}


def test_next_text_stops_at_the_next_one_on_this_phone(demo: Running) -> None:
    sam = book(demo, "sam")
    before = len(demo.state(sam)["patient"]["phone"]["bubbles"])
    upcoming = demo.state(sam)["next"]
    demo.post("clock", {"to": "next", "patient": sam})
    after = demo.state(sam)["patient"]["phone"]["bubbles"]
    assert len(after) > before
    assert f"{after[-1]['day']}, {after[-1]['at']}" == upcoming


def test_dana_gets_what_prp_and_eyes_call_for(demo: Running) -> None:
    dana = book(demo, "dana")
    found = texts(demo, dana)
    assert "drawn meanwhile" in found["day-of"]["text"]
    assert found["eyes"]["group"] == "to come"
    assert "antiviral-start" not in found


def test_sam_hears_in_one_text_what_is_already_in_force(demo: Running) -> None:
    found = texts(demo, book(demo, "sam"))
    assert found["catch-up"]["group"] == "sent"
    assert len(found["catch-up"]["quotes"]) >= 3
    assert found["sun-and-laser"]["group"] == "left out"
    assert "one text" in found["sun-and-laser"]["reason"]


def test_the_heading_keeps_to_itself_what_an_answer_told_staff(demo: Running) -> None:
    sam = book(demo, "sam")
    until(lambda: words_on(demo.state(sam)["patient"]["phone"]), lambda words: "Reply Y or N" in words)
    demo.post("text", {"number": demo.state(sam)["patient"]["phone"]["number"], "body": "y"})
    until(lambda: words_on(demo.state(sam)["staff"][0]), lambda words: "used something" in words)
    assert demo.state(sam)["patient"]["visit"] == "Treatment Thu, Feb 19, 3:30 PM to 4:30 PM"


def test_the_end_can_be_reported_only_once_the_treatment_has_begun(demo: Running) -> None:
    sam = book(demo, "sam")
    assert demo.state(sam)["treatment"] == {"label": "To the treatment", "does": "go"}
    assert demo.post("end", {"patient": sam}).status_code == 422
    demo.post("clock", {"to": "treatment", "patient": sam})
    assert demo.state(sam)["treatment"] == {"label": "Treatment ends now", "does": "end"}
    assert demo.post("end", {"patient": sam}).status_code == 200
    assert demo.state(sam)["treatment"]["label"] == "Ended 4:10 PM"


def test_a_taken_case_changes_what_staff_are_offered(demo: Running) -> None:
    maria = book(demo, "maria")
    demo.post("clock", {"to": "treatment", "patient": maria})
    phone = demo.state(maria)["patient"]["phone"]["number"]
    kim, lee = (each["number"] for each in demo.state(maria)["staff"])
    assert any(chip.startswith("DONE Maria 2:4") for chip in demo.state(maria)["staff"][0]["chips"])
    demo.post("text", {"number": phone, "body": "yellow stuff is coming out"})
    until(lambda: words_on(demo.state(maria)["staff"][1]), lambda words: "Reply A 1" in words)
    demo.post("text", {"number": kim, "body": "A 1"})
    first, second = demo.state(maria)["staff"]
    assert "D 1" in first["chips"]
    assert "D 1" not in second["chips"]
    demo.post("text", {"number": lee, "body": "A 1"})
    until(lambda: words_on(demo.state(maria)["staff"][1]), lambda words: "already with Kim" in words)


def test_every_moment_the_page_shows_is_local(demo: Running) -> None:
    maria = book(demo, "maria")
    for text in demo.state(maria)["patient"]["texts"]:
        datetime.strptime(f"{text['on']} 2026 {text['at']}", "%a, %b %d %Y %I:%M %p")  # noqa: DTZ007


def test_the_real_app_is_behind_the_page(demo: Running) -> None:
    assert httpx.post(f"{demo.base_url}/twilio/inbound", data={"Body": "hi"}).status_code == 403
    assert httpx.get(f"{demo.base_url}/api/appointments/demo-maria").status_code == 401
