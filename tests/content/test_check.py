"""Each check of messages/, proven on the real files with one thing broken: where it is shown, what it says, what to do."""

from pathlib import Path

import pytest
from tests.content.broken import (
    ANSWERS,
    CLINIC,
    MESSAGES,
    QUESTIONS,
    SHEET,
    SIGNS,
    TIMELINE,
    TREATMENT,
    edited,
    line_with,
    problems_of,
    real_files,
)

from bot.content.check import check
from bot.content.load import load, look_at
from bot.errors import ContentError

FIRST_STATEMENT = "Avoid Accutane in the six months prior to beginning your treatment sessions."

# caption: (file, what stands there, what is put there, words on the line to be shown, what it says, what to do)
BROKEN = {
    "an unknown key": (
        TIMELINE, "  - id: welcome\n    when: booked", "  - id: welcome\n    wenn: booked",
        "wenn: booked", "`wenn` is no key known here", "Check its spelling",
    ),
    "an unknown key of an answer": (
        ANSWERS, "      verdict: info\n", "      verdickt: info\n",
        "verdickt: info", "`verdickt` is no key known here", "Check its spelling",
    ),
    "a key that is missing": (
        ANSWERS, "- topic: heat\n  name: jacuzzi, sauna and steam\n", "- topic: heat\n",
        "- topic: heat", "`name` is missing", "Add it",
    ),
    "a key written twice": (
        TIMELINE, "  - id: welcome\n    when: booked\n", "  - id: welcome\n    when: booked\n    when: end\n",
        "    when: end", "`when` is written twice", "Keep one",
    ),
    "no YAML": (
        CLINIC, "  started: you", "  started: you: will\n  x: [", "x: [", "this is not YAML", "quotes",
    ),
    "a step without a moment": (
        TIMELINE, "    when: 2 days after at 9:00\n", "", "- id: flaking", "the step has no `when`", "README.md",
    ),
    "a moment nobody understands": (
        TIMELINE, "when: 2 days after at 9:00", "when: two days later",
        "when: two days later", "'two days later' names no moment; write for example '3 days before at 9:00'", "README.md",
    ),
    "a usefulness nobody understands": (
        TIMELINE, "useful until: 36 hours after end", "useful until: a while",
        "useful until: a while", "'a while' names no moment", "README.md",
    ),
    "a clock time that is none": (
        TIMELINE, 'may go from: "7:00"', 'may go from: "27:00"', 'may go from: "27:00"', "27:00 is no clock time", "README.md",
    ),
    "a merged step that does not say how it reads": (
        TIMELINE, "    merged as: blood thinners\n", "", "- id: blood-thinners", "`if late: merge` needs `merged as`", "README",
    ),
    "an answer without a source": (
        ANSWERS, "      text: Use Tylenol as needed for any soreness.\n      source: Use Tylenol as needed for any soreness.\n",
        "      text: Use Tylenol as needed for any soreness.\n",
        "- verdict: ok\n", "an answer needs `verdict`, `text` and `source`", "README.md",
    ),
    "an answer and a hand-over in one": (
        ANSWERS, "    - until: start\n      to staff: only", "    - until: start\n      verdict: ok\n      to staff: only",
        "", "`to staff: only` gives no answer", "README.md",
    ),
    "a verdict there is not": (
        ANSWERS, "      verdict: wait\n", "      verdict: later\n", "verdict: later", "verdict", "README.md",
    ),
    "a quote that is not in the sheet": (
        TIMELINE, "    source: take an antiviral agent for 3 days prior", "    source: take an antiviral agent for 4 days prior",
        "source: take an antiviral agent for 4 days prior", "the care sheet does not say", "Quote its words exactly",
    ),
    "a quote with a gap": (
        TIMELINE, "source: signs or symptoms of infection such as discharge or increasing", "source: signs or symptoms of increasing",
        "source: signs or symptoms of increasing", "the care sheet does not say", "without a gap",
    ),
    "a quote too short to prove anything": (
        ANSWERS, "      source: Use Tylenol as needed for any soreness.", '      source: "."',
        'source: "."', "too short", "two at least",
    ),
    "a statement that nothing uses": (
        SHEET, FIRST_STATEMENT, f"{FIRST_STATEMENT} Do not go swimming for three days.",
        "Avoid Accutane", "no text and no answer rests on 'Do not go swimming for three days.'", "Add a step, an answer or a sign",
    ),
    "a placeholder that does not exist": (
        TIMELINE, "hi {name}, your", "hi {nmae}, your", "text: >", "there is no placeholder {nmae} here", "Use clinic, name, phone",
    ),
    "a placeholder that only a merged text fills": (
        TIMELINE, "hi {name}, your", "hi {limits}, your", "text: >", "there is no placeholder {limits} here", "name",
    ),
    "an {until} where the answer has no end": (
        ANSWERS, "Yes, your 24 hours are over, you may exercise again.", "Yes, until {until} you may exercise again.",
        "Yes, until {until}", "there is no placeholder {until} here", "phone",
    ),
    "a time in a text for people without an appointment": (
        CLINIC, "this number has no appointment with us, so we told our team. To", "nothing on {start_day}. To",
        "nothing on {start_day}", "there is no placeholder {start_day} here", "Use clinic or phone.",
    ),
    "a time in a text for staff": (
        CLINIC, '  answered: "sent to {patient}."', '  answered: "sent {4 hours after end}."',
        "sent {4 hours", "there is no placeholder {4 hours after end} here", "patient",
    ),
    "braces that do not pair": (
        TIMELINE, "hi {name}, your", "hi {name, your", "text: >", "the braces do not pair", "Write placeholders like",
    ),
    "a text that needs UCS-2": (
        TIMELINE, "are over. You may wash", "are over – you may wash",  # noqa: RUF001 - the dash is the point
        "", "'–' (U+2013) makes the text cost more than twice as much", "plain letter",  # noqa: RUF001
    ),
    "an answer that needs UCS-2": (
        ANSWERS, "      text: Use Tylenol as needed for any soreness.\n", "      text: Use Tylenol for a d\u00e9j\u00e0-vu of soren\u00eass.\n",
        "Use Tylenol for a d", "'\u00ea' (U+00EA)", "plain letter",
    ),
    "a text over two segments": (
        TIMELINE, "It is the day of your micro-needling.", "It is the day of your micro-needling. " * 9,
        "last text: >", "the text fills 3 segments", "Shorten it to 2 segments (306 characters).",
    ),
    "an answer that is over two segments only with a real date": (
        ANSWERS, "IPL and laser are fine until {until}.", "IPL and laser are fine until {until}. " + "x" * 180 + ".",
        "IPL and laser are fine", "the text fills 3 segments", "Shorten it",
    ),
    "a text that does not name the clinic": (
        TIMELINE, "      {clinic}: your 4 hours are over", "      Your 4 hours are over", "", "does not begin with {clinic}", "{clinic}:",
    ),
    "CANCEL offered as a reply": (
        TIMELINE, "Reply C to confirm, or MOVE if", "Reply C to confirm, CANCEL if", "", "carriers treat CANCEL as", "C, MOVE, Y or N",
    ),
    "YES offered as a reply": (
        TIMELINE, "are you prone to cold sores? Reply Y or N.", "are you prone to cold sores? Reply YES or NO.",
        "", "carriers treat YES as", "Y or N",
    ),
    "yes offered in small letters": (
        TIMELINE, "are you prone to cold sores? Reply Y or N.", "are you prone to cold sores? Reply yes or no.",
        "", "carriers treat yes as", "Y or N",
    ),
    "END offered in a text of the clinic": (
        CLINIC, "  help: >\n    we text", "  help: >\n    send END to stop, we text", "help: >", "carriers treat END as", "Offer another word",
    ),
    "a topic without an answer for some moment": (
        ANSWERS, "    - verdict: ok\n      text: Yes, your 24 hours are over, you may", "    - until: day 9\n      verdict: ok\n      text: Yes, your 24 hours are over, you may",
        "- until: day 9", "exercise has no answer after its last `until`", "Add a last answer without `until`",
    ),
    "an answer that can never be given": (
        ANSWERS, "    - until: 4 hours after end\n", "    - until: 4 days after end\n",
        "- until: 4 days after end", "wash: the answer after this one can never be given", "in the order of their `until`",
    ),
    "a flag that is none": (
        TIMELINE, "    only: cold_sores\n", "    only: coldsores\n", "only: coldsores", "'coldsores' is no flag", "Use one of cold_sores",
    ),
    "a step that refers to none": (
        TIMELINE, "not on the day of: antiviral-start", "not on the day of: antiviral", "not on the day of: antiviral",
        "there is no step 'antiviral'", "Check its spelling",
    ),
    "two steps of one name": (
        TIMELINE, "- id: eyes", "- id: flaking", "", "two steps are called flaking", "Give one another id",
    ),
    "a topic nobody can ask about": (
        ANSWERS, "- topic: sleep\n", "- topic: sleeping\n", "- topic: sleeping", "nobody can ask about 'sleeping'", "Add the topic to questions.yaml",
    ),
    "words for a topic without answers": (
        QUESTIONS, "- topic: sleep\n", "- topic: sleeping\n", "- topic: sleeping", "'sleeping' has no answers", "Add the topic to answers.yaml",
    ),
    "a text of the clinic that is missing": (
        CLINIC, "  thanks: you are welcome.\n", "", "patients:", "the text `thanks` is missing", "Add it",
    ),
    "a text of the clinic that nothing uses": (
        CLINIC, "  thanks: you", "  thnaks: nothing.\n  thanks: you", "thnaks", "`thnaks` is no text the bot uses", "Check its spelling",
    ),
    "an urgency there is not": (
        SIGNS, "  urgency: urgent", "  urgency: soon", "urgency: soon", "urgency", "README.md",
    ),
    "a sign that quotes nothing of the sheet": (
        SIGNS, '  source: "increasing redness"', '  source: "increasing blueness"', "increasing blueness", "the care sheet does not say", "Quote",
    ),
}  # fmt: skip


