"""Staff act by text: every command however it is written, and a useful answer to every wrong or late one."""

import pytest

from bot.content.segments import measure
from bot.records.database import Database
from bot.records.tables import EscalationRow, Message
from bot.usecases.inbound import handle
from tests.usecases.front_desk import ANA, KIM, LEE, MARIA, FrontDesk, at_once, local

PUS = "theres yellow pus coming out of my cheek"


@pytest.fixture
def desk(database: Database) -> FrontDesk:
    """Maria was treated yesterday and reports pus: case 1."""
    return with_a_case(database)


@pytest.fixture
def spelling_desk(sqlite_database: Database) -> FrontDesk:
    """The same, on one database, for where only the words differ from test to test."""
    return with_a_case(sqlite_database)


@pytest.fixture
def today(database: Database) -> FrontDesk:
    """2:45 PM on the day of Maria's treatment at 2 PM."""
    return on_the_day(database)


@pytest.fixture
def spelling_today(sqlite_database: Database) -> FrontDesk:
    """The same, on one database."""
    return on_the_day(sqlite_database)


def with_a_case(database: Database) -> FrontDesk:
    desk = FrontDesk(database, now=local("2026-03-17 10:00"))
    desk.book()
    desk.at("2026-03-17 15:30")
    desk.now = local("2026-03-18 12:00")
    desk.text(PUS)
    return desk


def on_the_day(database: Database) -> FrontDesk:
    desk = FrontDesk(database, now=local("2026-03-17 10:00"))
    desk.book()
    desk.now = local("2026-03-17 14:45")
    return desk


@pytest.mark.parametrize("words", ["A 1", "a1", "A", "a #1", " A  1 ", "A 1 on it"])
def test_a_case_is_taken(spelling_desk: FrontDesk, words: str):
    assert "1 is yours: Maria G, +14155550101" in (spelling_desk.text(words, KIM) or "")
    case = spelling_desk.case()
    assert (case.state, case.acknowledged_by, case.acknowledged_at) == ("acknowledged", "Kim", spelling_desk.now)
    spelling_desk.send()
    assert "Kim has taken 1 (Maria G)." in spelling_desk.alerts(LEE)
    assert any("Kim from our team has your message" in words for words in spelling_desk.heard())


def test_a_case_is_taken_by_one_of_two_at_once(desk: FrontDesk):
    answers = at_once(lambda: desk.text("A 1", KIM), lambda: desk.text("A 1", LEE))
    assert sorted("is yours" in (answer or "") for answer in answers) == [False, True]
    assert sorted("already with" in (answer or "") for answer in answers) == [False, True]
    desk.send()
    assert sum("has your message" in words for words in desk.heard()) == 1


def test_a_case_that_is_taken_says_by_whom_and_since_when(desk: FrontDesk):
    desk.text("A 1", KIM)
    desk.wait(minutes=2)
    assert desk.text("A 1", LEE) == "1 is already with Kim, since 12:00 PM. R 1 still answers the patient."


def test_words_go_to_the_patient_and_take_the_case(desk: FrontDesk):
    assert desk.text("R 1 please come in at {3} & call first", KIM) == "sent to Maria G."
    desk.send()
    assert desk.heard()[-1] == "Bright Skin, Kim: please come in at {3} & call first"
    assert desk.case().acknowledged_by == "Kim"
    assert "Kim has taken 1 (Maria G)." in desk.alerts(LEE)


def test_another_member_of_staff_may_answer_too(desk: FrontDesk):
    desk.text("A 1", KIM)
    assert desk.text("r1: come at 4", LEE) == "sent to Maria G."
    assert desk.case().acknowledged_by == "Kim"


def test_words_never_go_out_by_guessing(desk: FrontDesk):
    assert "R 1" in (desk.text("R come in at 3", KIM) or "")
    assert "your words are missing" in (desk.text("R 1", KIM) or "")
    desk.send()
    assert not any("come in at 3" in words for words in desk.heard())


def words_lost(desk: FrontDesk, code: int = 30005) -> None:
    """What was last written to the patient goes out, and does not arrive."""
    desk.send()
    sent = desk.rows(Message, Message.step == "staff reply", Message.state == "accepted")
    desk.not_delivered(sent[-1], code)


