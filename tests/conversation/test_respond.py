"""From what was read to what is said and done: replies, who is told, what changes."""

from dataclasses import replace
from datetime import datetime
from itertools import combinations

import pytest

from bot.care.model import Appointment, Status
from bot.content.segments import measure
from bot.conversation.model import Command, Kind, Reading, Urgency
from bot.conversation.response import MOST_SEGMENTS, Change
from tests.conversation.messages import the_content
from tests.conversation.replies import BOOKED, DAY, EVENING, HOUR, LONG_BEFORE, NEW_YORK, START, reading, reply


def test_a_question_is_answered_with_a_clock_time_and_staff_hear_nothing() -> None:
    said = reply(reading("exercise"))
    assert said.text.startswith("Bright Skin: ")
    assert "no strenuous exercise" in said.text
    assert "until Fri 3:00 PM (24 hours after your treatment)" in said.text
    assert (said.urgency, said.topics) == (None, ("exercise",))


def test_several_topics_get_one_answer_each_in_the_order_asked() -> None:
    said = reply(reading("makeup", "exercise"))
    assert said.topics == ("makeup", "exercise")
    assert said.text.index("mineral based makeup") < said.text.index("strenuous exercise")
    assert said.urgency is None


def test_what_holds_after_the_treatment_is_told_before_it_to_who_asks_for_it() -> None:
    said = reply(reading("nsaids", "makeup", "exercise", about_after=True), now=LONG_BEFORE)
    assert "after your treatment: no NSAIDS such as Motrin or Advil until Thu Jun 18 3:00 PM" in said.text
    assert "From Fri Jun 12 mineral based makeup" in said.text
    assert "until Fri Jun 12 3:00 PM" in said.text
    assert "Not yet" not in said.text
    assert reply(reading("shaving", about_after=True), now=LONG_BEFORE).urgency is Urgency.ROUTINE
    assert "Tylenol" in reply(reading("pain_relief", about_after=True), now=LONG_BEFORE).text


def test_a_topic_asked_twice_is_answered_once() -> None:
    assert reply(reading("makeup", "makeup")).topics == ("makeup",)


USUAL = (
    "exercise", "heat", "wash", "makeup", "skincare", "retinoids", "exfoliants", "sun", "sunscreen", "nsaids",
    "pain_relief", "sleep",
)  # fmt: skip
MOMENTS = [START + days * DAY + HOUR for days in (-20, -5, -2, 1, 3, 10)] + [START - 4 * HOUR, EVENING]


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_any_three_of_the_usual_topics_are_answered_in_one_text(now: datetime) -> None:
    for three in combinations(USUAL, 3):
        said = reply(reading(*three), now=now)
        assert "ask again" not in said.text, three
        assert measure(said.text).segments <= MOST_SEGMENTS


def test_whom_to_ask_about_what_is_prescribed_is_said_once_behind_all_it_holds_for() -> None:
    said = reply(reading("nsaids", "retinoids", "exercise"))
    assert said.text.count("Prescribed? Ask your prescriber or us first.") == 1
    assert said.text.index("Retin-A") < said.text.index("Prescribed?") < said.text.index("exercise")


def test_two_topics_with_the_same_words_get_them_once() -> None:
    said = reply(reading("retinoids", "exfoliants"), now=START + 9 * DAY)
    assert said.topics == ("retinoids", "exfoliants")
    assert said.text.count("once your skin is no longer irritated") == 2
    results = reply(reading("results", "sessions", "results"))
    assert results.topics == ("results", "sessions")


@pytest.mark.parametrize(
    "now", [LONG_BEFORE, START - 2 * DAY, START - HOUR, EVENING, START + 3 * DAY, START + 15 * DAY]
)
def test_however_many_topics_the_reply_is_one_text_of_three_segments(now: datetime) -> None:
    everything = tuple(the_content().topics)
    for first in range(0, len(everything), 3):
        for many in (2, 4, 8, len(everything)):
            asked = (everything[first:] + everything[:first])[:many]
            said = reply(reading(*asked), now=now)
            size = measure(said.text)
            assert (size.encoding, size.segments <= MOST_SEGMENTS) == ("GSM-7", True), (asked, size, said.text)


def test_more_than_three_names_are_cut_short_for_the_patient_and_kept_for_staff() -> None:
    said = reply(reading("shaving", "laser", "hair_removal", "accutane", "cold_sores"))
    assert "shaving, IPL and laser, waxing and hair removal and the rest" in said.text
    assert "Accutane" in said.reason
    assert "cold sores" in said.reason


