"""Strange texts, machines and strangers: kept, never a fault, and a human hears of what may matter."""

import pytest

from bot.conversation.model import Kind
from bot.records.database import Database
from tests.usecases.front_desk import KIM, STRANGER, FrontDesk, the_day_after


@pytest.fixture
def treated(database: Database) -> FrontDesk:
    """Noon on the day after Maria's treatment."""
    return the_day_after(database)


@pytest.fixture
def treated_on_sqlite(sqlite_database: Database) -> FrontDesk:
    """The same, where only the words differ from test to test."""
    return the_day_after(sqlite_database)


STRANGE = {
    "a picture": {"body": "", "media": 2},
    "nothing": {"body": ""},
    "blanks": {"body": " \n\t "},
    "control characters": {"body": "\x01\x02\x1f\x7f"},
    "a NUL in the middle": {"body": "zzgh\x00qpf"},
    "half an emoji": {"body": "\ud83d"},
    "5,000 characters": {"body": "qwx zpf " * 625},
    "one word of 1,600 letters": {"body": "x" * 1600},
    "markup": {"body": "<Response><Message>&amp;</Message></Response>"},
    "braces": {"body": "{clinic} {0} {{}} %s"},
}


@pytest.mark.parametrize("given", STRANGE.values(), ids=STRANGE)
def test_strange_texts_are_kept_answered_and_seen_by_staff(treated_on_sqlite: FrontDesk, given):
    desk = treated_on_sqlite
    answer = desk.text(**given)
    (row,) = desk.inbound()
    assert row.handled_at == desk.now
    assert row.outcome
    assert answer is not None
    assert desk.cases(), "nothing a patient reports may reach no one"


@pytest.mark.parametrize("words", ["\U0001f44d", "\U0001f64f", "ok!!", "\u2764\ufe0f"])
def test_a_thumb_up_is_kept_and_gets_silence(treated_on_sqlite: FrontDesk, words: str):
    assert treated_on_sqlite.text(words) is None
    assert treated_on_sqlite.inbound()[0].outcome == Kind.CHITCHAT
    assert treated_on_sqlite.cases() == []


def test_a_warning_after_5000_characters_of_nothing_is_still_a_human_s(treated: FrontDesk):
    treated.text("blah " * 990 + "pus everywhere")
    assert treated.cases()


def test_the_same_unrecognised_text_twice_gets_another_reply(treated: FrontDesk):
    first, second, third = [treated.text("do you validate parking") for _ in range(3)]
    assert first != second != third


def test_a_machine_that_repeats_itself_is_not_answered_for_ever(treated: FrontDesk):
    answers = [treated.text("Please enter your PIN followed by the zorp key.") for _ in range(8)]
    assert answers[0] is not None
    assert answers[3:] == [None] * 5
    assert all(row.outcome for row in treated.inbound())


def test_the_loop_is_forgotten_after_a_while(treated: FrontDesk):
    for _ in range(5):
        treated.text("CAN I EXERCISE")
    treated.wait(minutes=11)
    assert treated.text("CAN I EXERCISE") is not None


def test_thanks_get_silence_and_bother_nobody(treated: FrontDesk):
    assert treated.text("thanks!") is None
    assert treated.cases() == []
    assert treated.inbound()[0].reading["kind"] == Kind.CHITCHAT


# Unknown numbers --------------------------------------------------------------------------------------------------


def test_a_stranger_is_told_once_and_staff_hear_of_it_once(database: Database):
    desk = FrontDesk(database)
    assert "no appointment with us" in (desk.text("is the truck for sale", STRANGER) or "")
    assert desk.text("hello??? the truck", STRANGER) is None
    assert desk.case().patient_id is None
    assert STRANGER in desk.case().reason


def test_a_stranger_in_danger_hears_of_911_and_everyone_is_alerted(database: Database):
    desk = FrontDesk(database)
    assert "911" in (desk.text("i cant breathe", STRANGER) or "")
    assert desk.case().urgency == "emergency"


def test_a_stranger_whom_staff_answer_reaches_them_with_what_follows(database: Database):
    desk = FrontDesk(database)
    desk.text("hi its me, new phone", STRANGER)
    desk.text("R 1 who is this?", KIM)
    desk.text("maria gomez, i got a new number", STRANGER)
    assert any("i got a new number" in words for words in desk.alerts(KIM))


def test_a_stranger_s_stop_and_start_count(database: Database):
    desk = FrontDesk(database)
    assert "taken off" in (desk.text("STOP", STRANGER) or "")
    assert desk.text("HELP", STRANGER) is None
    assert desk.text("is the truck for sale", STRANGER) is None
    assert "you will get our texts again" in (desk.text("START", STRANGER) or "")


def test_a_wish_for_no_more_texts_that_may_be_a_warning_is_honoured_and_told_to_staff(treated: FrontDesk):
    assert "taken off" in (treated.text("stop texting me pls, my cheek is swollen and hot") or "")
    assert treated.cases()
    assert treated.text("CAN I EXERCISE") is None
