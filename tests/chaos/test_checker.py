"""The checker of the chaos runs finds each kind of fault in evidence that has it, and none where there is none."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.records.tables import AppointmentRow, EscalationRow, Inbound, Message, Number
from tests.chaos.checker import RULES, check
from tests.chaos.evidence import Created, Evidence, Heard, Standing, Witnessed
from tests.chaos.town import OPENS_AT, Call, Resident, Text, Town

MARIA = "+19175000001"
AT = OPENS_AT + timedelta(seconds=10)
LATER = OPENS_AT + timedelta(minutes=5)


STANDING = Standing(1, AT + timedelta(days=8), AT + timedelta(days=8), None, "booked", {}, MARIA)
MOVED = replace(STANDING, revision=2, starts_at=LATER + timedelta(days=9))


def says(message: Message, standing: Standing, at: datetime, is_first: bool) -> str:
    """The words of this test's timeline: the only text that gives the start is the one that tells of a move."""
    return f"It is {standing.starts_at}." if message.step == "moved" else "Welcome."


def moving(seq: int, standing: Standing = MOVED, at: datetime = AT) -> Witnessed:
    return Witnessed(seq, "change", "a1", None, standing.revision, at, standing)


def message(**change: Any) -> Message:
    usual: dict[str, Any] = {
        "id": "m1", "kind": "planned", "to_phone": MARIA, "appointment_id": "a1", "step": "welcome", "revision": 1,
        "state": "delivered", "due_at": AT, "planned_for": AT, "created_at": AT, "updated_at": AT,
    }  # fmt: skip
    return Message(**usual | change)


def attempt(seq: int, message_id: str = "m1", revision: int = 1, after: float = 0) -> Witnessed:
    return Witnessed(seq, "attempt", message_id, MARIA, revision, AT + timedelta(seconds=after))


def taken(message_id: str | None = "m1", body: str = "Welcome.", after: float = 0.1) -> Created:
    return Created(AT + timedelta(seconds=after), MARIA, body, message_id)


def clean(**change: Any) -> Evidence:
    """One welcome, sent once."""
    resident = Resident("Maria", MARIA, "C-1", OPENS_AT + timedelta(days=8))
    usual: dict[str, Any] = {
        "town": Town([resident], [], [], 60.0, ()),
        "created": [taken()],
        "heard": [],
        "messages": {"m1": message()},
        "seeded": {"m1": AT},
        "booked": {"a1": STANDING},
        "says": says,
        "planned": {},
        "inbound": {},
        "escalations": [],
        "numbers": {MARIA: Number(phone=MARIA)},
        "appointments": {"a1": appointment()},
        "witnessed": [attempt(1)],
        "began_at": OPENS_AT,
        "due_by": LATER,
        "clock_ahead_for": timedelta(0),
    }
    return Evidence(**usual | change)


def appointment(standing: Standing = STANDING) -> AppointmentRow:
    return AppointmentRow(
        id="a1", external_id="C-1", patient_id="p", treatment="micro-needling", revision=standing.revision,
        starts_at=standing.starts_at, ends_at=standing.ends_at, status=standing.status,
        booked_at=AT, created_at=AT, updated_at=AT,
    )  # fmt: skip


def moved(**change: Any) -> Evidence:
    """The appointment was moved after the welcome, and she was told."""
    base = clean()
    told = message(id="m2", step="moved", revision=2)
    return replace(
        base,
        town=replace(base.town, calls=[Call(1.0, "C-1", {})]),
        appointments={"a1": appointment(MOVED)},
        messages={**base.messages, "m2": told},
        created=[*base.created, taken("m2", f"It is {MOVED.starts_at}.", after=2)],
        witnessed=[attempt(1), moving(2), attempt(3, "m2", 2, after=2)],
        planned={"m2": AT},
        **change,
    )


def found(evidence: Evidence) -> set[str]:
    return {name for name, lines in check(evidence).items() if lines}


def texted(body: str, kind: str, **change: Any) -> Evidence:
    """Maria has texted, and was answered once."""
    base = clean()
    reply = message(id="r1", kind="reply", inbound_id="i1", appointment_id=None, step="answer")
    times = {"sent_at": AT, "received_at": AT, "handled_at": AT}
    row = Inbound(id="i1", sid="SM1", from_phone=MARIA, to_phone="+1", body=body, **times)
    return replace(
        base,
        town=replace(base.town, texts=[Text(1.0, MARIA, body, kind)]),
        heard=[Heard("SM1", MARIA, body, (("Not yet.",),))],
        inbound={"SM1": row},
        messages={**base.messages, "r1": reply},
        created=[*base.created, taken("r1", "Not yet.")],
        witnessed=[*base.witnessed, attempt(2, "r1", 0)],
        **change,
    )