def test_what_does_not_fit_is_named_and_not_counted_as_answered() -> None:
    asked = ("sun", "retinoids", "nsaids", "contact", "exercise", "makeup", "swelling")
    said = reply(reading(*asked))
    assert said.topics == asked[: len(said.topics)]
    assert 1 <= len(said.topics) < len(asked)
    assert "please ask again" in said.text


def test_what_the_sheet_does_not_answer_goes_to_staff_and_the_patient_is_told() -> None:
    said = reply(reading("shaving"))
    assert said.text == (
        "Bright Skin: the care sheet has no answer about shaving for now, so we passed your question on to our team. "
        "If it cannot wait, call (212) 555-0123."
    )
    assert (said.urgency, said.topics, said.reason) == (Urgency.ROUTINE, (), "asks about shaving")


def test_an_answered_and_an_unanswered_topic_in_one_text_get_both_said() -> None:
    said = reply(reading("exercise", "shaving"))
    assert said.topics == ("exercise",)
    assert said.text.endswith("Your question about shaving went to our team.")
    assert said.urgency is Urgency.ROUTINE


def test_an_answer_that_staff_must_hear_of_says_so_once() -> None:
    said = reply(reading("blood_thinners"), now=LONG_BEFORE)
    assert said.text.count("We have told our team") == 1
    assert (said.urgency, said.topics) == (Urgency.ROUTINE, ("blood_thinners",))


def test_a_question_with_something_unclear_beside_it_is_answered_and_passed_on() -> None:
    said = reply(reading("exercise", urgency=Urgency.ROUTINE))
    assert said.text.endswith("We have told our team.")
    assert said.urgency is Urgency.ROUTINE


@pytest.mark.parametrize(
    ("sign", "urgency"), [("discharge", Urgency.URGENT), ("worry", Urgency.URGENT), ("emergency", Urgency.EMERGENCY)]
)
def test_a_warning_beside_a_question_is_answered_as_a_warning(sign: str, urgency: Urgency) -> None:
    said = reply(reading("exercise", kind=Kind.MIXED, urgency=urgency, signs=(sign,)))
    assert said.urgency is urgency
    assert said.topics == ()
    assert said.text.startswith("Bright Skin: ")
    assert "exercise" not in said.text


def test_the_most_urgent_of_several_signs_gives_the_words() -> None:
    said = reply(reading(kind=Kind.WARNING, urgency=Urgency.EMERGENCY, signs=("discharge", "emergency")))
    assert "911" in said.text
    assert "discharge" in said.reason


@pytest.mark.parametrize("sign", ["emergency"])
def test_an_emergency_is_told_to_call_emergency_services_even_without_an_appointment(sign: str) -> None:
    said = reply(reading(kind=Kind.WARNING, urgency=Urgency.EMERGENCY, signs=(sign,)), appointments=())
    assert "call 911 (or your local emergency number) now" in said.text


def test_a_warning_goes_before_a_command_or_an_answer_read_in_the_same_text() -> None:
    read = reading(
        kind=Kind.WARNING, urgency=Urgency.URGENT, signs=("discharge",), command=Command.CONFIRM, answer=True
    )
    said = reply(read, asked="confirm", now=START - HOUR)
    assert said.urgency is Urgency.URGENT
    assert not said.changes


def test_a_warning_without_a_known_sign_still_reaches_staff() -> None:
    said = reply(reading(kind=Kind.WARNING, urgency=Urgency.URGENT, signs=("no_such_sign",)))
    assert said.urgency is Urgency.URGENT
    assert "passed this on" in said.text


@pytest.mark.parametrize(
    ("command", "starts", "changes", "urgency"),
    [
        (Command.STOP, "you are taken off", {Change.STOP: True}, None),
        (Command.START, "you will get our texts again", {Change.START: True}, None),
        (Command.HELP, "we text you about your micro-needling care", {}, None),
        (Command.CONFIRM, "thank you, you are confirmed for Thu Jun 11 at 2:00 PM", {Change.CONFIRM: True}, None),
        (Command.MOVE, "thank you, our team will get in touch to find you another time", {}, Urgency.ROUTINE),
    ],
)
def test_a_command_is_done_and_answered(
    command: Command, starts: str, changes: dict[Change, bool], urgency: Urgency | None
) -> None:
    said = reply(reading(kind=Kind.UNCLEAR, command=command), now=LONG_BEFORE)
    assert said.text.startswith(f"Bright Skin: {starts}")
    assert (dict(said.changes), said.urgency) == (changes, urgency)


