"""The checker of the chaos runs finds each kind of fault in evidence that has it, and none where there is none."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.records.tables import AppointmentRow, EscalationRow, Inbound, Message, Number
from tests.chaos.checker import RULES, check
from tests.chaos.evidence import Created, Evidence, Heard, Witnessed
from tests.chaos.town import OPENS_AT, Call, Resident, Text, Town

MARIA = "+19175000001"
AT = OPENS_AT + timedelta(seconds=10)
LATER = OPENS_AT + timedelta(minutes=5)


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
    times = {"starts_at": AT, "ends_at": AT, "booked_at": AT, "created_at": AT, "updated_at": AT}
    usual: dict[str, Any] = {
        "town": Town([resident], [], [], 60.0, ()),
        "created": [taken()],
        "heard": [],
        "messages": {"m1": message()},
        "seeded": frozenset({"m1"}),
        "inbound": {},
        "escalations": [],
        "numbers": {MARIA: Number(phone=MARIA)},
        "appointments": {
            "a1": AppointmentRow(id="a1", external_id="C-1", patient_id="p", treatment="micro-needling", **times)
        },
        "witnessed": [attempt(1)],
        "began_at": OPENS_AT,
        "due_by": LATER,
        "clock_ahead_for": timedelta(0),
    }
    return Evidence(**usual | change)


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


def test_a_successor_that_a_later_plan_gave_up_is_none():
    base = clean()
    appointment = AppointmentRow(**{**base.appointments["a1"].model_dump(), "revision": 3})
    rows = {
        "m1": message(state="cancelled", rule="superseded"),
        "m2": message(id="m2", revision=2, state="cancelled", rule="replanned"),
    }
    town = replace(base.town, calls=[Call(1.0, "C-1", {})])
    lost = replace(base, town=town, created=[], messages=rows, appointments={"a1": appointment}, witnessed=[])
    assert found(lost) == {"accepted_never"}
    given_up_by_the_plan_that_stands = replace(lost, appointments=base.appointments)
    assert found(given_up_by_the_plan_that_stands) == set()


def test_a_cancelled_text_of_a_moved_appointment_is_no_loss():
    base = clean()
    moved = replace(
        base,
        town=replace(base.town, calls=[Call(1.0, "C-1", {})]),
        created=[],
        messages={"m1": message(state="cancelled", rule="replanned")},
    )
    assert found(moved) == set()


def test_a_text_that_no_row_knows_is_found():
    assert "accepted_never" in found(replace(clean(), created=[taken(), taken(None, "Who wrote this?")]))


def test_a_hand_over_after_stop_is_found_whatever_the_clocks_say():
    stop = Witnessed(1, "stop", None, MARIA, None, LATER)
    assert found(replace(clean(), witnessed=[stop, attempt(2)])) == {"sent_after_stop_move_or_cancellation"}
    assert found(replace(clean(), witnessed=[attempt(1), replace(stop, seq=2, at=AT)])) == set()


def test_a_hand_over_of_an_old_plan_after_the_change_is_found():
    change = Witnessed(1, "change", "a1", None, 2, AT)
    assert found(replace(clean(), witnessed=[change, attempt(2)])) == {"sent_after_stop_move_or_cancellation"}


def test_a_text_taken_long_after_its_attempt_is_found():
    assert found(replace(clean(), created=[taken(after=30)])) == {"sent_after_stop_move_or_cancellation"}


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
