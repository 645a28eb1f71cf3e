"""Two patients on one phone: danger first, then whoever is named or was asked, else we ask which."""

import pytest

from bot.records.database import Database
from bot.usecases.untold import tell_of_untold
from tests.usecases.front_desk import ANA, KIM, LEE, MARIA, FrontDesk, local


@pytest.fixture
def family(database: Database) -> FrontDesk:
    """Ana was treated yesterday at 2 PM, Bea's treatment is in three weeks."""
    desk = FrontDesk(database, now=local("2026-03-17 10:00"))
    desk.book("A-1", "Ana Silva", MARIA)
    desk.book("A-2", "Bea Silva", MARIA, starts_at=local("2026-04-07 10:00"))
    desk.now = local("2026-03-18 12:00")
    return desk


def test_we_ask_which_and_take_the_name_for_the_answer(family: FrontDesk):
    assert "Ana or Bea" in (family.text("CAN I EXERCISE") or "")
    assert "until 3:00 PM" in (family.text("its for Ana") or "")
    assert family.cases() == []


def test_who_is_named_is_not_asked_for(family: FrontDesk):
    assert "until 3:00 PM" in (family.text("this is ANA, CAN I EXERCISE") or "")


def test_the_name_comes_too_late_after_half_a_day(family: FrontDesk):
    family.text("CAN I EXERCISE")
    family.now = local("2026-03-19 09:00")
    assert "exercise" not in (family.text("Ana") or "")


def test_a_warning_is_escalated_first_and_names_both(family: FrontDesk):
    assert "staff have been alerted" in (family.text("my cheek is oozing pus") or "")
    assert (family.case().urgency, family.case().patient_id) == ("urgent", None)
    assert "Ana S or Bea S" in family.alerts(KIM)[0]


BOTH = "Ana S or Bea S"
PUS, ODD = "theres yellow pus coming out of my cheek", "do you validate parking"


def test_a_warning_in_the_case_of_one_names_both(family: FrontDesk):
    family.text(f"Bea here, {ODD}")
    assert family.case().patient_id is not None
    family.text(f"this is Ana, {PUS}")
    assert family.case().patient_id is None
    assert BOTH in family.alerts(LEE)[-1]
    assert BOTH in (family.text("A 1", KIM) or "")


def test_a_task_of_the_other_in_the_case_of_one_names_both(family: FrontDesk):
    family.text(f"Bea here, {ODD}")
    family.text("Ana here, do you have a lift")
    assert family.alerts(KIM)[-1].startswith(f"1 {BOTH}: Ana here")


def test_what_the_other_says_to_the_taker_names_both(family: FrontDesk):
    family.text(f"Bea here, {ODD}")
    family.text("A 1", KIM)
    family.text("Ana here, can you call me")
    assert family.alerts(KIM)[-1].startswith(f"1 {BOTH}: Ana here")


def test_what_either_may_have_said_names_both(family: FrontDesk):
    family.text(f"Bea here, {ODD}")
    family.text("A 1", KIM)
    family.text("my face is so itchy, hm, or not")
    assert family.alerts(KIM)[-1].startswith(f"1 {BOTH}: ")


def test_what_the_same_one_says_next_names_her_alone(family: FrontDesk):
    family.text(f"Bea here, {ODD}")
    family.text("Bea here, do you have a lift")
    family.text("A 1", KIM)
    family.text("Bea again, hello?")
    assert family.case().patient_id is not None
    assert not any("Ana S" in words for words in family.alerts(KIM))


def test_a_case_that_followed_her_to_a_new_number_keeps_her_name(family: FrontDesk):
    family.text(f"Bea here, {ODD}")
    family.book("A-2", "Bea Silva", ANA, starts_at=local("2026-04-07 10:00"))
    family.text(ODD, ANA)
    assert any("Bea S" in words for words in family.alerts(KIM))


def test_staff_are_told_once_what_one_was_not_told_though_the_other_texts(database: Database):
    desk = FrontDesk(database, now=local("2026-03-17 11:30"))
    desk.book("A-1", "Ana Silva", MARIA)
    desk.book("A-2", "Bea Silva", MARIA, starts_at=local("2026-03-17 14:30"))
    desk.at("2026-03-17 12:31")
    assert tell_of_untold(desk.clinic, desk.database, now=desk.now) == 2
    desk.text(f"Ana here, {ODD}")
    assert [case.patient_id is None for case in desk.cases()] == [False, True]
    assert tell_of_untold(desk.clinic, desk.database, now=desk.now) == 0


def test_what_is_answered_alike_is_answered_at_once(family: FrontDesk):
    assert "Ana or Bea" not in (family.text("what is micro-needling?") or "Ana or Bea")


@pytest.mark.parametrize("words", ["do you validate parking", "MOVE"])
def test_a_task_whose_it_could_be_anyone_s_names_both(family: FrontDesk, words: str):
    family.text(words)
    assert family.case().patient_id is None
    assert "Ana S or Bea S" in family.alerts(KIM)[0]


