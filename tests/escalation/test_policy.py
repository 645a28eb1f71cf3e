"""Who hears when: everyone of a warning, one of a task, everyone where nobody came."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.conversation.model import Urgency
from bot.escalation.policy import MOST_CLIMBS, alerted, climbs_at, louder, tells_patient_to_call

NOW = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)
WAIT = timedelta(minutes=5)
WARNINGS = [Urgency.URGENT, Urgency.EMERGENCY]


@pytest.mark.parametrize("urgency", WARNINGS)
def test_a_warning_reaches_everyone_at_once_and_climbs_after_the_wait(urgency: Urgency):
    assert alerted(["Kim", "Lee"], urgency, 0) == ("Kim", "Lee")
    assert climbs_at(NOW, urgency, 0, wait=WAIT) == NOW + WAIT
    assert [tells_patient_to_call(urgency, climbs) for climbs in range(4)] == [False, True, False, False]


@pytest.mark.parametrize("urgency", WARNINGS)
def test_every_wait_is_longer_and_there_is_a_last_one(urgency: Urgency):
    waits = [climbs_at(NOW, urgency, climbs, wait=WAIT) for climbs in range(MOST_CLIMBS)]
    assert all(one < two for one, two in pairwise(waits) if one and two)
    assert climbs_at(NOW, urgency, MOST_CLIMBS, wait=WAIT) is None


def test_a_task_reaches_the_first_and_later_everyone_once():
    assert alerted(["Kim", "Lee"], Urgency.ROUTINE, 0) == ("Kim",)
    assert alerted(["Kim", "Lee"], Urgency.ROUTINE, 1) == ("Kim", "Lee")
    assert climbs_at(NOW, Urgency.ROUTINE, 0, wait=WAIT) == NOW + timedelta(hours=4)
    assert climbs_at(NOW, Urgency.ROUTINE, 1, wait=WAIT) is None
    assert not tells_patient_to_call(Urgency.ROUTINE, 1)


def test_nobody_on_the_list_is_nobody_to_alert():
    assert alerted([], Urgency.ROUTINE, 0) == alerted([], Urgency.EMERGENCY, 3) == ()


def test_the_louder_of_two_counts():
    assert louder(Urgency.ROUTINE, Urgency.EMERGENCY) is louder(Urgency.EMERGENCY, Urgency.URGENT) is Urgency.EMERGENCY
