"""Changes of an appointment: planned again in the same transaction, and nothing of the old plan goes out."""

from datetime import timedelta

from bot.outbox.model import State
from bot.records.database import Database
from bot.records.tables import Message, Patient
from tests.usecases.front_desk import ANA, MARIA, FrontDesk, at_once, local

NEW_START = local("2026-03-19 10:00")


def test_a_move_raises_the_revision_and_moves_every_text(database: Database):
    desk = FrontDesk(database)
    desk.book()
    view = desk.change(starts_at=NEW_START)
    assert (view.revision, view.starts_at, view.ends_at) == (2, NEW_START, NEW_START + timedelta(hours=1))
    assert desk.row("day-of", state="scheduled").due_at == local("2026-03-19 08:00")
    assert desk.row("day-of", state="cancelled").reason == "the appointment was moved"
    assert {m.revision for m in desk.rows(Message) if m.state == State.SCHEDULED} == {2}


def test_nothing_of_the_old_plan_goes_even_where_a_worker_holds_it(database: Database):
    desk = FrontDesk(database).at("2026-03-03 13:00")
    desk.book()
    desk.at("2026-03-16 09:59")
    desk.now = local("2026-03-16 10:00")
    held = desk.claim()
    assert held
    desk.change(starts_at=NEW_START)
    assert desk.hand_over(held) == []
    desk.send()
    assert not any("do not shave tomorrow" in words for words in desk.heard())
    assert any("is now Thu Mar 19 at 10:00 AM" in words for words in desk.heard())


def test_a_move_while_the_text_is_being_sent_is_followed_by_a_correction(database: Database):
    desk = FrontDesk(database)
    desk.book()
    held = desk.claim()
    at_once(lambda: desk.hand_over(held), lambda: desk.change(starts_at=NEW_START))
    desk.wait(minutes=1)
    said = " ".join(desk.heard())
    assert "Tue Mar 17 at 2:00 PM" not in said or "is now Thu Mar 19" in said
    assert "Thu Mar 19 at 10:00 AM" in said


def test_a_claimed_text_that_stays_is_freed_and_goes_once(database: Database):
    desk = FrontDesk(database)
    desk.book()
    held = desk.claim()
    desk.change(flags=["eyes"])
    assert desk.hand_over(held) == []
    desk.send()
    assert sum("hi Maria" in words for words in desk.heard()) == 1


