"""An alarm reaches somebody: the first of the staff is texted once, and what is open can be listed."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.outbox.alarms import CONFIGURATION, clear_alarm, raise_alarm, stop_sending
from bot.outbox.model import Kind
from bot.records.database import Database
from bot.records.tables import Message
from bot.sms.twilio_codes import classify
from bot.usecases.alarms import list_alarms, tell_of_alarms
from tests.usecases.front_desk import KIM, LEE, FrontDesk


@pytest.fixture
def desk(database: Database) -> FrontDesk:
    return FrontDesk(database)


def raised(desk: FrontDesk, kind: str = "words") -> bool:
    with desk.database.transaction() as session:
        return raise_alarm(session, kind, f"The {kind} are broken. Run `bot check`.", now=desk.now)


def cleared(desk: FrontDesk, kind: str = "words") -> None:
    with desk.database.transaction() as session:
        clear_alarm(session, kind, now=desk.now)


def tell(desk: FrontDesk) -> int:
    return tell_of_alarms(desk.clinic, desk.database, now=desk.now)


def test_the_first_of_the_staff_is_texted_once(desk: FrontDesk):
    raised(desk)
    assert [tell(desk), tell(desk)] == [1, 0]
    assert not raised(desk) and tell(desk) == 0
    # A backtick is none of GSM-7's characters; an apostrophe is.
    words = "Bright Skin: to whoever runs the bot. The words are broken. Run 'bot check'."
    assert (desk.alerts(KIM), desk.alerts(LEE)) == ([words], [])
    desk.send()
    assert desk.row("alarm").state == "accepted"


def test_who_has_texted_stop_is_not_the_one_told(desk: FrontDesk):
    desk.text("STOP", KIM)
    assert tell(desk) == 1
    assert desk.alerts(KIM) == []
    assert "Kim of the staff has texted STOP" in desk.alerts(LEE)[0]


def test_it_waits_while_sending_rests_and_goes_first_when_it_is_tried_again(desk: FrontDesk):
    with desk.database.transaction() as session:
        stop_sending(session, CONFIGURATION, classify(20003), now=desk.now, probed=False)
    assert tell(desk) == 1
    (alarm,) = list_alarms(desk.database, desk.clinic.zone)
    assert (alarm.kind, alarm.since, alarm.rests_until) == (CONFIGURATION, "Tue Mar 3 12:00 PM", "Tue Mar 3 12:01 PM")
    assert desk.row("alarm").state == "scheduled"


def test_one_that_comes_and_goes_texts_nobody_each_time(desk: FrontDesk):
    for _ in range(5):
        raised(desk)
        tell(desk)
        desk.now += timedelta(minutes=5)
        cleared(desk)
        desk.now += timedelta(minutes=5)
    assert len(desk.alerts(KIM)) == 1
    desk.now += timedelta(minutes=30)
    raised(desk)
    assert tell(desk) == 1


def test_what_nobody_closes_ends_after_a_day_and_is_then_raised_anew(desk: FrontDesk):
    for kind in ("words", "twilio-29999", "configuration-21408"):
        raised(desk, kind)
    with desk.database.transaction() as session:
        stop_sending(session, CONFIGURATION, classify(20003), now=desk.now, probed=False)
    tell(desk)
    desk.now += timedelta(hours=24)
    tell(desk)
    assert [alarm.kind for alarm in list_alarms(desk.database, desk.clinic.zone)] == [CONFIGURATION]
    assert raised(desk) and tell(desk) == 1


def test_one_is_logged_when_it_is_committed_and_names_nobody(desk: FrontDesk):
    with capture_logs() as logs:
        raised(desk)
        raised(desk)
        with pytest.raises(RuntimeError), desk.database.transaction() as session:
            raise_alarm(session, "never", "Never.", now=desk.now)
            raise RuntimeError
    (entry,) = logs
    assert (entry["log_level"], entry["kind"]) == ("error", "words")
    assert entry["words"] == "The words are broken. Run `bot check`."


def test_a_clinic_without_staff_is_told_nothing(desk: FrontDesk):
    from dataclasses import replace

    desk.clinic = replace(desk.clinic, staff=())
    raised(desk)
    assert tell(desk) == 0
    assert desk.rows(Message, Message.kind == Kind.ALERT) == []
    assert len(list_alarms(desk.database, desk.clinic.zone)) == 1
