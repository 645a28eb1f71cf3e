"""Patients' names in texts: said in letters that cost nothing extra, or not at all; kept as they were given."""

import pytest
from sqlmodel import select

from bot.content.segments import measure
from bot.records.database import Database
from bot.records.tables import Patient
from tests.usecases.front_desk import KIM, MARIA, FrontDesk, local


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Zo\u00eb Gomez", "hi Zoe,"),
        ("\u0141ukasz Nowak", "hi Lukasz,"),
        ("\u0410\u043b\u0435\u043a\u0441\u0430\u043d\u0434\u0440 Petrov", "hi there,"),
        ("\u738b\u5c0f\u660e", "hi there,"),
        ("\U0001f338", "hi there,"),
        ("\u200b", "hi there,"),
    ],
)
def test_no_name_makes_a_text_cost_more_and_it_is_kept_as_given(database: Database, name: str, greeted: str) -> None:
    desk = FrontDesk(database)
    texts = [message.text or "" for message in desk.book(name=name).messages]
    assert {measure(text).encoding for text in texts} == {"GSM-7"}
    assert [text for text in texts if greeted in text]
    with database.session() as session:
        assert session.exec(select(Patient.name)).one() == name


def test_on_a_shared_number_a_text_says_whose_it_is_in_plain_letters(database: Database) -> None:
    desk = FrontDesk(database)
    desk.book("A-1", "\u0141ukasz Nowak", MARIA)
    texts = [message.text or "" for message in desk.book("A-2", "Zo\u00eb Nowak", MARIA).messages]
    assert all("(for Zoe)" in text and measure(text).encoding == "GSM-7" for text in texts)


def test_a_name_with_marks_is_asked_for_and_taken_in_plain_letters(database: Database) -> None:
    desk = FrontDesk(database, now=local("2026-03-17 10:00"))
    desk.book("A-1", "\u0141ukasz Nowak", MARIA)
    desk.book("A-2", "Anne-Zo\u00eb Nowak", MARIA, starts_at=local("2026-04-07 10:00"))
    desk.now = local("2026-03-18 12:00")
    asked = desk.text("CAN I EXERCISE") or ""
    assert "Anne-Zoe or Lukasz" in asked and measure(asked).encoding == "GSM-7"
    for answer in ("Lukasz", "its for \u0141ukasz \U0001f44d"):
        assert "until 3:00 PM" in (desk.text(answer) or "")
        desk.text("CAN I EXERCISE")
    assert "until 3:00 PM" not in (desk.text("anne-zoe") or "until 3:00 PM")


@pytest.mark.parametrize("name", ["Lukasz", "\u0142ukasz n.", "LUKASZ NOWAK"])
def test_staff_read_and_write_a_name_with_marks_in_plain_letters(database: Database, name: str) -> None:
    desk = FrontDesk(database)
    desk.book("A-1", "\u0141ukasz Nowak", MARIA)
    desk.now = local("2026-03-17 14:45")
    desk.text("my cheek is oozing pus")
    assert "Lukasz N" in desk.alerts(KIM)[0] and measure(desk.alerts(KIM)[0]).encoding == "GSM-7"
    assert (desk.text(f"DONE {name} 2:40", KIM) or "").startswith("Lukasz N: ended at 2:40 PM.")
