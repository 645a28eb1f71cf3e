"""A planned text that is tried again says what is true now, not what its first try would have said."""

from datetime import timedelta
from functools import partial

import pytest

from bot.outbox.attempts import record_attempts
from bot.outbox.model import Sendable, State
from bot.outbox.moves import TRIED_AGAIN, back, lock_messages
from bot.outbox.receipts import take_in
from bot.outbox.settle import Settlement, settle
from bot.records.database import Database
from bot.records.tables import Message
from bot.sms.gateway import Accepted, Outcome, Throttled, Unknown, Unreachable
from tests.usecases.front_desk import FrontDesk, at_once, local

SID = "SM" + "1" * 32


@pytest.fixture
def desk(database: Database) -> FrontDesk:
    desk = FrontDesk(database)
    desk.book()
    return desk


@pytest.mark.parametrize("outcome", [Throttled(20429, 1.0), Unreachable("refused")], ids=["throttled", "unreachable"])
def test_a_text_that_did_not_leave_before_a_move_names_the_new_time(desk: FrontDesk, outcome: Outcome):
    confirm = _try_confirm(desk, outcome)
    assert "2:00 PM" in (confirm.body or "")
    desk.change(starts_at=local("2026-03-17 16:00"))
    desk.wait(minutes=2)
    assert "4:00 PM" in desk.row("confirm").body
    assert [words for words in desk.heard(since=confirm.attempted_at) if "2:00 PM" in words] == []


def test_a_text_that_found_the_phone_off_before_a_move_names_the_new_time(desk: FrontDesk):
    confirm = _try_confirm(desk, Accepted(SID, "queued", 1))
    with desk.database.transaction() as session:
        off = {"status": "undelivered", "error_code": 30003, "message_id": confirm.id}
        take_in(session, sid=SID, now=desk.now, **off)
    again = desk.row("confirm")
    assert (again.state, again.due_at) == (State.SCHEDULED, desk.now + timedelta(minutes=10))
    desk.change(starts_at=local("2026-03-17 16:00"))
    assert desk.row("confirm").due_at == again.due_at  # a change does not switch her phone on
    desk.wait(minutes=61)
    assert "4:00 PM" in desk.row("confirm").body


def test_what_waits_for_staff_and_not_for_a_phone_goes_as_soon_as_a_change_lets_it(desk: FrontDesk):
    desk.at("2026-03-17 15:05")
    held = desk.row("after-care")
    assert held.rule != TRIED_AGAIN and held.due_at > desk.now
    desk.change(procedure_ended_at=local("2026-03-17 15:00"))
    assert desk.row("after-care").due_at <= desk.now


def test_a_first_text_in_doubt_during_a_move_goes_with_the_new_day_where_twilio_never_had_it(desk: FrontDesk):
    welcome = _attempt(desk)
    desk.change(starts_at=local("2026-03-18 15:00"))
    desk.now += timedelta(seconds=61)
    with desk.database.transaction() as session:
        for row in lock_messages(session, [each.id for each in welcome]).values():
            back(row, row.due_at, "Twilio did not have it", desk.now)
    desk.wait(minutes=3)
    heard = desk.heard()
    assert any("Wed Mar 18" in words for words in heard)
    assert [words for words in heard if "Tue Mar 17" in words] == []


def test_what_is_to_be_sent_again_is_shown_as_it_will_read_and_what_was_sent_as_it_read(desk: FrontDesk):
    _try_confirm(desk, Throttled(20429, 1.0))
    view = desk.change(starts_at=local("2026-03-17 16:00"))
    (shown,) = [each.text for each in view.messages if each.step == "confirm" and each.state == State.SCHEDULED]
    assert "4:00 PM" in (shown or "")
    welcome = next(each for each in view.messages if each.step == "welcome")
    assert "2:00 PM" in (welcome.text or "")


def test_the_words_of_an_attempt_are_kept_until_the_next_for_it_is_known_by_them(desk: FrontDesk):
    confirm = _try_confirm(desk, Throttled(20429, 1.0))
    desk.change(starts_at=local("2026-03-17 16:00"))
    assert desk.row("confirm").body == confirm.body


def test_a_text_in_doubt_while_it_is_moved_there_and_back_again_is_not_lost(desk: FrontDesk):
    """The plan in between had one of its own, and gave it up."""
    confirm = _try_confirm(desk, Unknown("a timeout"))
    desk.change(starts_at=local("2026-03-20 14:00"))
    desk.change(starts_at=local("2026-03-17 14:00"))
    others = desk.rows(Message, Message.step == "confirm", Message.id != confirm.id)
    assert [each.state for each in others] == [State.CANCELLED]
    desk.now += timedelta(seconds=61)
    with desk.database.transaction() as session:
        row = lock_messages(session, [confirm.id])[confirm.id]
        back(row, row.due_at, "Twilio did not have it", desk.now)
    desk.wait(minutes=1)
    (row,) = desk.rows(Message, Message.id == confirm.id)
    assert (row.state, row.revision) == (State.ACCEPTED, desk.appointment().revision)


@pytest.fixture
def limits_in_doubt(desk: FrontDesk) -> list[str]:
    """A worker died with the limits of the eighth day; the treatment was moved so near that they are late, and its
    correction and one of them went. Twilio never had the two: they are claimed once more.
    """
    desk.at("2026-03-09 09:59")
    desk.now = local("2026-03-09 10:00")
    in_doubt = [each.id for each in _attempt(desk)]
    desk.now += timedelta(seconds=30)
    desk.change(starts_at=local("2026-03-11 14:00"))
    desk.send()
    desk.now += timedelta(seconds=61)
    with desk.database.transaction() as session:
        for row in lock_messages(session, in_doubt).values():
            back(row, row.due_at, "Twilio did not have it", desk.now)
    return in_doubt


LIMITS = ("blood thinners", "retinoids, exfoliants")


def test_limits_in_doubt_during_a_move_are_not_lost_where_twilio_never_had_them(
    desk: FrontDesk, limits_in_doubt: list[str]
):
    since = desk.now
    desk.wait(minutes=2)
    assert all(any(limit in words for words in desk.heard(since=since)) for limit in LIMITS)
    assert [m.state for m in desk.rows(Message, Message.rule == "not-decided")] == []


def test_two_workers_may_plan_again_at_once(desk: FrontDesk, limits_in_doubt: list[str]):
    since = desk.now
    claimed = desk.claim("w1")
    workers = {"w1": claimed[:1], "w2": claimed[1:]}
    with desk.database.transaction() as session:
        for row in lock_messages(session, workers["w2"]).values():
            row.claimed_by = "w2"
    at_once(*(partial(desk.hand_over, ids, worker) for worker, ids in workers.items()))
    desk.wait(minutes=2)
    assert all(sum(limit in words for words in desk.heard(since=since)) == 1 for limit in LIMITS)


def _try_confirm(desk: FrontDesk, outcome: Outcome) -> Message:
    """Let the text that asks to confirm be tried on time, with this outcome; how it stands after that."""
    desk.at("2026-03-15 10:59")
    desk.now = local("2026-03-15 11:00")
    going = _attempt(desk)
    with desk.database.transaction() as session:
        settle(session, [Settlement(each, outcome) for each in going], now=desk.now)
    row = desk.row("confirm")
    assert row.id in {each.id for each in going}
    desk.now += timedelta(seconds=1)
    return row


def _attempt(desk: FrontDesk) -> list[Sendable]:
    ids = desk.claim()
    with desk.database.transaction() as session:
        return record_attempts(session, ids, worker="w1", house=desk.house(), now=desk.now)