def test_a_cancellation_takes_everything_off_and_tells_her(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.wait(hours=1)
    desk.change(status="cancelled")
    assert desk.steps("scheduled") == ["called-off"]
    assert desk.row("day-of").reason == "the appointment was cancelled"
    desk.at("2026-04-05 12:00")
    assert "is off" in desk.heard()[-1]


def test_a_cancellation_before_she_heard_of_it_is_silent(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.change(status="cancelled")
    desk.at("2026-04-05 12:00")
    assert desk.heard() == []


def test_a_reinstated_appointment_is_planned_again(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.wait(hours=1)
    desk.change(status="cancelled")
    view = desk.change(status="booked")
    assert view.status == "booked"
    assert "day-of" in desk.steps("scheduled")
    assert desk.row("called-off").state == State.CANCELLED
    assert desk.row("called-off").reason == "the appointment stands again"


def test_a_no_show_hears_nothing_more(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.at("2026-03-17 14:40")
    before = desk.heard()
    desk.change(status="no_show")
    assert desk.steps("scheduled") == []
    assert desk.at("2026-04-05 12:00").heard() == before
    assert desk.row("after-care").reason == "the patient did not come"


def test_a_reported_end_moves_what_hangs_on_it(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.at("2026-03-17 14:45")
    desk.change(procedure_ended_at=local("2026-03-17 14:40"))
    desk.wait(minutes=1)
    assert "Wash no earlier than 6:40 PM" in desk.heard()[-1]
    assert desk.row("wash-window", state="scheduled").due_at == local("2026-03-17 18:40")


def test_moved_away_and_back_within_the_morning_she_hears_where_it_stands(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.at("2026-03-14 21:00")
    for starts_at, at in (("16 14:00", "15 08:30"), ("19 14:00", "15 09:00"), ("16 14:00", "15 09:30")):
        desk.change(starts_at=local(f"2026-03-{starts_at}"))
        desk.at(f"2026-03-{at}")
    assert "is now Mon Mar 16 at 2:00 PM" in desk.heard()[-1]


def test_an_end_reported_late_corrects_what_was_said(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.at("2026-03-17 15:45")
    assert "7:00 PM" in " ".join(desk.heard()[-2:])
    desk.change(procedure_ended_at=local("2026-03-17 15:35"))
    desk.wait(minutes=1)
    assert "a correction" in desk.heard()[-1]
    assert "7:35 PM" in desk.heard()[-1]


def test_an_end_reported_by_mistake_is_taken_back_and_what_was_said_of_it_is_corrected(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.at("2026-03-17 14:12")
    desk.change(procedure_ended_at=local("2026-03-17 14:10"))
    desk.wait(minutes=1)
    assert "6:10 PM" in desk.heard()[-1]
    view = desk.change(takes_back_end=True)
    assert view.ended_at is None
    assert desk.row("wash-window", state="scheduled").due_at == local("2026-03-17 19:00")
    desk.wait(minutes=1)
    assert "a correction" in desk.heard()[-1]
    assert "7:00 PM" in desk.heard()[-1]
    desk.change(procedure_ended_at=local("2026-03-17 14:10"))
    assert desk.appointment().ended_at == local("2026-03-17 14:10")


def test_two_ends_reported_at_once_leave_one_plan(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.at("2026-03-17 14:50")
    ends = [local("2026-03-17 14:40"), local("2026-03-17 14:45")]
    at_once(*[lambda at=at: desk.change(procedure_ended_at=at) for at in ends])
    desk.wait(minutes=30)
    said = [words for words in desk.heard() if "sunburn-like" in words]
    assert len(said) == 1
    ended_at = desk.appointment().ended_at
    assert ended_at in ends
    assert desk.row("wash-window", state="scheduled").due_at == ended_at + timedelta(hours=4)


def test_the_end_reported_while_after_care_is_being_sent_is_told_right_in_the_end(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.at("2026-03-17 15:29")
    desk.now = local("2026-03-17 15:30")
    held = desk.claim()
    at_once(lambda: desk.hand_over(held), lambda: desk.change(procedure_ended_at=local("2026-03-17 15:20")))
    desk.wait(minutes=5)
    assert "7:20 PM" in " ".join(desk.heard()[-3:])


def test_flags_plan_what_they_call_for_and_unplan_it(database: Database):
    desk = FrontDesk(database)
    desk.book()
    assert "antiviral-start" not in desk.steps("scheduled")
    desk.change(flags={"cold_sores": True})
    assert "antiviral-start" in desk.steps("scheduled")
    desk.change(flags={"cold_sores": False})
    assert "antiviral-start" not in desk.steps("scheduled")
    assert "ask-cold-sores" not in desk.steps("scheduled")


def test_a_change_that_changes_nothing_leaves_the_revision(database: Database):
    desk = FrontDesk(database)
    desk.book(flags=["eyes"])
    assert desk.change(flags=["eyes"], status="booked", starts_at=local("2026-03-17 14:00")).revision == 1


def test_a_new_number_gets_the_whole_plan_and_the_old_one_nothing(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.at("2026-03-09 12:00")
    held_back = desk.heard()
    desk.book(phone=ANA)
    desk.at("2026-04-05 12:00")
    assert desk.heard() == held_back
    assert {"welcome", "day-of", "after-care", "two-weeks"} <= set(desk.steps("accepted", phone=ANA))


def test_a_number_after_an_opted_out_one_gets_its_texts(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.wait(minutes=1)
    desk.text("STOP")
    desk.book(phone=ANA)
    assert {"welcome", "day-of", "after-care"} <= set(desk.steps("scheduled", phone=ANA))


def test_a_number_changed_while_a_worker_holds_the_text_is_not_texted(database: Database):
    desk = FrontDesk(database)
    desk.book()
    held = desk.claim()
    desk.book(phone=ANA)
    assert desk.hand_over(held) == []


def test_a_corrected_name_is_used_and_names_nobody_beside_her(database: Database):
    desk = FrontDesk(database)
    desk.book(name="Mria Gomez")
    desk.book(name="Maria Gomez")
    desk.wait(minutes=1)
    assert any(words.startswith("Bright Skin: hi Maria,") for words in desk.heard())


def test_a_name_in_other_letters_is_the_same_patient_written_anew(database: Database):
    desk = FrontDesk(database)
    desk.book(name="maria  gomez")
    desk.book(name="Maria Gomez")
    (patient,) = desk.rows(Patient)
    assert patient.name == "Maria Gomez"


def test_a_name_corrected_after_the_welcome_does_not_welcome_her_again(database: Database):
    desk = FrontDesk(database)
    desk.book(name="Mria Gomez")
    desk.wait(hours=1)
    desk.book(name="Maria Gomez")
    desk.wait(hours=1)
    assert sum("We text you what to do" in words for words in desk.heard()) == 1


def test_another_zone_moves_the_wall_clock_texts(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.book(timezone="America/Los_Angeles")
    assert desk.row("confirm", state="scheduled").due_at == local("2026-03-15 14:00")  # 11:00 in Los Angeles
    assert desk.appointment().revision == 2


def test_another_zone_moves_the_texts_of_all_her_appointments(database: Database):
    desk = FrontDesk(database)
    desk.book("A-1")
    desk.book("A-2", starts_at=local("2026-04-21 14:00"), timezone="America/Los_Angeles")
    due = {m.due_at for m in desk.rows(Message, Message.step == "confirm", Message.state == "scheduled")}
    assert due == {local("2026-03-15 14:00"), local("2026-04-19 14:00")}


def test_an_appointment_moved_after_its_end_was_reported_is_still_to_come(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.at("2026-03-17 14:45")
    desk.change(procedure_ended_at=local("2026-03-17 14:40"))
    view = desk.change(starts_at=local("2026-03-24 14:00"))
    assert view.ended_at is None
    assert desk.row("exercise-again", state="scheduled").due_at == local("2026-03-25 15:00")


def test_what_expired_is_not_planned_again(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.now = local("2026-03-17 07:00")  # nothing was sent for two weeks
    desk.send()
    assert desk.steps("expired") == ["shave-today"]
    desk.change(flags=["eyes"])
    assert desk.steps("expired").count("shave-today") == 1
    assert "shave-today" not in desk.steps("scheduled")


def test_moves_and_cancellations_at_once_leave_one_of_the_plans(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.wait(minutes=1)
    at_once(lambda: desk.change(status="cancelled"), lambda: desk.change(starts_at=NEW_START))
    assert desk.appointment().revision == 3
    assert desk.steps("scheduled") == ["called-off"]


def test_a_changed_plan_of_an_opted_out_number_stays_held_back(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.text("STOP")
    desk.change(starts_at=NEW_START, flags=["cold_sores"])
    assert desk.steps("scheduled") == []
    assert desk.number(MARIA).opted_out_at is not None
