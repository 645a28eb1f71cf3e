"""What staff are asked to ask or say in person: what never reached the patient, in their words."""

from bot.care.untold import Untold, untold
from tests.care.story import the_timeline

EVERYTHING = {step.id for step in the_timeline().steps}
KNOWN = {"cold_sores": False, "accutane": False, "medicines": False}


def test_nothing_is_missing_where_every_step_reached_her() -> None:
    assert untold(the_timeline(), flags={}, told=EVERYTHING) == Untold()


def test_questions_whose_answer_is_known_are_not_missing() -> None:
    asked = {step.id for step in the_timeline().steps if step.asks}
    assert untold(the_timeline(), flags=KNOWN, told=EVERYTHING - asked) == Untold()
    assert len(untold(the_timeline(), flags={}, told=EVERYTHING - asked).before) == 3


def test_the_antiviral_is_missing_only_for_those_prone_to_cold_sores() -> None:
    told = EVERYTHING - {"antiviral-start"}
    assert untold(the_timeline(), flags={"cold_sores": True}, told=told) == Untold(before=("the antiviral",))
    assert untold(the_timeline(), flags=KNOWN, told=told) == Untold()


def test_the_text_of_the_eve_says_what_the_text_of_the_day_would_have() -> None:
    assert untold(the_timeline(), flags=KNOWN, told=EVERYTHING - {"day-of"}) == Untold()
    missing = untold(the_timeline(), flags=KNOWN, told=EVERYTHING - {"day-of", "day-of-eve"})
    assert missing.before == ("no shaving that day and nothing on the face",)


def test_after_care_of_the_next_morning_comes_too_late_for_the_evening() -> None:
    missing = untold(the_timeline(), flags=KNOWN, told=EVERYTHING - {"after-care"})
    assert missing.before == () and missing.after[0].startswith("wash gently")
