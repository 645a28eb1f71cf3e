"""Waits grow, stay within bounds, and end where a text would help nobody."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outbox.backoff import LONGEST_WAIT, handset_wait, next_look_up, pause, retry_wait, while_useful

AT = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)


def test_waits_double_from_two_seconds_to_ten_minutes():
    waits = [retry_wait(n, 0.999999).total_seconds() for n in (1, 2, 3, 4, 20)]
    assert [round(w) for w in waits] == [2, 4, 8, 16, 600]


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_wait_is_spread_over_half_of_itself_and_never_over_ten_minutes(attempts: int, chance: float):
    wait = retry_wait(attempts, chance)
    assert retry_wait(attempts, 0.0) <= wait <= LONGEST_WAIT
    assert wait <= 2 * retry_wait(attempts, 0.0)


def test_a_wait_is_at_least_what_twilio_asked_for_within_reason():
    assert retry_wait(1, 0.0, asked_for=30) == timedelta(seconds=30)
    assert retry_wait(1, 0.0, asked_for=1e9) == LONGEST_WAIT


def test_a_phone_that_is_off_is_tried_after_ten_minutes_and_then_after_an_hour():
    assert [handset_wait(n) for n in (1, 2, 3)] == [timedelta(minutes=10), timedelta(hours=1), timedelta(hours=1)]


@pytest.mark.parametrize(
    ("after", "hurry", "expected"),
    [
        (0, False, 15),
        (15, False, 30),
        (29.9, False, 30),
        (30, False, 60),
        (60, False, None),
        (9999, False, None),
        (0, True, 15),
        (15, True, None),
    ],
)
def test_look_ups_come_after_15_30_and_60_seconds_and_an_alert_has_but_one(after, hurry, expected):
    found = next_look_up(AT, AT + timedelta(seconds=after), hurry=hurry)
    assert found == (AT + timedelta(seconds=expected) if expected else None)


def test_nothing_is_tried_past_its_usefulness_nor_for_ever():
    assert while_useful(AT, useful_until=AT, planned_for=AT) is None
    assert while_useful(AT, useful_until=AT + timedelta(seconds=1), planned_for=AT) == AT
    assert while_useful(AT + timedelta(hours=12), useful_until=None, planned_for=AT) is None


def test_pauses_grow_to_ten_minutes():
    assert [pause(n).total_seconds() / 60 for n in range(6)] == [1, 2, 5, 10, 10, 10]