def test_the_messages_are_in_order() -> None:
    assert [str(problem) for problem in problems_of(real_files())] == []


def test_everything_is_counted() -> None:
    counts = check(real_files(), TREATMENT).counts
    assert counts.statements >= 40
    assert counts.texts >= 28
    assert counts.answers >= 80
    assert counts.signs == 9


@pytest.mark.parametrize("caption", BROKEN)
def test_the_check_shows_the_line_and_the_next_move(caption: str) -> None:
    file, old, new, shown, what, remedy = BROKEN[caption]
    files = edited(file, old, new)
    found = [problem for problem in problems_of(files) if what in problem.what]
    assert found, [str(problem) for problem in problems_of(files)]
    assert found[0].file == file
    assert remedy in found[0].remedy
    assert _near(files, file, found[0].line, shown.strip() or new.strip().splitlines()[0])


@pytest.mark.parametrize("file", [TIMELINE, ANSWERS, SHEET, SIGNS, QUESTIONS, CLINIC])
def test_a_missing_file_is_named(file: str) -> None:
    files = {name: text for name, text in real_files().items() if name != file}
    assert f"{file}:1: the file is missing. Create it" in str(problems_of(files)[0])


def test_problems_of_all_kinds_and_files_are_found_in_one_go() -> None:
    files = edited(TIMELINE, "  - id: welcome\n    when: booked", "  - id: welcome\n    wenn: booked")
    files = {**files, ANSWERS: edited(ANSWERS, "source: Use Tylenol as needed", "source: Use Tylenol at night")[ANSWERS]}
    files = {**files, CLINIC: edited(CLINIC, "  thanks: you are welcome.", "  thanks: you’re welcome.")[CLINIC]}  # noqa: RUF001
    found = problems_of(files)
    assert {problem.file for problem in found} == {TIMELINE, ANSWERS, CLINIC}
    assert [problem for problem in found if "no text and no answer rests" in problem.what] == []


