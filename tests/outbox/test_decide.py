"""Every rule of the decision at the moment of sending, as tables."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.care.model import IfQuiet, QuietHours, Status
from bot.outbox.decide import decide, quiet_until
from bot.outbox.model import AppointmentFacts, Drop, Facts, Hold, Kind, Send, State, StepRules

NEW_YORK = ZoneInfo("America/New_York")
BOOKED = AppointmentFacts(Status.BOOKED, 3, ends_at=datetime(2026, 3, 10, 19, 0, tzinfo=UTC))
NOON = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)
PLAIN = Facts(State.CLAIMED, Kind.PLANNED, "flaking", 3, NEW_YORK, appointment=BOOKED)


def at(text: str) -> datetime:
    """'Tue 2026-03-10 21:30' on New York's clocks; a wrong weekday is a wrong table."""
    weekday, rest = text.split(" ", 1)
    local = datetime.fromisoformat(rest).replace(tzinfo=NEW_YORK)
    assert f"{local:%a}" == weekday, text
    return local.astimezone(UTC)


def test_a_text_that_nothing_speaks_against_goes_now():
    assert decide(PLAIN, NOON) == Send()


@pytest.mark.parametrize("state", [s for s in State if s not in (State.SCHEDULED, State.CLAIMED)])
def test_what_is_settled_already_is_never_sent(state: State):
    assert decide(replace(PLAIN, state=state), NOON) == Drop(state, "it was settled already", "already-settled")


@pytest.mark.parametrize(
    ("kind", "step", "goes"),
    [
        (Kind.PLANNED, "flaking", False),
        (Kind.NOTICE, "taken", False),
        (Kind.REPLY, "answer", False),
        (Kind.REPLY, "stop", True),  # the one confirmation
        (Kind.NOTICE, "stop", False),
        (Kind.ALERT, "alert", True),  # to staff, whose STOP would silence a warning sign
    ],
)
def test_after_stop_only_its_confirmation_and_alerts_to_staff_go(kind: Kind, step: str, goes: bool):
    facts = replace(PLAIN, kind=kind, step=step, opted_out_at=at("Tue 2026-03-03 10:00"))
    expected = Send() if goes else Drop(State.SUPPRESSED, "the patient texted STOP on Mar 3", "opted-out")
    assert decide(facts, NOON) == expected


@pytest.mark.parametrize(
    ("status", "tells", "rule"),
    [
        (Status.BOOKED, False, None),
        (Status.CANCELLED, False, "appointment-cancelled"),
        (Status.CANCELLED, True, None),
        (Status.NO_SHOW, False, "no-show"),
    ],
)
def test_when_the_appointment_is_off_only_the_text_that_says_so_goes(status: Status, tells: bool, rule: str | None):
    facts = replace(PLAIN, appointment=replace(BOOKED, status=status), rules=StepRules(tells_cancellation=tells))
    decision = decide(facts, NOON)
    assert (decision.rule if isinstance(decision, Drop) else None) == rule


@pytest.mark.parametrize("revision", [2, 4])
def test_a_text_of_another_revision_never_goes(revision: int):
    decision = decide(replace(PLAIN, revision=revision), NOON)
    assert isinstance(decision, Drop)
    assert (decision.state, decision.rule) == (State.CANCELLED, "superseded")


def test_a_notice_knows_no_revision():
    assert decide(replace(PLAIN, kind=Kind.NOTICE, revision=0), NOON) == Send()


@pytest.mark.parametrize(
    ("useful_until", "goes"),
    [(NOON + timedelta(seconds=1), True), (NOON, False), (NOON - timedelta(days=1), False), (None, True)],
)
def test_a_text_goes_only_before_the_end_of_its_usefulness(useful_until: datetime | None, goes: bool):
    decision = decide(replace(PLAIN, useful_until=useful_until), NOON)
    assert (decision == Send()) is goes
    assert goes or (isinstance(decision, Drop) and decision.state is State.EXPIRED)


def test_an_expired_text_says_until_when_it_was_useful():
    decision = decide(replace(PLAIN, useful_until=at("Tue 2026-03-10 11:45")), NOON)
    assert isinstance(decision, Drop)
    assert decision.reason == "it was useful only until Mar 10, 11:45 AM"


def test_the_same_words_are_not_told_twice_unless_asked_for():
    told = replace(PLAIN, told_at=at("Tue 2026-03-10 09:00"))
    assert decide(told, NOON) == Drop(
        State.SUPPRESSED, "the same words went to this number on Mar 10, 9:00 AM", "already-told"
    )
    assert decide(replace(told, kind=Kind.REPLY), NOON) == Send()


END = BOOKED.ends_at


@pytest.mark.parametrize(
    ("now", "ended_at", "useful_until", "until"),
    [
        (END, None, None, END + timedelta(minutes=30)),
        (END + timedelta(minutes=29), None, None, END + timedelta(minutes=30)),
        (END + timedelta(minutes=30), None, None, None),
        (END, END - timedelta(minutes=5), None, None),  # reported
        (END, None, END + timedelta(minutes=10), END + timedelta(minutes=9)),  # never past its usefulness
        (END + timedelta(minutes=9), None, END + timedelta(minutes=10), None),
    ],
)
def test_what_hangs_on_the_end_waits_half_an_hour_for_the_report(now, ended_at, useful_until, until):
    appointment = replace(BOOKED, ended_at=ended_at)
    facts = replace(PLAIN, appointment=appointment, useful_until=useful_until, rules=StepRules(hangs_on_end=True))
    decision = decide(facts, now)
    assert (decision.until if isinstance(decision, Hold) else None) == until


