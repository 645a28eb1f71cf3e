"""The difference between what is planned and what should be, as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.care.model import PlannedText
from bot.care.replan import difference

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
COMING = PlannedText("flaking", 0, NOON + HOUR, NOON + HOUR, NOON + 9 * HOUR)
DUE = PlannedText("welcome", 0, NOON - 2 * HOUR, NOON - HOUR, NOON + 9 * HOUR)


def test_what_is_planned_and_wanted_is_kept() -> None:
    change = difference([COMING], [COMING], now=NOON)
    assert (change.keep, change.cancel, change.add) == (((COMING, COMING),), (), ())


def test_what_is_no_longer_wanted_is_cancelled_and_what_is_new_is_added() -> None:
    other = replace(COMING, step="check-in")
    change = difference([COMING], [other], now=NOON)
    assert (change.keep, change.cancel, change.add) == ((), (COMING,), (other,))


@pytest.mark.parametrize(
    "different",
    [
        pytest.param({"planned_for": NOON + 2 * HOUR}, id="the moment moved"),
        pytest.param({"occurrence": 1}, id="another occurrence"),
        pytest.param({"carries": ("blood-thinners",)}, id="it carries something else"),
    ],
)
def test_a_text_for_another_moment_or_with_other_words_is_another_text(different: dict[str, object]) -> None:
    wanted = replace(COMING, **different)  # type: ignore[arg-type]
    change = difference([COMING], [wanted], now=NOON)
    assert (change.cancel, change.add) == ((COMING,), (wanted,))


def test_a_kept_text_takes_its_new_due_time_and_usefulness() -> None:
    wanted = replace(COMING, due_at=NOON + 3 * HOUR, useful_until=NOON + 5 * HOUR)
    assert difference([COMING], [wanted], now=NOON).keep == ((COMING, wanted),)


def test_a_text_that_is_due_already_is_not_made_later_but_learns_how_long_it_helps() -> None:
    wanted = replace(DUE, due_at=NOON, useful_until=NOON + 2 * HOUR)
    assert difference([DUE], [wanted], now=NOON).keep == ((DUE, replace(wanted, due_at=DUE.due_at)),)


def test_a_due_text_may_be_put_off_to_a_later_moment() -> None:
    wanted = replace(DUE, due_at=NOON + HOUR)
    assert difference([DUE], [wanted], now=NOON).keep == ((DUE, wanted),)


def test_nothing_planned_and_nothing_wanted_is_no_difference() -> None:
    change = difference([], [], now=NOON)
    assert (change.keep, change.cancel, change.add) == ((), (), ())
