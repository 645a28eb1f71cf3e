"""A number without appointment: each of its texts reaches staff, and a case that is closed is over."""

import pytest

from bot.records.database import Database
from tests.usecases.front_desk import KIM, STRANGER, FrontDesk


@pytest.fixture
def desk(database: Database) -> FrontDesk:
    """A stranger has texted, and Kim has closed the case."""
    desk = FrontDesk(database)
    desk.text("is the truck for sale", STRANGER)
    desk.text("D 1", KIM)
    return desk.wait(minutes=30)


def test_after_a_case_is_closed_a_text_opens_a_new_one(desk: FrontDesk):
    assert "no appointment with us" in (desk.text("then I would like to book one", STRANGER) or "")
    assert [case.state for case in desk.cases()] == ["resolved", "open"]
    assert desk.alerts(KIM)[-1].startswith("TASK 2")


def test_while_a_case_is_open_its_texts_are_passed_on_and_answered_once(desk: FrontDesk):
    desk.text("then I would like to book one", STRANGER)
    assert desk.text("any day next week would do", STRANGER) is None
    assert "any day next week" in desk.alerts(KIM)[-1]
    assert len(desk.cases()) == 2


def test_a_machine_that_repeats_itself_opens_no_case_after_case(desk: FrontDesk):
    for _ in range(6):
        desk.text("ZX81 code 40022", STRANGER)
        desk.text("D", KIM)
    assert len(desk.cases()) < 6