def test_two_broken_entries_far_apart_hide_neither_each_other_nor_what_lies_between() -> None:
    text = real_files()[TIMELINE].replace("- id: moved", "- id: moved\n    x: 1").replace("- id: eyes", "- id: eyes\n    y: 1")
    text = text.replace("- id: flaking", "- id: flaking\n    z: 1").replace("hi {name}, your", "hi {nmae}, your")
    found = [problem.what for problem in problems_of({**real_files(), TIMELINE: text})]
    assert [w for w in found if "no key" in w] == [f"`{key}` is no key known here" for key in "xyz"]
    assert "there is no placeholder {nmae} here" in found


def test_a_word_two_topics_claim_is_shown_where_the_first_of_them_stands() -> None:
    def claimed(questions: object, signs: object) -> list[tuple[str, str, str]]:
        return [("heat", "`sauna` is claimed twice", "Keep it in one place.")]

    found = problems_of(real_files(), word_check=claimed)
    assert [str(problem) for problem in found] == [
        f"{QUESTIONS}:{line_with(real_files(), QUESTIONS, '- topic: heat')}: `sauna` is claimed twice. Keep it in one place."
    ]


def test_problems_come_in_the_order_of_their_lines() -> None:
    text = real_files()[TIMELINE].replace("{clinic}:", "clinic:")
    lines = [problem.line for problem in problems_of({**real_files(), TIMELINE: text})]
    assert len(lines) > 20
    assert lines == sorted(lines)


