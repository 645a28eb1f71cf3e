"""Every topic at every hour of a month around the treatment, against a table written independently of messages/."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.care.model import Appointment, Status
from bot.content.render import spoken
from bot.conversation.answer import Answer, answer
from tests.conversation.messages import VALUES, the_content
from tests.conversation.oracle import ALSO_STAFF, STAFF, TABLE, Treatment, boundaries, expected

NEW_YORK = ZoneInfo("America/New_York")
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
WALK = 16 * 24
PRESCRIBED = {**VALUES, "prescribed": "Prescribed? Ask your prescriber or us first."}


def treatment(written: str, *, lasts: int = 60, zone: ZoneInfo = NEW_YORK) -> Treatment:
    """ "Tue 2026-03-10 14:00" on the wall; `lasts` in minutes."""
    start = datetime.strptime(written[4:], "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    assert f"{start:%a}" == written[:3]
    start = start.astimezone(UTC)
    return Treatment(start, start + timedelta(minutes=lasts), zone)


TREATMENTS = {
    "on the day the clocks go forward": treatment("Sun 2026-03-08 10:00"),
    "the evening before the clocks go forward": treatment("Sat 2026-03-07 17:30", lasts=90),
    "on the day the clocks go back": treatment("Sun 2026-11-01 09:15", lasts=45),
    "the evening before the clocks go back": treatment("Sat 2026-10-31 18:00", lasts=100),
    "on an ordinary Thursday": treatment("Thu 2026-06-11 14:00"),
    "in Los Angeles, a week after its clocks went forward": treatment(
        "Sun 2026-03-15 12:00", zone=ZoneInfo("America/Los_Angeles")
    ),
}


def test_the_table_and_the_messages_know_the_same_topics() -> None:
    assert set(the_content().topics) == set(TABLE)


@pytest.mark.parametrize("caption", TREATMENTS)
def test_every_topic_at_every_hour_is_answered_as_the_table_says(caption: str) -> None:
    visit = TREATMENTS[caption]
    wrong = [
        f"{topic} {hours} hours after the start: {given}, should be {wanted}"
        for topic in TABLE
        for hours in range(-WALK, WALK + 1)
        if (given := _given(topic, visit, visit.start + hours * HOUR))
        != (wanted := expected(topic, visit, visit.start + hours * HOUR))
    ]
    assert wrong == []


@pytest.mark.parametrize("topic", TABLE)
def test_the_answer_changes_at_the_very_second(topic: str) -> None:
    for caption, visit in TREATMENTS.items():
        for boundary in boundaries(topic, visit):
            for now in (boundary - SECOND, boundary, boundary + SECOND):
                assert _given(topic, visit, now) == expected(topic, visit, now), (caption, boundary, now - boundary)


@pytest.mark.parametrize("topic", TABLE)
def test_a_wait_says_its_end_in_the_patients_own_time(topic: str) -> None:
    for visit in TREATMENTS.values():
        for hours in range(-24, WALK, 7):
            now = visit.start + hours * HOUR
            said = _answer(topic, visit, now)
            if said.until:
                assert spoken(said.until, now, visit.zone) in said.text


@pytest.mark.parametrize("topic", TABLE)
def test_an_answer_has_words_without_braces_and_a_question_for_staff_has_none(topic: str) -> None:
    visit = TREATMENTS["on an ordinary Thursday"]
    for hours in range(-WALK, WALK, 5):
        said = _answer(topic, visit, visit.start + hours * HOUR)
        assert bool(said.text) is not said.is_for_staff_alone
        assert not set("{}") & set(said.text)
        assert said.also_staff is (topic in ALSO_STAFF and not said.is_for_staff_alone)


@pytest.mark.parametrize(
    ("now", "topic", "says"),
    [
        ("Thu 2026-06-11 18:00", "exercise", "until Fri 3:00 PM"),
        ("Fri 2026-06-12 14:59", "exercise", "until 3:00 PM"),
        ("Fri 2026-06-12 15:00", "exercise", "your 24 hours are over"),
        ("Thu 2026-06-11 16:00", "wash", "no earlier than 7:00 PM"),
        ("Thu 2026-06-11 19:00", "wash", "using your hands only"),
        ("Fri 2026-06-12 00:00", "wash", "as usual"),
        ("Thu 2026-06-11 23:59", "makeup", "From Fri Jun 12 mineral"),
        ("Sat 2026-06-13 00:00", "skincare", "regular moisturizer"),
        ("Thu 2026-06-11 16:00", "nsaids", "until Thu Jun 18 3:00 PM"),
        ("Mon 2026-06-01 10:00", "retinoids", "fine until Thu 2:00 PM"),
        ("Mon 2026-06-08 10:00", "cold_sores", "from Mon Jun 8 to Thu Jun 11"),
        ("Mon 2026-06-08 10:00", "accutane", "since Thu Dec 11"),
        ("Mon 2026-05-18 10:00", "sun", "From Thu May 28 2:00 PM"),
        ("Sat 2026-06-13 10:00", "sun", "until Thu Jun 25"),
        ("Mon 2026-06-08 10:00", "blood_thinners", "ask your prescriber or us first"),
    ],
)
def test_answers_speak_in_clock_times(now: str, topic: str, says: str) -> None:
    visit = TREATMENTS["on an ordinary Thursday"]
    at = datetime.strptime(now[4:], "%Y-%m-%d %H:%M").replace(tzinfo=NEW_YORK).astimezone(UTC)
    assert says in _answer(topic, visit, at).text


def test_the_reported_end_counts_and_odd_seconds_are_rounded_up() -> None:
    visit = TREATMENTS["on an ordinary Thursday"]
    reported = visit.end + timedelta(minutes=20, seconds=30)
    booked = replace(_booked(visit), ended_at=reported)
    said = answer("wash", the_content(), appointments=[booked], now=visit.end + HOUR, values=PRESCRIBED)
    assert said.until == visit.end + timedelta(hours=4, minutes=21)
    assert "7:21 PM" in said.text


def test_of_two_treatments_at_once_the_stricter_answer_holds() -> None:
    past, coming = treatment("Mon 2026-06-01 14:00"), treatment("Mon 2026-06-15 14:00")
    now = treatment("Tue 2026-06-09 10:00").start
    for order in ([past, coming], [coming, past]):
        said = {topic: _of_both(topic, order, now) for topic in TABLE}
        assert said["retinoids"].verdict == "avoid"  # allowed again after the one, ruled out before the other
        assert said["sun"].verdict == "avoid"  # a wait after the one, an avoid before the other
        assert said["exercise"].verdict == "ok"
        assert said["laser"].is_for_staff_alone is False
        assert said["pain_relief"].is_for_staff_alone  # Tylenol after the one, no word of the sheet before the other


def test_of_two_waits_the_longer_one_holds() -> None:
    first, second = treatment("Thu 2026-06-11 09:00"), treatment("Thu 2026-06-11 14:00")
    for order in ([first, second], [second, first]):
        said = _of_both("exercise", order, second.end + HOUR)
        assert said.until == second.end + DAY
        assert "Fri 3:00 PM" in said.text


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.NO_SHOW])
def test_a_treatment_that_did_not_take_place_limits_nothing(status: Status) -> None:
    visit = TREATMENTS["on an ordinary Thursday"]
    off = replace(_booked(visit), status=status)
    said = answer("exercise", the_content(), appointments=[off], now=visit.end + HOUR, values=PRESCRIBED)
    assert said.is_for_staff_alone


def test_without_an_appointment_or_a_topic_the_question_is_for_staff() -> None:
    now = TREATMENTS["on an ordinary Thursday"].start
    assert answer("exercise", the_content(), appointments=[], now=now, values=PRESCRIBED).is_for_staff_alone
    booked = [_booked(TREATMENTS["on an ordinary Thursday"])]
    assert answer("juggling", the_content(), appointments=booked, now=now, values=PRESCRIBED).is_for_staff_alone


def _given(topic: str, visit: Treatment, now: datetime) -> tuple[str, datetime | None]:
    said = _answer(topic, visit, now)
    return (said.verdict.value if said.verdict else STAFF), said.until


def _answer(topic: str, visit: Treatment, now: datetime) -> Answer:
    return _of_both(topic, [visit], now)


def _of_both(topic: str, visits: list[Treatment], now: datetime) -> Answer:
    booked = [_booked(visit) for visit in visits]
    return answer(topic, the_content(), appointments=booked, now=now, values=PRESCRIBED)


def _booked(visit: Treatment) -> Appointment:
    return Appointment(visit.start - 30 * DAY, visit.start, visit.end, visit.zone)