@pytest.mark.parametrize("at", ["2026-03-18 12:00", "2026-03-19 02:00"])
def test_words_that_do_not_arrive_are_told_to_the_taker_at_once(desk: FrontDesk, at: str):
    desk.now = local(at)
    desk.text("R 1 go to the ER now please", LEE)
    words_lost(desk)
    desk.send()
    (told,) = [words for words in desk.heard(LEE) if "did not arrive" in words]
    assert told.startswith("your words for Maria G did not arrive: ") and told.endswith(f". Call {MARIA}.")
    assert not any("did not arrive" in words for words in desk.heard(KIM))
    assert measure(told).encoding == "GSM-7"
    assert len(desk.cases()) == 1


def test_so_they_are_while_another_text_that_failed_is_a_task(desk: FrontDesk):
    with desk.database.transaction() as session:
        desk.tell_staff(session, desk.rows(Message, Message.step == "welcome")[0], "switched off", now=desk.now)
    desk.text("R 1 go to the ER now please", LEE)
    words_lost(desk)
    desk.send()
    assert "did not arrive" in desk.heard(LEE)[-1]


def test_whoever_wrote_them_hears_of_it_beside_the_taker(desk: FrontDesk):
    desk.text("A 1", KIM)
    desk.text("R 1 come at 4", LEE)
    words_lost(desk)
    desk.send()
    assert all("did not arrive" in desk.heard(phone)[-1] for phone in (KIM, LEE))


@pytest.mark.parametrize("orders", [["theres a lot more pus now"], []])
def test_everyone_hears_of_it_where_nobody_has_the_case(desk: FrontDesk, orders: list[str]):
    if not orders:
        desk.text("D 1", KIM)
    desk.text("R 1 come at 4", LEE)
    for words in orders:
        desk.text(words)
    assert desk.case().acknowledged_by is None
    words_lost(desk)
    desk.send()
    assert all("did not arrive" in desk.heard(phone)[-1] for phone in (KIM, LEE))


def test_everyone_is_alerted_where_the_taker_does_not_hear_of_it_either(desk: FrontDesk):
    desk.text("R 1 come at 4", LEE)
    words_lost(desk)
    desk.send()
    desk.not_delivered(desk.row("not arrived"))
    assert (desk.case().state, desk.case().climb_at) == ("open", desk.now)


def test_words_that_twilio_refuses_because_of_a_stop_are_told_too(desk: FrontDesk):
    desk.text("R 1 come at 4", LEE)
    words_lost(desk, 21610)
    desk.send()
    assert any("did not arrive" in words and f"Call {MARIA}" in words for words in desk.heard(LEE))
    assert any("STOP" in words for words in desk.heard(LEE))


def test_words_too_long_for_one_text_do_not_go_and_say_so(desk: FrontDesk):
    answer = desk.text("R 1 " + "x" * 1590, LEE)
    assert answer == (
        "with our name your text has 1,608 characters, and a text takes 1,600 at most. It did not go out. "
        "Shorten it, or send it in parts, each begun with R 1."
    )
    assert (desk.case().state, desk.rows(Message, Message.step == "staff reply")) == ("open", [])
    assert desk.text("R 1 " + "x" * 1582, LEE) == "sent to Maria G."
    assert len(desk.row("staff reply").body) == 1600


def test_words_for_somebody_who_opted_out_do_not_go(desk: FrontDesk):
    desk.text("STOP")
    before = desk.heard()
    answer = desk.text("R 1 please come in", KIM)
    assert answer == f"Maria G has texted STOP, so your words did not go out. Please call {MARIA}."
    desk.send()
    assert desk.heard() == before


def test_taking_the_case_of_somebody_who_opted_out_texts_her_nothing(desk: FrontDesk):
    desk.text("STOP")
    before = desk.heard()
    assert "is yours" in (desk.text("A 1", KIM) or "")
    desk.send()
    assert desk.heard() == before


@pytest.mark.parametrize(
    ("words", "note"), [("D 1", None), ("d1", None), ("D", None), ("D 1 called her", "called her")]
)
def test_a_case_is_closed_with_what_was_done(spelling_desk: FrontDesk, words: str, note: str | None):
    assert spelling_desk.text(words, KIM) == "1 (Maria G) is done."
    case = spelling_desk.case()
    assert (case.state, case.resolved_by, case.resolved_at, case.note) == ("resolved", "Kim", spelling_desk.now, note)


