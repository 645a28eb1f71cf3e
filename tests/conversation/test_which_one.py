"""Where a question may as well be about either of two things, the patient is asked which; her answer is understood."""

import pytest

from bot.conversation.model import Kind, Reading, Urgency
from bot.conversation.understand import understand
from tests.conversation.messages import the_content
from tests.conversation.replies import reply
from tests.texts.labelled import clinic_vocabulary, context_in

BETWEEN = Reading(None, (), (), None, Kind.WHICH_ONE, choices=("skincare", "numbing"))
# After the treatment an outbreak is a sign, not a question.
SIGNS_AFTERWARDS = {"cold_sores"}


def test_the_patient_is_asked_which_of_the_two_and_staff_hear_nothing() -> None:
    said = reply(BETWEEN)
    assert (said.urgency, said.topics) == (None, ())
    assert said.text == "Bright Skin: did you mean lotions and skin care or numbing? Please answer with one of them."


def test_asked_a_second_time_a_human_reads_it() -> None:
    first = reply(BETWEEN).text or ""
    again = reply(BETWEEN, said_before=(first,))
    assert again.urgency is Urgency.ROUTINE
    assert again.text != first


@pytest.mark.parametrize("phase", ["before", "day1", "days2_7"])
@pytest.mark.parametrize("topic", sorted(the_content().topics))
def test_the_name_of_a_topic_texted_alone_is_a_question_about_it(topic: str, phase: str) -> None:
    name = the_content().topics[topic].name
    reading = understand(name, context=context_in(phase), vocabulary=clinic_vocabulary())
    if topic in SIGNS_AFTERWARDS and phase != "before":
        assert reading.is_warning
    else:
        assert topic in reading.topics
