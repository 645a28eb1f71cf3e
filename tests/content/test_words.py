"""Small parts of content: segments, statements, spoken times, filled texts and YAML with lines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.care.model import Appointment, Step
from bot.content.lines import RepeatedKey, line_of, parse
from bot.content.load import load
from bot.content.planned import since_when, words_of
from bot.content.render import Filled, fill, placeholders, spoken, up_to_the_minute
from bot.content.segments import measure, plain_name, thrifty
from bot.content.statements import rests_on, stands_in, statements
from tests.content.broken import MESSAGES, SHEET, TREATMENT, real_files

NEW_YORK = ZoneInfo("America/New_York")
VALUES = {"clinic": "Bright Skin", "phone": "(212) 555-0123", "name": "Maria"}


def at(written: str) -> datetime:
    """ "Tue 2026-03-10 14:00" in New York, in UTC."""
    local = datetime.strptime(written[4:], "%Y-%m-%d %H:%M").replace(tzinfo=NEW_YORK)
    assert f"{local:%a}" == written[:3]
    return local.astimezone(UTC)


START = at("Tue 2026-03-10 14:00")
BOOKED = Appointment(START - timedelta(days=30), START, START + timedelta(hours=1), NEW_YORK)


@pytest.mark.parametrize(
    ("text", "segments", "encoding", "forced_by"),
    [
        ("", 1, "GSM-7", None),
        ("a" * 160, 1, "GSM-7", None),
        ("a" * 161, 2, "GSM-7", None),
        ("a" * 306, 2, "GSM-7", None),
        ("a" * 307, 3, "GSM-7", None),
        ("a" * 1600, 11, "GSM-7", None),
        ("\u20ac" * 80, 1, "GSM-7", None),
        ("\u20ac" * 81, 2, "GSM-7", None),
        ("a" * 152 + "\u20ac" + "a" * 152, 3, "GSM-7", None),  # a character of two septets is not cut in half
        ("\u00f1\u00bf\u00a1\u00e9", 1, "GSM-7", None),
        ("\u00e1" * 70, 1, "UCS-2", "\u00e1"),
        ("\u00e1" * 71, 2, "UCS-2", "\u00e1"),
        ("\u00e1" * 134, 2, "UCS-2", "\u00e1"),
        ("\u00e1" * 135, 3, "UCS-2", "\u00e1"),
        ("\u00e1" * 1600, 24, "UCS-2", "\u00e1"),
        ("\U0001f44d" * 35, 1, "UCS-2", "\U0001f44d"),
        ("\U0001f44d" * 36, 2, "UCS-2", "\U0001f44d"),
        ("it\u2019s", 1, "UCS-2", "\u2019"),
        ("a`b", 1, "UCS-2", "`"),
    ],
)
def test_a_text_is_counted_as_it_is_billed(text: str, segments: int, encoding: str, forced_by: str | None) -> None:
    size = measure(text)
    assert (size.segments, size.encoding, size.forced_by) == (segments, encoding, forced_by)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Alexandra", "Alexandra"),
        ("Zo\u00eb", "Zoe"),
        ("Zoe\u0301", "Zo\u00e9"),  # e and a mark, as some systems write what is one letter of GSM-7
        ("\u0141ukasz", "Lukasz"),
        ("\u0110\u1ee9c", "Duc"),
        ("\u0130\u015f\u0131l", "Isil"),
        ("Ka\u02bbiulani", "Ka'iulani"),
        ("D\u2019Angelo", "D'Angelo"),
        ("\U0001f338Mar\u00eda\U0001f469\U0001f3fd\u200d\u2695\ufe0f", "Maria"),
        ("\u200bMaria\ufeff", "Maria"),
        ("\u0410\u043b\u0435\u043a\u0441\u0430\u043d\u0434\u0440", ""),
        ("\u738b\u5c0f\u660e", ""),
        ("\u0928\u093f\u0936\u093e", ""),
        ("\U0001f338", ""),
        ("(\U0001f338)", ""),
        ("\u200b", ""),
        ("", ""),
    ],
)
def test_a_name_is_said_in_plain_letters_or_not_at_all(name: str, said: str) -> None:
    assert plain_name(name) == said
    assert measure(plain_name(name)).encoding == "GSM-7"


def test_a_text_is_made_thrifty_where_that_loses_no_letter() -> None:
    assert thrifty("Mar\u00eda\u2019s caf\u00e9 in \u0141\u00f3d\u017a") == "Maria's caf\u00e9 in Lodz"
    assert thrifty("see you \U0001f44d, Zo\u00eb") == "see you \U0001f44d, Zo\u00eb"


@pytest.mark.parametrize(
    ("instant", "now", "words"),
    [
        ("Tue 2026-03-10 19:05", "Tue 2026-03-10 15:00", "7:05 PM"),
        ("Tue 2026-03-10 12:00", "Tue 2026-03-10 08:00", "12:00 PM"),
        ("Tue 2026-03-10 00:30", "Tue 2026-03-10 00:10", "12:30 AM"),
        ("Wed 2026-03-11 15:00", "Tue 2026-03-10 23:59", "Wed 3:00 PM"),
        ("Fri 2026-03-13 15:00", "Tue 2026-03-10 15:00", "Fri 3:00 PM"),
        ("Sat 2026-03-14 15:00", "Tue 2026-03-10 15:00", "Sat Mar 14 3:00 PM"),
        ("Tue 2026-03-17 15:00", "Tue 2026-03-10 15:00", "Tue Mar 17 3:00 PM"),
        ("Mon 2026-03-09 15:00", "Tue 2026-03-10 15:00", "Mon Mar 9 3:00 PM"),
        ("Wed 2026-03-11 00:00", "Tue 2026-03-10 15:00", "Wed Mar 11"),
        ("Tue 2026-03-10 00:00", "Mon 2026-03-09 15:00", "Tue Mar 10"),
    ],
)
def test_a_moment_is_said_as_a_person_says_it(instant: str, now: str, words: str) -> None:
    assert spoken(at(instant), at(now), NEW_YORK) == words


def test_a_moment_is_said_in_the_patients_zone() -> None:
    assert spoken(at("Tue 2026-03-10 15:00"), at("Tue 2026-03-10 10:00"), ZoneInfo("America/Los_Angeles")) == "12:00 PM"
    assert spoken(at("Wed 2026-03-11 01:00"), at("Tue 2026-03-10 22:00"), ZoneInfo("Pacific/Honolulu")) == "7:00 PM"


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (1, 1), (59, 1), (60, 1), (61, 2)])
def test_a_limit_is_never_said_too_early(seconds: int, minutes: int) -> None:
    assert up_to_the_minute(START + timedelta(seconds=seconds)) == START + timedelta(minutes=minutes)


def test_names_and_moments_are_filled_in() -> None:
    filled = fill("{clinic}: {start_day} {start_time}, {4 hours after end}", VALUES, appointment=BOOKED, now=START)
    assert filled == Filled("Bright Skin: Tue Mar 10 2:00 PM, 7:00 PM", BOOKED.starts_at, BOOKED.end)


def test_a_text_that_names_no_time_hangs_on_none() -> None:
    assert fill("{clinic}: hello", VALUES, appointment=BOOKED, now=START) == Filled("Bright Skin: hello")


def test_a_moment_may_be_said_as_its_day() -> None:
    assert fill("{7 days after end:day}", {}, appointment=BOOKED, now=START).text == "Tue Mar 17"
    assert fill("{6 months before start:day}", {}, appointment=BOOKED, now=START).text == "Wed Sep 10"


def test_months_end_on_the_last_day_there_is() -> None:
    start = at("Mon 2026-08-31 14:00")
    late = replace(BOOKED, starts_at=start, ends_at=start)
    assert fill("{6 months before start:day}", {}, appointment=late, now=start).text == "Sat Feb 28"


@pytest.mark.parametrize("template", ["{nmae}", "{}", "{4 hours after lunch}"])
def test_an_unknown_placeholder_is_an_error_not_a_brace_in_a_text(template: str) -> None:
    with pytest.raises(KeyError):
        fill(template, VALUES, appointment=BOOKED, now=START)


def test_a_moment_without_an_appointment_is_an_error() -> None:
    with pytest.raises(KeyError, match="start_day"):
        fill("{start_day}", VALUES)


def test_placeholders_are_listed_and_broken_braces_refused() -> None:
    assert list(placeholders("{clinic}: until {7 days after end:day}")) == ["clinic", "7 days after end"]
    with pytest.raises(ValueError, match=r"\{|\}"):
        list(placeholders("{clinic: x"))


def _step(step_id: str) -> Step:
    step = load(MESSAGES)[TREATMENT].timeline.step(step_id)
    assert step is not None
    return step


def _words(
    step_id: str,
    appointment: Appointment = BOOKED,
    *,
    now: datetime = START,
    occurrence: int = 0,
    carries: tuple[str, ...] = (),
) -> str:
    timeline = load(MESSAGES)[TREATMENT].timeline
    return words_of(
        _step(step_id),
        timeline,
        appointment=appointment,
        now=now,
        values=VALUES,
        occurrence=occurrence,
        carries=carries,
    ).text


def test_prp_has_words_of_its_own() -> None:
    assert "PRP" not in _words("day-of")
    assert "PRP" in _words("day-of", replace(BOOKED, flags={"prp": True}))
    assert "PRP" not in _words("day-of", replace(BOOKED, flags={"prp": False}))


def test_the_last_antiviral_text_speaks_of_the_day_itself() -> None:
    assert [("It is the day" in _words("antiviral-again", occurrence=n)) for n in (0, 1, 2)] == [False, False, True]


def test_late_limits_ask_only_when_one_is_in_force() -> None:
    carries = ("blood-thinners", "skin-products")
    week_before = at("Tue 2026-03-03 14:00")
    assert "Reply Y or N" not in _words("catch-up", now=week_before - timedelta(minutes=1), carries=carries)
    asking = _words("catch-up", now=week_before, carries=carries)
    assert "Reply Y or N" in asking
    assert "since Tue Mar 3" in asking
    assert "avoid blood thinners, retinoids" in asking


def test_the_first_limit_in_force_says_since_when() -> None:
    steps = [_step("sun-and-laser"), _step("anti-inflammatories")]
    assert since_when(steps, BOOKED, START) == at("Tue 2026-02-24 14:00")
    assert since_when(steps, BOOKED, at("Tue 2026-02-24 13:59")) is None


def test_the_sheet_is_cut_into_sentences_with_their_lines() -> None:
    found = statements("Heading\n\n  • One thing’s here. And 2.5 more! *Third?\n\nTitle:\nNo end mark")  # noqa: RUF001
    assert [(s.text, s.line) for s in found] == [("One thing's here.", 3), ("And 2.5 more!", 3)]


def test_every_sentence_of_the_care_sheet_is_a_statement() -> None:
    sheet = real_files()[SHEET]
    found = [statement.text for statement in statements(sheet)]
    assert len(found) == 44
    assert "Avoid the sun!" in found
    assert all(stands_in(text, sheet) for text in found)


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("an antiviral agent for 3 days", True),
        ("AN ANTIVIRAL   agent\nfor 3 days", True),
        ("a year's worth", True),  # the sheet has a typographer's apostrophe
        ("an antiviral for 3 days", False),
        ("no sun for two weeks", False),
    ],
)
def test_a_quote_stands_in_the_sheet_word_for_word(quote: str, stands: bool) -> None:
    assert stands_in(quote, real_files()[SHEET]) is stands


def test_a_statement_rests_on_a_quote_within_it_or_around_it() -> None:
    sun = next(s for s in statements(real_files()[SHEET]) if s.text == "Avoid the sun!")
    assert rests_on(sun, ["avoid the sun"])
    assert rests_on(sun, ["Avoid the sun! Avoid strenuous exercise"])
    assert not rests_on(sun, ["Avoid strenuous exercise"])


def test_yaml_remembers_its_lines() -> None:
    document = parse("steps:\n  - id: a\n    text: >\n      long\n      words\n  - id: b\nend: 1\n")
    assert line_of(document, ["steps", 0, "text"]) == 3
    assert line_of(document, ["steps", 1]) == 6
    assert line_of(document, ["steps", 1, "missing"]) == 6
    assert line_of(document, ["end"]) == 7
    assert line_of(document, ["nothing"]) == 1
    assert line_of(None, ["steps"]) == 1


def test_yaml_with_a_key_twice_is_refused_with_its_line() -> None:
    with pytest.raises(RepeatedKey) as raised:
        parse("a: 1\nb: 2\na: 3\n")
    assert (raised.value.key, raised.value.line) == ("a", 3)


def test_a_key_that_yaml_would_take_for_a_truth_value_stays_a_word() -> None:
    assert parse("no: thank you") == {"no": "thank you"}


def test_the_messages_hold_no_file_that_is_not_read() -> None:
    assert {path.suffix for path in Path(MESSAGES).rglob("*") if path.is_file()} <= {".yaml", ".txt", ".md"}