def test_a_run_without_faults_is_clean():
    assert found(clean()) == set()
    assert found(texted("CAN I EXERCISE", "question")) == set()
    assert set(check(clean())) == set(RULES)


def test_the_same_message_accepted_twice_is_found():
    assert found(replace(clean(), created=[taken(), taken(after=1)])) == {"accepted_twice"}


def test_the_same_words_under_two_ids_are_found():
    both = {"m1": message(), "m2": message(id="m2", revision=2)}
    twice = replace(
        clean(), messages=both, created=[taken(), taken("m2")], witnessed=[attempt(1), attempt(2, "m2", 2)]
    )
    assert found(twice) == {"accepted_twice"}


def test_a_message_that_says_delivered_and_was_never_taken_is_found():
    assert found(replace(clean(), created=[])) == {"accepted_never"}


def test_a_message_that_hangs_in_a_dead_workers_hands_is_lost_and_unsettled():
    hanging = replace(clean(), created=[], messages={"m1": message(state="claimed")})
    assert found(hanging) == {"accepted_never", "unsettled"}


def test_a_text_dropped_with_an_old_plan_that_has_no_successor_is_lost():
    dropped = replace(clean(), created=[], messages={"m1": message(state="cancelled", rule="superseded")})
    assert found(dropped) == {"accepted_never"}
    successor = message(id="m2", revision=2)
    went = replace(
        dropped, messages={**dropped.messages, "m2": successor}, created=[taken("m2")], witnessed=[attempt(1, "m2", 2)]
    )
    assert found(went) == set()


def test_a_cancelled_text_of_a_moved_appointment_is_a_loss_unless_a_later_plan_has_it():
    base = moved()
    late = message(id="m3", step="catch-up", state="cancelled", rule="replanned", carries=["sun", "skin"])
    gone = replace(base, messages={**base.messages, "m3": late}, seeded={**base.seeded, "m3": AT})
    assert found(gone) == {"accepted_never"}
    anew = {step: message(id=step, step=step, revision=2, state="scheduled") for step in ("sun", "skin")}
    ahead = {**base.planned, **{step: LATER + timedelta(days=1) for step in anew}}
    assert found(replace(gone, messages={**gone.messages, **anew}, planned=ahead)) == set()
    off = replace(MOVED, status="cancelled")
    called_off = replace(gone, appointments={"a1": appointment(off)})
    assert found(called_off) == {"changes_not_told"}


def test_a_text_merged_by_a_new_plan_went_with_the_one_that_carries_it():
    base = moved()
    merged = message(id="m3", step="sun", revision=2, state="cancelled", rule="merged")
    alone = replace(base, messages={**base.messages, "m3": merged}, planned={**base.planned, "m3": AT})
    assert found(alone) == {"accepted_never"}
    carrier = message(id="m2", step="moved", revision=2, carries=["sun"])
    assert found(replace(alone, messages={**alone.messages, "m2": carrier})) == set()


def test_a_text_put_off_for_ever_is_still_due_when_its_plan_said():
    put_off = {"state": "scheduled", "due_at": LATER + timedelta(days=1), "planned_for": LATER + timedelta(days=1)}
    later = replace(clean(), created=[], witnessed=[], messages={"m1": message(**put_off, rule="tried-again")})
    assert found(later) == {"accepted_never", "unsettled"}
    held = replace(later, messages={"m1": message(**put_off, rule="held")})
    assert found(held) == {"accepted_never", "unsettled"}
    case = EscalationRow(id=7, phone=MARIA, urgency="urgent", reason="discharge", state="open", opened_at=AT)
    assert found(replace(held, escalations=[case])) == set()


def test_a_moved_appointment_that_was_told_is_clean_and_one_that_was_not_is_found():
    base = moved()
    assert found(base) == set()
    silent = replace(base, messages=clean().messages, created=clean().created, witnessed=base.witnessed[:2])
    assert found(silent) == {"changes_not_told"}


def test_words_of_before_a_move_are_found_but_for_those_on_their_way():
    base = moved()
    stale = replace(base, created=[base.created[0], replace(base.created[1], body=f"It is {STANDING.starts_at}.")])
    assert found(stale) == {"words_not_true"}
    crossing = message(id="m2", step="moved", revision=1)
    on_its_way = replace(
        stale, messages={**stale.messages, "m2": crossing}, witnessed=[attempt(1), attempt(2, "m2", 1, 2), moving(3)]
    )
    assert found(on_its_way) == {"changes_not_told"}