def test_late_codes_say_that_it_is_over(desk: FrontDesk):
    desk.text("D 1", KIM)
    assert desk.text("D 1", LEE) == "1 was already closed by Kim."
    assert desk.text("A 1", LEE) == "1 was already closed by Kim."
    assert desk.text("A", LEE) == "Nothing is open."


@pytest.mark.parametrize("code", ["7", "0", "99999999999999999999", "9" * 4990])
def test_a_wrong_code_is_answered_with_what_is_open(spelling_desk: FrontDesk, code: str):
    assert "Open: 1 Maria G" in (spelling_desk.text(f"A {code}", KIM) or "")
    assert len(spelling_desk.cases()) == 1


def test_no_code_with_two_cases_open_asks_which(desk: FrontDesk):
    desk.text("is the truck for sale", "+14155550199")
    answer = desk.text("A", KIM) or ""
    assert "1 Maria G" in answer
    assert "2 unknown number ...0199" in answer
    assert all(case.state == "open" for case in desk.cases())


@pytest.mark.parametrize("words", ["HELP", "help!", "?", "info"])
def test_help_lists_the_commands_and_what_is_open(spelling_desk: FrontDesk, words: str):
    assert "DONE Maria 2:40" in (spelling_desk.text(words, KIM) or "")
    assert "1 Maria G" in (spelling_desk.text(words, KIM) or "")


@pytest.mark.parametrize(
    "words", ["", "ok", "Are you there", "Rather not", "see you at 7", "Y", "\U0001f44d", "x" * 1600]
)
def test_what_is_no_command_is_answered_with_the_commands(spelling_desk: FrontDesk, words: str):
    assert "not understood" in (spelling_desk.text(words, KIM) or "")
    assert len(spelling_desk.cases()) == 1


DRIVING = "I'm driving with Do Not Disturb While Driving turned on."


@pytest.mark.parametrize("words", [DRIVING, "R u there? I am away", "Done for today, back on Monday"])
def test_a_staff_phone_that_answers_by_itself_is_not_answered_for_ever(spelling_desk: FrontDesk, words: str):
    answers = [spelling_desk.text(words, KIM) for _ in range(6)]
    assert all(answers[:3]) and answers[3:] == [None] * 3
    spelling_desk.wait(minutes=11)
    assert spelling_desk.text(words, KIM) is not None


@pytest.mark.parametrize("words", ["A", "HELP", "W 1", "DONE Maria 2:40"])
def test_an_order_is_answered_however_often_it_comes(spelling_today: FrontDesk, words: str):
    spelling_today.text(PUS)
    assert all(spelling_today.text(words, KIM) for _ in range(6))


# DONE -------------------------------------------------------------------------------------------------------------

ENDED = ["DONE Maria 2:40", "done maria 2.40", "Done, Maria Gomez at 2:40 PM", "DONE Maria G. 240", "DONE MARIA 14:40"]
ENDED += ["done maria 2:40p.m.", "DONE 2:40", "DONE: maria 2h40", "DONE Maria, 02:40 pm."]


@pytest.mark.parametrize("words", ENDED)
def test_the_end_is_reported_however_it_is_written(spelling_today: FrontDesk, words: str):
    answer = spelling_today.text(words, KIM) or ""
    assert answer.startswith("Maria G: ended at 2:40 PM. Wash from 6:40 PM, exercise from Wed 2:40 PM.")
    assert spelling_today.appointment().ended_at == local("2026-03-17 14:40")


def test_without_a_time_it_ended_just_now(today: FrontDesk):
    today.text("DONE Maria", KIM)
    assert today.appointment().ended_at == local("2026-03-17 14:45")


def test_a_second_report_corrects_the_first(today: FrontDesk):
    today.text("DONE Maria 2:40", KIM)
    today.send()
    assert "changed to 2:30 PM" in (today.text("DONE Maria 2:30", LEE) or "")
    today.send()
    assert any("a correction" in words and "6:30 PM" in words for words in today.heard())


def test_the_same_report_twice_changes_nothing_more(today: FrontDesk):
    today.text("DONE Maria 2:40", KIM)
    revision = today.appointment().revision
    assert "ended at 2:40 PM" in (today.text("DONE Maria 2:40", LEE) or "")
    assert today.appointment().revision == revision


