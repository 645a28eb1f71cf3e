""" "Why didn't she get it?": the ledger in plain words, the commands that show it, and the alarm for what is stuck."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.commands.review import review
from bot.commands.why import why as print_why
from bot.errors import NotFound
from bot.outbox.overdue import OVERDUE, watch_overdue
from bot.records.database import Database
from bot.records.tables import Alarm, Message
from bot.usecases.ledger import Entry, why
from tests.usecases.front_desk import MARIA, FrontDesk, settings_for


@pytest.fixture
def desk(database: Database) -> FrontDesk:
    return FrontDesk(database)


def entries(desk: FrontDesk, who: str = "A-1") -> dict[str, Entry]:
    return {entry.step: entry for entry in why(desk.clinic, desk.database, who)}


def test_every_planned_text_is_in_the_ledger_with_what_became_of_it(desk: FrontDesk):
    desk.book()
    desk.wait(minutes=2)
    ledger = entries(desk)
    assert ledger["welcome"].became == "was taken by Twilio; the carrier has not reported yet"
    assert ledger["confirm"].became == "is to go"
    assert len(ledger) > 10


def test_a_stop_is_the_reason_for_what_did_not_go(desk: FrontDesk):
    desk.book()
    desk.wait(minutes=2)
    desk.text("STOP")
    entry = entries(desk)["confirm"]
    assert (entry.state, entry.rule) == ("suppressed", "opted-out")
    assert "texted STOP" in entry.became and entry.at


def test_a_cancellation_is_the_reason_for_what_did_not_go(desk: FrontDesk):
    desk.book()
    desk.change(status="cancelled")
    assert "the appointment was cancelled" in entries(desk)["confirm"].became


@pytest.mark.parametrize("who", ["A-1", "Maria Gomez", "maria", MARIA, "(415) 555-0101"])
def test_a_patient_is_found_by_appointment_name_or_number(desk: FrontDesk, who: str):
    desk.book()
    assert {entry.patient for entry in why(desk.clinic, desk.database, who)} == {"Maria Gomez"}


def test_nobody_of_that_name_is_said(desk: FrontDesk):
    with pytest.raises(NotFound, match="Nobody"):
        why(desk.clinic, desk.database, "Nobody")


def test_a_text_an_hour_past_due_and_not_gone_is_an_alarm_that_ends_by_itself(desk: FrontDesk):
    desk.book()
    desk.now += timedelta(hours=2)
    assert _watch(desk) > 0
    (alarm,) = desk.rows(Alarm, Alarm.kind == OVERDUE)
    assert "should have left an hour ago" in alarm.words
    desk.send()
    with desk.database.transaction() as session:
        for message in session.exec(select(Message).where(col(Message.state) == "unknown")):
            message.state = "delivered"
    assert _watch(desk) == 0
    assert desk.rows(Alarm, Alarm.kind == OVERDUE)[0].cleared_at == desk.now


def test_bot_why_prints_a_line_for_each_text(
    desk: FrontDesk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    desk.book()
    _settings(desk, monkeypatch, "bot.commands.why")
    assert print_why("A-1") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Maria Gomez, appointment A-1"
    assert any("confirm" in line and "is to go" in line for line in lines)


def test_bot_review_lists_what_nobody_could_answer(
    desk: FrontDesk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    desk.book()
    _settings(desk, monkeypatch, "bot.commands.review")
    monkeypatch.setattr("bot.commands.review.clock.now", lambda: desk.now + timedelta(minutes=1))
    review()
    assert "Nothing went to staff unread" in capsys.readouterr().out
    desk.text("my cousin has a purple bicycle")
    desk.text("the purple bicycle was sold")
    review()
    shown = capsys.readouterr().out
    assert "the purple bicycle was sold" in shown and "messages/*/questions.yaml" in shown


def _watch(desk: FrontDesk) -> int:
    return desk.database.write(lambda session: watch_overdue(session, now=desk.now))


def _settings(desk: FrontDesk, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    url = desk.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setattr(f"{where}.read_settings", lambda **_: settings_for(database_url=url))
