"""Each check of messages/, on the real files with one thing broken: what it says, where, and what to do."""

from pathlib import Path

import pytest
import yaml

from bot.content.check import check
from bot.content.load import load, look_at
from bot.errors import ContentError
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

BROKEN = yaml.safe_load(Path(__file__).with_name("broken.yaml").read_text(encoding="utf-8"))

STARTED = "  started: you will get our texts again. Reply STOP to end them, HELP for help.\n"


def test_the_messages_are_in_order() -> None:
    assert [str(problem) for problem in problems_of(real_files())] == []


def test_everything_is_counted() -> None:
    counts = check(real_files(), TREATMENT).counts
    assert counts.statements >= 40
    assert counts.texts >= 28
    assert counts.answers >= 80
    assert counts.signs == 9


@pytest.mark.parametrize("case", BROKEN, ids=[case["broken"] for case in BROKEN])
def test_the_check_shows_the_line_and_the_next_move(case: dict[str, str]) -> None:
    files = edited(case["file"], case["where it says"], case["it now says"])
    found = [problem for problem in problems_of(files) if case["what"] in problem.what]
    assert found, [str(problem) for problem in problems_of(files)]
    assert found[0].file == case["file"]
    assert case["what to do"] in found[0].remedy
    shown = case["shown at"] or case["it now says"].strip().splitlines()[0]
    assert _near(files, case["file"], found[0].line, shown)


@pytest.mark.parametrize("file", [TIMELINE, ANSWERS, SHEET, SIGNS, QUESTIONS, CLINIC])
def test_a_missing_file_is_named(file: str) -> None:
    files = {name: text for name, text in real_files().items() if name != file}
    assert f"{file}:1: the file is missing. Create it" in str(problems_of(files)[0])


def test_problems_of_all_kinds_and_files_are_found_in_one_go() -> None:
    files = edited(TIMELINE, "  - id: welcome\n    when: booked", "  - id: welcome\n    wenn: booked")
    files = {
        **files,
        ANSWERS: edited(ANSWERS, "source: Use Tylenol as needed", "source: Use Tylenol at night")[ANSWERS],
    }
    files = {**files, CLINIC: edited(CLINIC, "  started: you will get", "  started: you’ll get")[CLINIC]}  # noqa: RUF001
    found = problems_of(files)
    assert {problem.file for problem in found} == {TIMELINE, ANSWERS, CLINIC}
    assert [problem for problem in found if "no text and no answer rests" in problem.what] == []


def test_two_broken_entries_far_apart_hide_neither_each_other_nor_what_lies_between() -> None:
    text = (
        real_files()[TIMELINE]
        .replace("- id: moved", "- id: moved\n    x: 1")
        .replace("- id: eyes", "- id: eyes\n    y: 1")
    )
    text = text.replace("- id: flaking", "- id: flaking\n    z: 1").replace("hi {name}, your", "hi {nmae}, your")
    found = [problem.what for problem in problems_of({**real_files(), TIMELINE: text})]
    assert [w for w in found if "no key" in w] == [f"`{key}` is no key known here" for key in "xyz"]
    assert "there is no placeholder {nmae} here" in found


def test_a_word_two_topics_claim_is_shown_where_the_first_of_them_stands() -> None:
    def claimed(questions: object, signs: object) -> list[tuple[str, str, str]]:
        return [("heat", "`sauna` is claimed twice", "Keep it in one place.")]

    found = problems_of(real_files(), word_check=claimed)
    line = line_with(real_files(), QUESTIONS, "- topic: heat")
    expected = f"{QUESTIONS}:{line}: `sauna` is claimed twice. Keep it in one place."
    assert [str(problem) for problem in found] == [expected]


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
    _write(tmp_path, edited(CLINIC, STARTED, ""))
    with pytest.raises(ContentError, match=r"clinic\.yaml:\d+: the text `started` is missing"):
        load(tmp_path)


def test_an_empty_folder_names_the_files_that_belong_there(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"timeline\.yaml:1: the file is missing") as raised:
        load(tmp_path)
    assert len(raised.value.problems) == 6


def test_clinic_yaml_is_complained_of_once_however_many_treatments_there_are(tmp_path: Path) -> None:
    files = edited(CLINIC, STARTED, "")
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


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_file_that_is_not_utf8_hides_no_other_problem(tmp_path: Path, encoding: str) -> None:
    _write(tmp_path, edited(TIMELINE, "    when: booked", "    wenn: booked"))
    words = real_files()[CLINIC].replace(STARTED, "") + "# caf\u00e9\n"
    (tmp_path / CLINIC).write_bytes(words.encode(encoding))
    with pytest.raises(ContentError) as raised:
        load(tmp_path)
    found = str(raised.value)
    assert "not saved as UTF-8" in found and "`wenn` is no key" in found
    assert raised.value.folder == str(tmp_path)


def test_a_garbled_file_is_told_of_once_and_only_where_it_is_used(tmp_path: Path) -> None:
    files = real_files() | {name.replace(TREATMENT, "peel"): text for name, text in real_files().items()}
    _write(tmp_path, files)
    (tmp_path / "peel" / "notes.txt").write_bytes(b"\xff")
    found = look_at(tmp_path)
    assert found[TREATMENT].content is not None and found["peel"].content is None
    assert [str(problem) for problem in found["peel"].problems] == [
        "peel/notes.txt:1: the file is not saved as UTF-8. Save it again with the encoding UTF-8."
    ]


def test_a_folder_of_a_treatment_without_files_is_a_problem(tmp_path: Path) -> None:
    _write(tmp_path, real_files())
    (tmp_path / "peel").mkdir()
    (tmp_path / ".git").mkdir()
    assert list(look_at(tmp_path)) == [TREATMENT, "peel"]
    with pytest.raises(ContentError, match=r"peel/timeline\.yaml:1: the file is missing") as raised:
        load(tmp_path)
    assert len(raised.value.problems) == 5


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"nowhere: there is no such folder\. Name the one"):
        load(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("file", "document", "what"),
    [
        (TIMELINE, "", "the file is empty"),
        (TIMELINE, "- id: x", "the file must be lines like `name: what it is`"),
        (TIMELINE, "steps: x", "steps must be a list"),
        (QUESTIONS, "", "the file is empty"),
        (ANSWERS, "topic: x", "the file must be a list, each entry with `- ` before it"),
        (CLINIC, "patients:", "patients is empty"),
    ],
)
def test_a_file_of_the_wrong_shape_is_said_in_an_authors_words(file: str, document: str, what: str) -> None:
    found = [problem.what for problem in problems_of({**real_files(), file: document}) if problem.file == file]
    assert [each for each in found if each.startswith(what)], found


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