def test_a_text_to_a_number_that_is_no_longer_hers_is_found():
    base = moved()
    elsewhere = replace(MOVED, phone="+19185000001")
    wrong = replace(base, witnessed=[attempt(1), moving(2, elsewhere), attempt(3, "m2", 2, after=2)])
    assert "sent_after_stop_move_or_cancellation" in found(wrong)


def test_a_text_that_no_row_knows_is_found():
    assert "accepted_never" in found(replace(clean(), created=[taken(), taken(None, "Who wrote this?")]))


def test_a_hand_over_after_stop_is_found_whatever_the_clocks_say():
    stop = Witnessed(1, "stop", None, MARIA, None, LATER)
    assert found(replace(clean(), witnessed=[stop, attempt(2)])) == {"sent_after_stop_move_or_cancellation"}
    assert found(replace(clean(), witnessed=[attempt(1), replace(stop, seq=2, at=AT)])) == set()


def test_a_hand_over_of_an_old_plan_after_the_change_is_found():
    late = replace(clean(), witnessed=[moving(1, replace(STANDING, revision=2)), attempt(2)])
    assert found(late) == {"sent_after_stop_move_or_cancellation"}


def test_a_text_taken_long_after_its_attempt_is_found_unless_the_machine_stood_still():
    late = replace(clean(), created=[taken(after=12)])
    assert found(late) == {"sent_after_stop_move_or_cancellation"}
    assert found(replace(late, machine_lag=timedelta(seconds=5))) == set()


def test_a_text_without_an_answer_or_with_two_is_found():
    one = texted("CAN I EXERCISE", "question")
    assert "inbound_unanswered" in found(replace(one, created=one.created[:1]))
    assert "inbound_answered_twice" in found(replace(one, created=[*one.created, one.created[-1]]))
    assert "inbound_unanswered" in found(replace(one, inbound={}))


def test_a_webhook_answered_in_two_ways_is_found():
    one = texted("CAN I EXERCISE", "question")
    heard = replace(one.heard[0], answers=(("Not yet.",), ("Yes.",)))
    assert found(replace(one, heard=[heard])) == {"inbound_answered_twice"}


def test_a_warning_without_an_alert_that_went_out_is_found():
    one = texted("yellow stuff is coming out", "warning")
    assert found(one) == {"warnings_without_escalation"}
    case = EscalationRow(id=7, phone=MARIA, urgency="urgent", reason="discharge", opened_at=AT)
    assert found(replace(one, escalations=[case])) == {"warnings_without_escalation"}
    alert = message(id="s1", kind="alert", escalation_id=7, to_phone="+12125550140", appointment_id=None)
    told = replace(
        one,
        escalations=[case],
        messages={**one.messages, "s1": alert},
        created=[*one.created, replace(taken("s1", "URGENT 7"), to="+12125550140")],
        witnessed=[*one.witnessed, attempt(3, "s1", 0)],
    )
    assert found(told) == set()


def test_a_stop_that_nobody_recorded_is_found():
    assert "stops_not_recorded" in found(texted("STOP", "stop"))


def stopped(body: str, *orders: str, **change: Any) -> Evidence:
    """She asked or said `body` and nothing went to her; `orders` are what was committed, in its order."""
    one = texted(body, "stop")
    witness = {
        "stop": Witnessed(0, "stop", None, MARIA, None, AT),
        "handled": Witnessed(0, "handled", "SM1", MARIA, None, AT),
    }
    entries = [replace(witness[what], seq=n) for n, what in enumerate(orders, start=10)]
    number = Number(phone=MARIA, opted_out_at=AT)
    silent = {"created": one.created[:1], "messages": clean().messages, "numbers": {MARIA: number}}
    return replace(one, **(silent | {"witnessed": [*clean().witnessed, *entries]} | change))


def test_a_question_of_before_a_stop_is_due_an_answer_and_one_of_after_it_none():
    assert found(stopped("CAN I EXERCISE", "handled", "stop")) == {"inbound_unanswered"}
    assert found(stopped("CAN I EXERCISE", "stop", "handled")) == set()
    held_back = message(id="r1", kind="reply", inbound_id="i1", appointment_id=None, state="suppressed")
    kept = stopped("CAN I EXERCISE", "handled", "stop", messages={**clean().messages, "r1": held_back})
    assert found(kept) == set()


def test_a_stop_is_due_one_confirmation_of_ours_or_of_the_carrier():
    assert found(stopped("please stop texting me", "stop", "handled")) == {"inbound_unanswered"}
    by_carrier = stopped("STOP", "stop", "handled", carrier_answered=frozenset({MARIA}))
    assert found(by_carrier) == set()