def test_two_reports_at_once_leave_one_end(today: FrontDesk):
    answers = at_once(lambda: today.text("DONE Maria 2:40", KIM), lambda: today.text("DONE Maria 2:35", LEE))
    assert all("Wash from" in (answer or "") for answer in answers)
    today.send()
    assert sum("sunburn-like" in words for words in today.heard()) == 1
    assert f"{today.appointment().ended_at.astimezone(today.clinic.zone):%-M}" in ("35", "40")


@pytest.mark.parametrize("words", ["done 5", "DONE, 5.", "DONE at 05", "Done #5"])
def test_a_done_with_the_code_of_an_open_case_is_asked_about(spelling_today: FrontDesk, words: str):
    desk = spelling_today
    desk.text("DONE Maria 2:40", KIM)
    for last in range(4):
        desk.text("is the truck for sale", f"+1415555019{last}")
    desk.at("2026-03-17 17:10")
    desk.text(PUS)
    revision = desk.appointment().revision
    asked = "D 5 closes case 5. For a treatment write DONE and the name: DONE Maria 5:00"
    assert desk.text(words, KIM) == asked
    assert (desk.appointment().ended_at, desk.appointment().revision) == (local("2026-03-17 14:40"), revision)
    assert desk.cases()[-1].state == "open"
    assert "changed to 5:00 PM" in (desk.text("DONE Maria 5:00", KIM) or "")


def test_a_done_without_a_name_is_of_the_treatment_where_no_case_has_that_code(spelling_today: FrontDesk):
    desk = spelling_today
    desk.text("do you validate parking")
    desk.text("D 1", KIM)
    desk.now = local("2026-03-18 01:10")
    desk.book("A-2", "Zoe Park", ANA, starts_at=local("2026-03-18 12:00"))
    desk.now = local("2026-03-18 13:10")
    assert "Zoe P: ended at 1:00 PM" in (desk.text("DONE 1", KIM) or "")
    desk.text(PUS)
    assert "Zoe P: changed to 12:50 PM" in (desk.text("DONE 1250", KIM) or "")
    assert "D 2 closes case 2" in (desk.text("DONE 2", KIM) or "")


def test_the_example_names_a_time_where_the_code_is_none(spelling_desk: FrontDesk):
    with spelling_desk.database.transaction() as session:
        session.add(EscalationRow(id=75, urgency="routine", reason="a task", opened_at=spelling_desk.now))
        session.add(EscalationRow(id=240, urgency="routine", reason="a task", opened_at=spelling_desk.now))
    assert "D 75 closes case 75" in (spelling_desk.text("done 75", KIM) or "")
    assert "DONE Maria 2:40" in (spelling_desk.text("done 75", KIM) or "")
    assert "DONE Maria 2:40" in (spelling_desk.text("done 240", KIM) or "")


LATE = {
    "no clock": ("DONE Maria", "2026-03-17 14:45", "2026-03-17 17:00", "2026-03-17 14:45"),
    "neither name nor clock": ("done", "2026-03-17 14:45", "2026-03-17 17:00", "2026-03-17 14:45"),
    "a clock": ("DONE Maria 2:40", "2026-03-17 14:45", "2026-03-17 17:00", "2026-03-17 14:40"),
    "not today any more": ("DONE Maria 2:40", "2026-03-17 14:45", "2026-03-18 09:00", "2026-03-17 14:40"),
    "a clock still to come then": ("DONE Maria 3:30", "2026-03-17 14:45", "2026-03-17 17:00", None),
    "not begun then": ("DONE", "2026-03-17 13:30", "2026-03-17 14:45", None),
    "by a clock that goes ahead": ("DONE Maria", "2026-03-17 14:50", "2026-03-17 14:45", "2026-03-17 14:45"),
}


@pytest.mark.parametrize(("words", "sent", "taken_in", "ended"), LATE.values(), ids=LATE)
def test_a_report_taken_in_late_counts_from_when_it_was_sent(
    spelling_today: FrontDesk, words: str, sent: str, taken_in: str, ended: str | None
):
    spelling_today.now = local(sent)
    spelling_today.only_store(words, KIM, sent_at=local(sent))
    spelling_today.now = local(taken_in)
    handle(spelling_today.clinic, spelling_today.database, spelling_today.inbound()[-1].id, now=spelling_today.now)
    assert spelling_today.appointment().ended_at == (local(ended) if ended else None)