@pytest.mark.parametrize(
    "appointment", [BOOKED, Appointment(START - DAY, START + DAY, START + DAY, NEW_YORK, status=Status.CANCELLED)]
)
def test_a_confirmation_of_nothing_goes_to_staff(appointment: Appointment) -> None:
    said = reply(reading(kind=Kind.CONFIRM, command=Command.CONFIRM), appointments=[appointment])
    assert "no appointment of yours ahead" in said.text
    assert (said.urgency, dict(said.changes)) == (Urgency.ROUTINE, {})


def test_yes_to_nothing_goes_to_staff() -> None:
    said = reply(reading(kind=Kind.YES_NO, command=Command.YES))
    assert "no open question" in said.text
    assert said.urgency is Urgency.ROUTINE


@pytest.mark.parametrize(
    ("kind", "says"),
    [(Kind.PICTURE, "cannot look at pictures"), (Kind.EMPTY, "without any words"), (Kind.UNCLEAR, "passed this on"),
     (Kind.OFF_SHEET, "passed this on"), (Kind.LOGISTICS, "passed this on")],
)  # fmt: skip
def test_what_the_bot_cannot_answer_goes_to_staff_and_the_patient_hears_that(kind: Kind, says: str) -> None:
    said = reply(reading(kind=kind))
    assert says in said.text
    assert said.urgency is Urgency.ROUTINE


def test_small_talk_gets_silence() -> None:
    assert reply(reading(kind=Kind.CHITCHAT)).text is None


@pytest.mark.parametrize("kind", [Kind.AUTO_REPLY, Kind.WRONG_NUMBER])
def test_machines_and_strangers_are_not_answered(kind: Kind) -> None:
    assert reply(reading(kind=kind)).text is None


def test_the_same_words_are_not_said_twice_running() -> None:
    first = reply(reading(kind=Kind.UNCLEAR))
    second = reply(reading(kind=Kind.UNCLEAR), said_before=[first.text])
    third = reply(reading(kind=Kind.UNCLEAR), said_before=[first.text, second.text])
    assert first.text != second.text != third.text
    assert {said.urgency for said in (first, second, third)} == {Urgency.ROUTINE}


def test_without_an_appointment_a_question_goes_to_staff() -> None:
    said = reply(reading("exercise"), appointments=())
    assert "no answer about exercise" in said.text
    assert said.urgency is Urgency.ROUTINE


def test_every_reply_names_the_clinic_and_is_plain_gsm7() -> None:
    reads = [reading(topic) for topic in the_content().topics]
    reads += [reading(kind=kind) for kind in Kind]
    reads += [reading(kind=Kind.WARNING, urgency=Urgency.URGENT, signs=(sign,)) for sign in the_content().signs]
    for read in reads:
        for now in (LONG_BEFORE, START - HOUR, EVENING, START + 8 * DAY):
            text = reply(read, now=now).text
            if text is not None:
                assert text.startswith("Bright Skin: ")
                assert measure(text).encoding == "GSM-7"
                assert not set("{}") & set(text)


# --- perhaps no more texts -----------------------------------------------------------------------------------------


def perhaps_no_more(*topics: str, kind: Kind) -> Reading:
    return replace(reading(*topics, kind=kind, urgency=Urgency.ROUTINE), may_opt_out=True)


def test_who_may_want_no_more_texts_is_told_how_and_staff_read_it() -> None:
    said = reply(perhaps_no_more(kind=Kind.UNCLEAR))
    assert said.text == (
        "Bright Skin: thank you, we passed this on to our team and they will answer you. If it cannot wait, call "
        "(212) 555-0123. Reply STOP if you want no more texts."
    )
    assert (said.urgency, said.reason) == (Urgency.ROUTINE, "not understood, may want no more texts")
    assert Change.STOP not in said.changes


def test_she_is_told_how_even_where_silence_would_be_the_answer() -> None:
    said = reply(perhaps_no_more(kind=Kind.CHITCHAT))
    assert said.text == "Bright Skin: reply STOP if you want no more texts."
    assert said.urgency is Urgency.ROUTINE
    assert reply(perhaps_no_more(kind=Kind.CHITCHAT), said_before=[said.text]).text is None


def test_a_question_beside_it_is_answered_too() -> None:
    said = reply(perhaps_no_more("exercise", kind=Kind.QUESTION))
    assert said.topics == ("exercise",)
    assert said.text.endswith("Reply STOP if you want no more texts.")
    everything = reply(perhaps_no_more(*the_content().topics, kind=Kind.QUESTION))
    assert measure(everything.text).segments <= MOST_SEGMENTS
