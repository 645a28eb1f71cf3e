"""What must hold for every appointment, whatever happens to it."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.care.model import Appointment, IfQuiet, Plan, PlannedText
from bot.care.room import quiet_for
from bot.care.timing import is_quiet
from tests.care.lives import Event, appointments, events
from tests.care.story import Story, the_timeline

LIVES = given(appointment=appointments(), happenings=st.lists(events(), max_size=12))


@settings(max_examples=150, deadline=None)
@LIVES
def test_nothing_is_due_in_quiet_hours_or_when_it_has_stopped_being_useful(
    appointment: Appointment, happenings: list[Event]
) -> None:
    for story in _lived(appointment, happenings):
        for text in story.again().texts:
            step = the_timeline().step(text.step)
            quiet = quiet_for(step, story.quiet)
            assert not is_quiet(text.due_at, quiet, story.appointment.zone), text
            assert text.due_at < text.useful_until, text
            if step.if_quiet is IfQuiet.DROP:
                assert not is_quiet(text.planned_for, quiet, story.appointment.zone), text


@settings(max_examples=120, deadline=None)
@LIVES
def test_planning_again_changes_nothing_then_or_just_before_the_next_text(
    appointment: Appointment, happenings: list[Event]
) -> None:
    for story in _lived(appointment, happenings):
        assert _as_told(story.pending) == _as_told(story.again().texts)
        coming = [text.due_at for text in story.pending if text.due_at > story.now]
        if coming:
            story.pass_to(min(coming) - timedelta(seconds=1))
            assert _as_told(story.pending) == _as_told(story.again().texts)


@settings(max_examples=150, deadline=None)
@LIVES
def test_planning_again_after_any_changes_equals_planning_afresh(
    appointment: Appointment, happenings: list[Event]
) -> None:
    for story in _lived(appointment, happenings):
        assert _without_when_first_planned(story.again()) == _without_when_first_planned(story.fresh())


@settings(max_examples=120, deadline=None)
@LIVES
def test_no_step_reaches_the_patient_twice_on_one_day(appointment: Appointment, happenings: list[Event]) -> None:
    story = list(_lived(appointment, happenings))[-1]
    story.pass_to(story.now + timedelta(days=120))
    corrections = {step.id for step in the_timeline().steps if step.corrects}
    days = Counter(
        (step, sent.at.astimezone(story.appointment.zone).date())
        for sent in story.sent
        for step in sent.carries or (sent.step,)
        if step not in corrections
    )
    assert not {key: times for key, times in days.items() if times > 1}


@settings(max_examples=120, deadline=None)
@LIVES
def test_only_one_question_is_open_until_it_is_answered_or_was_left_for_two_hours(
    appointment: Appointment, happenings: list[Event]
) -> None:
    story = list(_lived(appointment, happenings))[-1]
    story.pass_to(story.now + timedelta(days=60))
    asked = [sent for sent in story.sent if "Reply Y or N" in sent.words]
    # Limits that a move has made late cannot wait for an answer.
    for first, second in [pair for pair in pairwise(asked) if pair[1].step != "catch-up"]:
        flag = the_timeline().step(first.step).asks
        assert flag in story.appointment.flags or second.at - first.at >= timedelta(hours=2), (first, second)


@settings(max_examples=80, deadline=None)
@given(appointment=appointments())
def test_the_order_is_by_due_time_and_then_as_the_timeline_lists_the_steps(appointment: Appointment) -> None:
    places = {step.id: place for place, step in enumerate(the_timeline().steps)}
    texts = Story.begin(appointment).fresh().texts
    assert list(texts) == sorted(texts, key=lambda t: (t.due_at, places[t.step]))
    assert len({(t.step, t.occurrence) for t in texts}) == len(texts)


@settings(max_examples=80, deadline=None)
@given(appointment=appointments())
def test_every_occurrence_of_every_step_is_planned_or_left_out_with_a_reason(appointment: Appointment) -> None:
    made = Story.begin(appointment).fresh()
    accounted = {(e.step, e.occurrence) for e in (*made.texts, *made.left_out)}
    for step in the_timeline().steps:
        if step.instead_of is None and (not step.only or appointment.flags.get(step.only)):
            assert {(step.id, occurrence) for occurrence in range(len(step.when))} <= accounted
    assert all(e.reason for e in made.left_out)


@settings(max_examples=80, deadline=None)
@given(appointment=appointments())
def test_the_first_text_says_how_to_stop_unless_the_welcome_would_come_too_late(appointment: Appointment) -> None:
    story = Story.begin(appointment)
    if any(text.step == "welcome" for text in story.pending):
        story.pass_to(appointment.starts_at)
        assert story.sent[0].step == "welcome"
        assert "STOP" in story.sent[0].words


def _lived(appointment: Appointment, happenings: list[Event]) -> list[Story]:
    """The story as it stood at the beginning and after each happening."""
    story = Story.begin(appointment)
    stood = [_copy(story)]
    for happen in happenings:
        happen(story)
        stood.append(_copy(story))
    return stood


def _copy(story: Story) -> Story:
    return Story(story.appointment, story.now, story.quiet, list(story.past), list(story.pending), list(story.sent))


def _as_told(texts: list[PlannedText] | tuple[PlannedText, ...]) -> list[PlannedText]:
    places = {step.id: place for place, step in enumerate(the_timeline().steps)}
    return sorted(texts, key=lambda t: (t.due_at, places[t.step]))


def _without_when_first_planned(made: Plan) -> list[PlannedText]:
    """Questions, corrections and merged texts are planned for the moment they were first called for."""
    return _as_told([replace(text, planned_for=text.due_at) for text in made.texts])
