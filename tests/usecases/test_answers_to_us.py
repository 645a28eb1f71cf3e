"""What patients answer to our own questions: Y, N, C, MOVE and their own words."""

import pytest

from bot.records.database import Database
from tests.usecases.front_desk import FrontDesk, local, the_day_after


@pytest.fixture
def treated(database: Database) -> FrontDesk:
    """Noon on the day after Maria's treatment."""
    return the_day_after(database)


@pytest.fixture
def booked(database: Database) -> FrontDesk:
    """Some days after the booking, with everything asked and nothing answered."""
    desk = FrontDesk(database)
    desk.book()
    return desk.at("2026-03-07 12:00")


ANSWERS = {
    "ask-cold-sores": ("cold_sores", "Y", True),
    "ask-cold-sores no": ("cold_sores", "nope never had one", False),
    "ask-cold-sores in words": ("cold_sores", "yeah since i was a kid", True),
}


@pytest.mark.parametrize(("flag", "words", "holds"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_sets_its_flag_and_plans_what_follows(sqlite_database: Database, flag, words, holds):
    desk = FrontDesk(sqlite_database)
    desk.book()
    desk.wait(minutes=5)
    assert desk.text(words) is not None
    assert desk.appointment().flags == {flag: holds}
    assert ("antiviral-start" in desk.steps("scheduled")) is holds


def test_the_question_asked_last_is_the_one_answered(booked: FrontDesk):
    booked.text("Y")
    assert booked.appointment().flags == {"medicines": True}


def test_a_second_bare_answer_goes_to_no_older_question_by_itself(booked: FrontDesk):
    assert "One more: are you prone to cold sores? Reply Y or N." in (booked.text("Y") or "")
    assert "One more: have you taken Accutane since" in (booked.text("Y") or "")
    assert booked.appointment().flags == {"medicines": True, "cold_sores": True}
    assert "antiviral-start" in booked.steps("scheduled")
    assert "One more" not in (booked.text("N") or "")
    assert booked.appointment().flags == {"medicines": True, "cold_sores": True, "accutane": False}
    assert "no open question" in (booked.text("N") or "")


@pytest.mark.parametrize("words", ["no cold sores", "No, I never get cold sores"])
def test_an_answer_that_names_its_question_goes_to_that_one(booked: FrontDesk, words: str):
    assert "One more: have you taken Accutane" in (booked.text(words) or "")
    assert booked.appointment().flags == {"cold_sores": False}
    assert "One more: do you take blood thinners" in (booked.text("no") or "")
    assert booked.appointment().flags == {"cold_sores": False, "accutane": False}


def test_a_bare_answer_whose_question_is_unclear_goes_to_staff(sqlite_database: Database):
    desk = FrontDesk(sqlite_database)
    desk.book()
    desk.at("2026-03-04 12:00")
    desk.text("N")
    assert desk.appointment().flags == {"accutane": False}
    assert "not sure which" in (desk.text("Y") or "")
    assert desk.appointment().flags == {"accutane": False}
    assert desk.case().reason == "answers yes or no, unclear to what"


def test_a_confirmation_asks_again_what_was_left_unanswered(sqlite_database: Database):
    desk = FrontDesk(sqlite_database)
    desk.book()
    desk.at("2026-03-15 12:00")
    said = desk.text("C") or ""
    assert "confirmed for Tue Mar 17" in said and "One more: are you prone to cold sores?" in said
    desk.text("N")
    assert desk.appointment().flags == {"cold_sores": False}


def test_limits_that_are_still_to_come_ask_nothing(sqlite_database: Database):
    desk = FrontDesk(sqlite_database, now=local("2026-03-09 12:00"))
    desk.book()
    desk.change(flags={"recent_use": False, "cold_sores": False, "accutane": False, "medicines": False})
    desk.wait(minutes=5)
    assert "blood thinners, retinoids" in " ".join(desk.heard())
    assert "no open question" in (desk.text("Y") or "")


def test_the_next_question_follows_the_answer_at_once(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.wait(minutes=5)
    desk.text("no")
    desk.wait(minutes=1)
    assert "Accutane" in desk.heard()[-1]
    desk.text("N")
    desk.wait(minutes=1)
    assert "blood thinners, or anti-inflammatories" in desk.heard()[-1]
    desk.text("no i dont take any")
    assert desk.appointment().flags == {"cold_sores": False, "accutane": False, "medicines": False}


@pytest.mark.parametrize("flag", ["accutane", "medicines"])
def test_a_yes_that_matters_goes_to_staff(database: Database, flag: str):
    desk = FrontDesk(database)
    before = {"cold_sores": False} if flag == "accutane" else {"cold_sores": False, "accutane": False}
    desk.book()
    desk.change(flags=before)
    desk.wait(minutes=5)
    desk.text("yes")
    assert desk.appointment().flags[flag] is True
    assert desk.case().reason.startswith("answered yes")


@pytest.fixture
def asked_of_medicines(database: Database) -> FrontDesk:
    """Only the question about medicines is open."""
    desk = FrontDesk(database)
    desk.book()
    desk.change(flags={"cold_sores": False, "accutane": False})
    return desk.wait(minutes=5)


@pytest.mark.parametrize("words", ["not sure", "no, only ibuprofen", "not anymore"])
def test_a_doubt_leaves_the_question_open_and_staff_are_told(asked_of_medicines: FrontDesk, words: str):
    desk = asked_of_medicines
    assert "We have told our team" in (desk.text(words) or "")
    assert "medicines" not in desk.appointment().flags
    assert (desk.case().urgency, "blood thinners" in desk.case().reason) == ("routine", True)
    desk.text("N")
    assert desk.appointment().flags["medicines"] is False


def test_a_question_instead_of_an_answer_is_answered_and_ours_stays_open(asked_of_medicines: FrontDesk):
    desk = asked_of_medicines
    assert "noted" not in (desk.text("can i take advil for a headache") or "")
    assert "medicines" not in desk.appointment().flags
    desk.text("Y")
    assert desk.appointment().flags["medicines"] is True


def test_a_yes_to_nothing_goes_to_staff(treated: FrontDesk):
    assert "no open question" in (treated.text("Y") or "")
    assert treated.case().urgency == "routine"


@pytest.mark.parametrize("words", ["C", "c", " C. ", "confirm", "Y", "yes i will be there"])
def test_the_appointment_is_confirmed(sqlite_database: Database, words: str):
    desk = FrontDesk(sqlite_database)
    desk.book(flags=["cold_sores"])
    desk.change(flags={"accutane": False, "medicines": False})
    desk.now = local("2026-03-15 12:00")
    desk.send()
    assert "confirmed for Tue Mar 17" in (desk.text(words) or "")
    assert desk.appointment().confirmed_at == desk.now
    assert desk.cases() == []


@pytest.mark.parametrize("words", ["MOVE", "Move please", "N"])
def test_another_time_is_asked_for(sqlite_database: Database, words: str):
    desk = FrontDesk(sqlite_database)
    desk.book()
    desk.change(flags={"cold_sores": False, "accutane": False, "medicines": False})
    desk.now = local("2026-03-15 12:00")
    desk.send()
    assert "another time" in (desk.text(words) or "")
    assert desk.case().urgency == "routine"
    assert desk.appointment().confirmed_at is None


def test_a_confirmation_of_nothing_goes_to_staff(treated: FrontDesk):
    assert "no appointment of yours ahead" in (treated.text("C") or "")
    assert treated.case().reason.startswith("confirms")
