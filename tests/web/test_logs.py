"""The log: no number and no word of a patient, whoever writes into it."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from bot.logs import mask, set_up_logs


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """The log set up as a process does it, and put back afterwards."""
    root, before, config = logging.getLogger(), list(logging.getLogger().handlers), structlog.get_config()
    level = root.level
    written = StringIO()
    set_up_logs("INFO", as_json=True, stream=written)
    yield written
    root.handlers[:] = before
    root.setLevel(level)
    structlog.configure(**config)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("to +14155550101 at once", "to [number] at once"),
        ("To=%2B14155550101&x=1", "To=%2B[number]&x=1"),
        ("(415) 555-0101", "[number]"),
        ("415.555.0101 or 415-555-0101", "[number] or [number]"),
        ("at 2026-03-10T18:00:00+00:00", "at 2026-03-10T18:00:00+00:00"),
        ("SM01234567890123456789012345678901", "SM01234567890123456789012345678901"),
        ("took 0.1234567890 s on port 8000", "took 0.1234567890 s on port 8000"),
    ],
)
def test_numbers_are_masked_and_nothing_else(said: str, kept: str) -> None:
    assert mask(None, "info", {"event": said})["event"] == kept


def test_words_are_left_out_wherever_they_hide() -> None:
    entry = {"event": "x", "body": "yellow stuff", "more": {"phone": "+14155550101", "all": ["+14155550101"]}}
    assert mask(None, "info", entry) == {
        "event": "x",
        "body": "[left out]",
        "more": {"phone": "[left out]", "all": ["[number]"]},
    }


def test_our_log_and_the_libraries_log_are_both_json_and_both_masked(logged: StringIO) -> None:
    structlog.get_logger("ours").info("sent", to="+14155550101")
    logging.getLogger("theirs").warning("to %s", "+14155550101")
    try:
        raise ValueError("no +14155550101")
    except ValueError:
        structlog.get_logger("ours").exception("failed")
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["sent", "to [number]", "failed"]
    assert lines[0]["to"] == "[number]" and lines[1]["level"] == "warning"
    assert "ValueError: no [number]" in lines[2]["exception"]


def test_access_lines_carry_no_query_and_twilios_client_is_quiet(logged: StringIO) -> None:
    access = logging.getLogger("uvicorn.access")
    access.info('%s - "%s %s HTTP/%s" %d', "10.0.0.1:5", "POST", "/twilio/status?m=abc&To=x", "1.1", 204)
    logging.getLogger("twilio.http_client").info("GET Request: https://api.twilio.com/?To=+14155550101")
    output = logged.getvalue()
    assert "POST /twilio/status HTTP/1.1" in output and "abc" not in output and "api.twilio.com" not in output