def test_a_yes_is_from_the_one_who_was_asked(database: Database):
    desk = FrontDesk(database)
    desk.book("A-1", "Ana Silva", MARIA, flags=["cold_sores", "accutane", "medicines"])
    desk.book("A-2", "Bea Silva", MARIA)
    desk.wait(minutes=5)
    assert desk.text("Y") is not None
    assert desk.appointment("A-2").flags == {"cold_sores": True}
    assert "cold_sores" in desk.appointment("A-1").flags
    assert desk.appointment("A-1").revision == 1


def test_texts_say_whom_they_are_for_while_there_are_two(family: FrontDesk):
    family.wait(hours=1)
    assert any(words.startswith("Bright Skin (for Ana): ") for words in family.heard())


def test_somebody_whose_treatment_was_cancelled_is_not_meant_any_more(family: FrontDesk):
    family.change("A-2", status="cancelled")
    assert "until 3:00 PM" in (family.text("CAN I EXERCISE") or "")


def test_stop_counts_for_both_and_names_who_is_under_care(database: Database):
    desk = FrontDesk(database, now=local("2026-03-17 10:00"))
    desk.book("A-1", "Bea Silva", MARIA, starts_at=local("2026-04-07 10:00"))
    desk.book("A-2", "Ana Silva", MARIA)
    desk.now = local("2026-03-18 12:00")
    desk.text("STOP")
    assert desk.steps("scheduled") == []
    assert "Ana S, day 1 after" in desk.alerts(KIM)[0]


def test_nobody_is_asked_which_after_stop(family: FrontDesk):
    family.text("STOP")
    assert family.text("CAN I EXERCISE") is None
    assert family.text("my cheek is oozing pus") is None
    assert "oozing" in family.alerts(KIM)[-1]


def test_a_machine_is_not_asked_which_for_ever(family: FrontDesk):
    answers = [family.text("CAN I EXERCISE") for _ in range(6)]
    assert answers[3:] == [None] * 3


def test_the_bot_does_not_ask_which_over_the_heads_of_staff(family: FrontDesk):
    family.text("my cheek is oozing pus")
    family.text("A 1", KIM)
    assert "went straight to Kim" in (family.text("CAN I EXERCISE") or "")
    assert "CAN I EXERCISE" in family.alerts(KIM)[-1]


def test_two_of_the_same_first_name_are_told_apart(database: Database):
    desk = FrontDesk(database, now=local("2026-03-17 10:00"))
    desk.book("A-1", "Ana Silva", MARIA)
    desk.book("A-2", "Ana Costa", MARIA, starts_at=local("2026-04-07 10:00"))
    desk.now = local("2026-03-18 12:00")
    assert "Ana Costa or Ana Silva" in (desk.text("CAN I EXERCISE") or "")
    assert "until 3:00 PM" in (desk.text("Ana Silva") or "")


@pytest.fixture
def namesakes(database: Database) -> FrontDesk:
    """Maria Gomez and Maria Lopez are treated at the same time, and both have been asked to confirm."""
    desk = FrontDesk(database)
    for external_id, name in (("A-1", "Maria Gomez"), ("A-2", "Maria Lopez")):
        desk.book(external_id, name, MARIA)
        desk.change(external_id, flags={"cold_sores": False, "accutane": False, "medicines": False})
    return desk.at("2026-03-15 12:00")


def confirmed(desk: FrontDesk) -> list[bool]:
    return [desk.appointment(each).confirmed_at is not None for each in ("A-1", "A-2")]


def test_texts_to_namesakes_say_which_of_them_they_are_for(namesakes: FrontDesk):
    heard = namesakes.heard()
    assert any(words.startswith("Bright Skin (for Maria G): ") for words in heard)
    assert any(words.startswith("Bright Skin (for Maria L): ") for words in heard)


@pytest.mark.parametrize("words", ["C", "Y", "yes we will be there"])
def test_a_c_that_may_be_from_either_asks_whose_it_is(namesakes: FrontDesk, words: str):
    assert "Maria Gomez or Maria Lopez" in (namesakes.text(words) or "")
    assert confirmed(namesakes) == [False, False]
    assert "confirmed" in (namesakes.text("Maria Gomez") or "")
    assert confirmed(namesakes) == [True, False]
    assert "confirmed" in (namesakes.text("C") or "")
    assert confirmed(namesakes) == [True, True]


@pytest.mark.parametrize("words", [["C for both"], ["C", "both"], ["both confirmed"]])
def test_both_are_confirmed_where_both_are_meant(namesakes: FrontDesk, words: list[str]):
    answers = [namesakes.text(each) or "" for each in words]
    assert answers[-1].count("you are confirmed for Tue Mar 17 at 2:00 PM") == 1
    assert confirmed(namesakes) == [True, True]
    assert namesakes.cases() == []


def test_who_was_not_asked_to_confirm_is_not_asked_for(namesakes: FrontDesk):
    namesakes.text("this is Maria Lopez, C")
    assert "confirmed" in (namesakes.text("C") or "")
    assert confirmed(namesakes) == [True, True]
