"""The real messages with one thing broken in memory, and what the check says of that. Writes no file."""

from functools import cache
from pathlib import Path

from bot.content.check import WordCheck, check
from bot.content.load import read_files
from bot.errors import Problem

MESSAGES = Path(__file__).parents[2] / "messages"
TREATMENT = "micro-needling"
TIMELINE, ANSWERS, SHEET, SIGNS, QUESTIONS = (
    f"{TREATMENT}/{name}"
    for name in ("timeline.yaml", "answers.yaml", "care-sheet.txt", "warning-signs.yaml", "questions.yaml")
)
CLINIC = "clinic.yaml"


@cache
def real_files() -> dict[str, str]:
    """messages/ as it is."""
    return read_files(MESSAGES)


def edited(file: str, old: str, new: str) -> dict[str, str]:
    """messages/ with the first `old` of one file replaced; it must be there."""
    text = real_files()[file]
    assert old in text, f"{file} no longer holds {old!r}"
    return {**real_files(), file: text.replace(old, new, 1)}


def line_with(files: dict[str, str], file: str, words: str) -> int:
    """The number of the first line of a file that holds these words."""
    lines = files[file].splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def problems_of(files: dict[str, str], *, word_check: WordCheck | None = None) -> list[Problem]:
    """What the check finds."""
    return list(check(files, TREATMENT, word_check=word_check).problems)
