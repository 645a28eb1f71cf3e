"""`bot check`: every problem of messages/ at once, for the person who writes there. It mends nothing."""

from collections.abc import Sequence
from pathlib import Path

from bot.content.load import look_at
from bot.content.model import Counts
from bot.conversation.vocabulary import vocabulary_problems
from bot.settings import read_settings


def check(folder: Path | None = None) -> int:
    """Print every problem, or what was found in order; returns the exit status."""
    settings = read_settings(complete=False)  # read in any case: CLINIC_NAME goes into every text
    folder = folder or settings.messages_dir
    checked = look_at(folder, word_check=vocabulary_problems)
    # clinic.yaml serves every treatment, so its problems turn up once for each.
    problems = list(dict.fromkeys(str(problem) for each in checked.values() for problem in each.problems))
    if problems:
        print(*problems, sep="\n")
        print(how_many(problems, folder))
        return 1
    print(_summary([each.counts for each in checked.values()]))
    return 0


def _summary(counts: list[Counts]) -> str:
    kinds = ("statements", "texts", "answers", "signs")
    found = ", ".join(f"{sum(getattr(each, kind) for each in counts)} {kind}" for kind in kinds)
    return f"{found}: all statements are used."


def how_many(problems: Sequence[object], folder: Path) -> str:
    """The last line of a list of problems; it names the folder, which may be another than was meant."""
    return f"{len(problems)} problem{'s' if len(problems) != 1 else ''} in {folder}."