@pytest.mark.parametrize(
    ("holds", "urgent", "taken", "held"),
    [(True, True, False, True), (True, False, True, True), (True, False, False, False), (False, True, True, False)],
)
def test_while_staff_talk_with_the_patient_texts_that_can_wait_do(holds: bool, urgent: bool, taken: bool, held: bool):
    facts = replace(PLAIN, rules=StepRules(holds_in_hand_off=holds), urgent_open=urgent, acknowledged=taken)
    decision = decide(facts, NOON)
    assert decision == (Hold(NOON + timedelta(minutes=15), "staff were in touch with the patient") if held else Send())


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("Tue 2026-03-10 19:59", None),
        ("Tue 2026-03-10 20:00", "Wed 2026-03-11 08:00"),
        ("Tue 2026-03-10 23:59", "Wed 2026-03-11 08:00"),
        ("Wed 2026-03-11 00:00", "Wed 2026-03-11 08:00"),
        ("Wed 2026-03-11 07:59", "Wed 2026-03-11 08:00"),
        ("Wed 2026-03-11 08:00", None),
        ("Sat 2026-03-07 22:00", "Sun 2026-03-08 08:00"),  # the clocks go forward at 2:00
        ("Sun 2026-03-08 01:30", "Sun 2026-03-08 08:00"),
        ("Sun 2026-03-08 03:00", "Sun 2026-03-08 08:00"),
        ("Sat 2026-10-31 22:00", "Sun 2026-11-01 08:00"),  # the clocks go back at 2:00
        ("Sun 2026-11-01 01:30", "Sun 2026-11-01 08:00"),
    ],
)
def test_quiet_hours_hold_a_text_to_eight_by_the_patients_clock(now: str, ends: str | None):
    decision = decide(PLAIN, at(now))
    assert decision == (Hold(at(ends), "it fell in quiet hours") if ends else Send())


@pytest.mark.parametrize(
    ("now", "earliest", "ends"),
    [
        ("Wed 2026-03-11 06:59", time(7), "Wed 2026-03-11 07:00"),
        ("Wed 2026-03-11 07:00", time(7), None),
        ("Tue 2026-03-10 21:00", time(7), "Wed 2026-03-11 07:00"),
        ("Wed 2026-03-11 07:30", time(9), "Wed 2026-03-11 08:00"),  # a later one makes nothing later
    ],
)
def test_a_step_may_end_quiet_hours_for_itself_earlier(now: str, earliest: time, ends: str | None):
    until = quiet_until(at(now), NEW_YORK, QuietHours(), earliest=earliest)
    assert until == (at(ends) if ends else None)


@pytest.mark.parametrize(("begins", "ends"), [(time(13), time(15)), (time(12), time(12))])
def test_quiet_hours_may_lie_within_a_day_or_not_exist(begins: time, ends: time):
    quiet = QuietHours(begins, ends)
    expected = at("Tue 2026-03-10 15:00") if begins != ends else None
    assert quiet_until(at("Tue 2026-03-10 14:00"), NEW_YORK, quiet) == expected


def test_quiet_hours_that_end_in_the_hour_that_comes_twice_end_once_more():
    first = datetime(2026, 11, 1, 5, 15, tzinfo=UTC)  # 1:15, summer time
    second = first + timedelta(hours=1)  # 1:15 again
    quiet = QuietHours(time(20), time(1, 30))
    assert quiet_until(first, NEW_YORK, quiet) == first + timedelta(minutes=15)
    assert quiet_until(second, NEW_YORK, quiet) == second + timedelta(minutes=15)


def test_quiet_hours_are_the_patients_own():
    in_los_angeles = replace(PLAIN, zone=ZoneInfo("America/Los_Angeles"))
    eight_there = at("Wed 2026-03-11 11:00")
    assert decide(in_los_angeles, at("Wed 2026-03-11 08:30")) == Hold(eight_there, "it fell in quiet hours")


@pytest.mark.parametrize("kind", [Kind.REPLY, Kind.NOTICE, Kind.ALERT])
def test_answers_and_alerts_know_no_quiet_hours(kind: Kind):
    assert decide(replace(PLAIN, kind=kind), at("Wed 2026-03-11 03:00")) == Send()


def test_a_step_may_ask_to_be_dropped_in_quiet_hours():
    decision = decide(replace(PLAIN, rules=StepRules(if_quiet=IfQuiet.DROP)), at("Tue 2026-03-10 21:00"))
    assert decision == Drop(State.EXPIRED, "it fell in quiet hours, which last until 8:00 AM", "quiet-hours")


def test_what_would_be_held_past_its_usefulness_is_dropped_at_once():
    facts = replace(PLAIN, useful_until=at("Wed 2026-03-11 08:00"))
    decision = decide(facts, at("Tue 2026-03-10 21:00"))
    assert decision == Drop(
        State.EXPIRED, "it fell in quiet hours, until it was too late to be useful", "held-too-long"
    )


def test_the_wait_for_the_reported_end_stops_before_quiet_hours_begin() -> None:
    """Else after-care of a treatment that ends at 19:45 would wait till 20:00 and then never go."""
    ends_at = at("Tue 2026-03-10 19:45")
    facts = replace(
        PLAIN,
        rules=StepRules(hangs_on_end=True),
        appointment=replace(BOOKED, ends_at=ends_at),
        useful_until=ends_at + timedelta(hours=4),
    )
    decision = decide(facts, ends_at)
    assert isinstance(decision, Hold)
    assert decision.until == at("Tue 2026-03-10 19:59")
    assert decide(facts, at("Tue 2026-03-10 19:59")) == Send()
