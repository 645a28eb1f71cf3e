"""What does not go out, and the reason the ledger shows for it."""

from datetime import timedelta

import pytest

from bot.care.model import Appointment, QuietHours, Status
from bot.care.planner import plan
from tests.care.story import the_timeline
from tests.care.test_timing import NEW_YORK, at

KNOWN = {"cold_sores": True, "accutane": False, "medicines": False}


def left_out(booked: str, start: str, *, now: str | None = None, minutes: int = 60) -> dict[str, set[str]]:
    """The rules by which each step of this appointment is left out."""
    begins = at(start)
    appointment = Appointment(at(booked), begins, begins + timedelta(minutes=minutes), NEW_YORK, flags=KNOWN)
    rules: dict[str, set[str]] = {}
    for entry in plan(the_timeline(), appointment, now=at(now or booked)).left_out:
        assert entry.reason
        rules.setdefault(entry.step, set()).add(entry.rule)
    return rules


def test_nothing_is_left_out_of_an_ordinary_plan() -> None:
    assert left_out("Fri 2026-05-01 10:00", "Thu 2026-06-11 14:00") == {}


def test_the_wash_text_is_dropped_in_quiet_hours() -> None:
    assert left_out("Fri 2026-05-01 10:00", "Thu 2026-06-11 15:00") == {"wash-window": {"quiet hours"}}


@pytest.mark.parametrize("now", ["Thu 2026-06-11 20:00", "Fri 2026-06-12 04:00", "Fri 2026-06-12 07:59"])
def test_the_wash_text_that_was_dropped_does_not_come_back_later(now: str) -> None:
    assert left_out("Fri 2026-05-01 10:00", "Thu 2026-06-11 19:30", now=now)["wash-window"] == {"quiet hours"}


def test_the_wash_text_of_a_late_evening_is_not_sent_the_next_morning() -> None:
    rules = left_out("Fri 2026-05-01 10:00", "Thu 2026-06-11 20:30", now="Fri 2026-06-12 08:30")
    assert rules["wash-window"] == {"quiet hours"}


def test_booked_late_every_step_says_what_became_of_it() -> None:
    assert left_out("Tue 2026-06-09 12:00", "Thu 2026-06-11 14:00") == {
        "sun-and-laser": {"merged"},
        "blood-thinners": {"merged"},
        "skin-products": {"merged"},
        "anti-inflammatories": {"merged"},
        "antiviral-again": {"late"},
        "confirm": {"late"},
    }


def test_limits_that_were_never_texted_are_not_called_merged_once_the_treatment_has_begun() -> None:
    rules = left_out("Tue 2026-06-09 12:00", "Thu 2026-06-11 14:00", now="Thu 2026-06-11 15:00")
    assert rules["blood-thinners"] == {"expired"}
    assert rules["shave-today"] == {"expired"}
    assert rules["antiviral-start"] == {"expired"}


def test_an_antiviral_text_after_a_very_early_start_is_left_out() -> None:
    rules = left_out("Fri 2026-05-01 10:00", "Thu 2026-06-11 07:15")
    assert rules["antiviral-again"] == {"expired"}


def test_questions_that_come_too_late_are_left_out() -> None:
    begins = at("Thu 2026-06-11 14:00")
    booked = Appointment(at("Thu 2026-06-11 11:00"), begins, begins + timedelta(hours=1), NEW_YORK)
    made = plan(the_timeline(), booked, now=booked.booked_at)
    assert [(e.step, e.rule) for e in made.left_out if e.step.startswith("ask-")] == [
        ("ask-medicines", "expired"), ("ask-cold-sores", "expired"),
    ]  # fmt: skip
    assert [t.due_at for t in made.texts if t.step == "ask-accutane"] == [at("Thu 2026-06-11 13:00")]


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.NO_SHOW])
def test_an_appointment_that_is_off_and_of_which_nothing_was_said_has_an_empty_plan(status: Status) -> None:
    begins = at("Thu 2026-06-11 14:00")
    booked = Appointment(at("Fri 2026-05-01 10:00"), begins, begins + timedelta(hours=1), NEW_YORK, status=status)
    made = plan(the_timeline(), booked, now=booked.booked_at)
    assert (made.texts, made.left_out) == ((), ())


def test_without_quiet_hours_everything_goes_at_its_moment() -> None:
    begins = at("Thu 2026-06-11 20:30")
    booked = Appointment(at("Fri 2026-05-01 22:00"), begins, begins + timedelta(hours=1), NEW_YORK, flags=KNOWN)
    none = QuietHours(at("Fri 2026-05-01 10:00").time(), at("Fri 2026-05-01 10:00").time())
    due = {t.step: t.due_at for t in plan(the_timeline(), booked, now=booked.booked_at, quiet=none).texts}
    assert due["welcome"] == booked.booked_at
    assert due["after-care"] == booked.ends_at
    assert due["wash-window"] == booked.ends_at + timedelta(hours=4)


def test_near_the_start_what_staff_must_know_is_asked_first() -> None:
    begins = at("Thu 2026-06-11 16:00")
    booked = Appointment(at("Thu 2026-06-11 09:00"), begins, begins + timedelta(hours=1), NEW_YORK)
    made = plan(the_timeline(), booked, now=booked.booked_at)
    assert [t.step for t in made.texts if t.step.startswith("ask-")] == [
        "ask-accutane", "ask-medicines", "ask-cold-sores",
    ]  # fmt: skip


def test_what_the_night_lets_nobody_ask_on_the_eve_is_asked_in_that_order_too() -> None:
    begins = at("Thu 2026-06-11 14:00")
    booked = Appointment(at("Wed 2026-06-10 21:00"), begins, begins + timedelta(hours=1), NEW_YORK)
    made = plan(the_timeline(), booked, now=booked.booked_at)
    assert [t.step for t in made.texts if t.step.startswith("ask-")][:1] == ["ask-accutane"]