@pytest.mark.parametrize("document", ["", "[]", "just words", "- 1\n- 2", "steps:", "topic: x", "null"])
@pytest.mark.parametrize("file", [TIMELINE, ANSWERS, SIGNS, QUESTIONS, CLINIC])
def test_a_file_of_the_wrong_shape_is_a_problem_and_no_traceback(file: str, document: str) -> None:
    if (file, document) in ((ANSWERS, "[]"), (SIGNS, "[]"), (QUESTIONS, "[]")):
        return
    assert any(problem.file == file for problem in problems_of({**real_files(), file: document}))


def test_the_folder_is_loaded_by_treatment() -> None:
    assert list(load(MESSAGES)) == [TREATMENT]
    assert len(load(MESSAGES)[TREATMENT].topics) == 33


def test_a_broken_folder_raises_all_its_problems(tmp_path: Path) -> None:
    _write(tmp_path, edited(CLINIC, "  thanks: you are welcome.\n", ""))
    with pytest.raises(ContentError, match=r"clinic\.yaml:\d+: the text `thanks` is missing"):
        load(tmp_path)


def test_an_empty_folder_names_the_files_that_belong_there(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="timeline.yaml:1: the file is missing") as raised:
        load(tmp_path)
    assert len(raised.value.problems) == 6


def test_clinic_yaml_is_complained_of_once_however_many_treatments_there_are(tmp_path: Path) -> None:
    files = edited(CLINIC, "  thanks: you are welcome.\n", "")
    _write(tmp_path, files | {name.replace(TREATMENT, "peel"): text for name, text in files.items()})
    with pytest.raises(ContentError) as raised:
        load(tmp_path)
    assert [problem.file for problem in raised.value.problems] == [CLINIC]
    assert list(look_at(tmp_path)) == [TREATMENT, "peel"]


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    _write(tmp_path, real_files())
    (tmp_path / CLINIC).write_bytes("patients:\n  help: caf\u00e9\n".encode("latin-1"))
    with pytest.raises(ContentError, match=r"clinic\.yaml:2: the file is not saved as UTF-8"):
        load(tmp_path)


def test_the_mark_that_some_editors_put_first_does_no_harm(tmp_path: Path) -> None:
    _write(tmp_path, {name: "\ufeff" + text for name, text in real_files().items()})
    assert list(load(tmp_path)) == [TREATMENT]


def _near(files: dict[str, str], file: str, line: int, words: str) -> bool:
    """Whether the line shown is the one with these words, or the key just above a text that runs over lines."""
    lines = files[file].splitlines()
    return any(words in shown for shown in lines[line - 1 : line + 3])


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