def test_a_report_of_yesterday_from_a_number_that_is_a_patients_too_is_an_order(today: FrontDesk):
    today.book("A-2", "Kim Park", KIM, starts_at=local("2026-03-30 10:00"))
    today.only_store("DONE Maria 2:40", KIM)
    today.now = local("2026-03-18 09:00")
    today.answer_unanswered()
    assert today.appointment().ended_at == local("2026-03-17 14:40")
    # No case of Kim's: what is open asks to tell Maria what nobody texted her since.
    assert [case.phone for case in today.cases()] == [MARIA]


WRONG = {
    "an unknown name": ("DONE Zoe 2:40", "no treatment of Zoe today. Today: Maria G."),
    "a time to come": ("DONE Maria 3:10", "still to come"),
    "no time at all": ("DONE Maria 25:00", "I do not understand 25:00 as a time"),
    "an absurd minute": ("DONE Maria 2:75", "I do not understand 2:75 as a time"),
    "a time before it began": ("DONE Maria 1:30", "1:30 is before the treatment began, at 2:00 PM"),
    "a morning before it began": ("DONE Maria 11:00", "11:00 is before the treatment began"),
    "words that are no time": ("DONE Maria Gomez in a minute", "I do not understand in a minute as a time"),
    "too many digits": ("DONE Maria " + "9" * 4980, "I do not understand"),
}


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG)
def test_a_report_that_cannot_be_changes_nothing_and_says_why(spelling_today: FrontDesk, words: str, said: str):
    assert said in (spelling_today.text(words, KIM) or "")
    assert spelling_today.appointment().ended_at is None
    assert spelling_today.cases() == []


def test_two_of_a_name_are_told_apart_by_the_full_name(today: FrontDesk):
    today.now = local("2026-03-17 11:00")
    today.book("A-2", "Maria Lopez", ANA, starts_at=local("2026-03-17 13:00"))
    today.now = local("2026-03-17 14:45")
    answer = today.text("DONE Maria 2:40", KIM) or ""
    assert "Maria Lopez (1:00 PM)" in answer
    assert "Maria Gomez (2:00 PM)" in answer
    assert "Maria L" in (today.text("DONE Maria Lopez 2:40", KIM) or "")
    assert today.appointment("A-1").ended_at is None


def test_without_a_name_the_one_under_way_is_meant_or_we_ask(today: FrontDesk):
    today.now = local("2026-03-17 11:00")
    assert today.text("DONE", KIM) == "no treatment has begun yet. Today: Maria G."
    today.book("A-2", "Zoe Park", ANA, starts_at=local("2026-03-17 13:00"))
    today.now = local("2026-03-17 14:45")
    assert "Begun: Zoe Park (1:00 PM), Maria Gomez (2:00 PM)." in (today.text("DONE 2:40", KIM) or "")
    assert today.appointment("A-1").ended_at is None and today.appointment("A-2").ended_at is None
    today.text("DONE Zoe now", KIM)
    assert "Maria G: ended at 2:40 PM" in (today.text("DONE 2:40", KIM) or "")


def test_strangers_are_told_apart_by_their_last_digits(desk: FrontDesk):
    desk.text("is the truck for sale", "+14155550199")
    desk.text("hello can i book", "+14155550187")
    assert "2 unknown number ...0199, 3 unknown number ...0187" in (desk.text("HELP", KIM) or "")


def test_nobody_is_treated_today(desk: FrontDesk):
    assert desk.text("DONE Maria 2:40", KIM) == "no treatment of Maria today. Today: nobody."


def test_too_late_in_the_day_to_text_staff_are_asked_to_tell_her(database: Database):
    desk = FrontDesk(database, now=local("2026-03-17 10:00"))
    desk.book(starts_at=local("2026-03-17 20:30"), ends_at=local("2026-03-17 21:30"))
    desk.now = local("2026-03-17 21:35")
    answer = desk.text("DONE Maria 9:30", KIM) or ""
    assert "ended at 9:30 PM" in answer
    assert "too late in the day" in answer


def test_an_end_just_after_midnight_is_of_the_evening_before(database: Database):
    desk = FrontDesk(database, now=local("2026-03-17 10:00"))
    desk.book(starts_at=local("2026-03-17 22:30"))
    desk.now = local("2026-03-18 00:20")
    assert "ended at 12:10 AM" in (desk.text("DONE Maria 12:10", KIM) or "")
    assert desk.appointment().ended_at == local("2026-03-18 00:10")
