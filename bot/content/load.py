"""The one reader of messages/. It decides nothing: what it reads is checked, and used only when nothing is wrong."""

from pathlib import Path

from bot.content.check import Checked, WordCheck, check
from bot.content.model import Content
from bot.errors import ContentError, Problem

KINDS = (".yaml", ".txt")
ENCODING = "utf-8-sig"  # as UTF-8, with or without the mark that some editors put first


def load(folder: Path, *, word_check: WordCheck | None = None) -> dict[str, Content]:
    """Every treatment's content by name; ContentError carries all problems at once."""
    checked = look_at(folder, word_check=word_check)
    # clinic.yaml is checked with every treatment; its problems are told once.
    problems = list(dict.fromkeys(problem for each in checked.values() for problem in each.problems))
    if problems:
        raise ContentError(problems)
    return {name: each.content for name, each in checked.items() if each.content is not None}


def look_at(folder: Path, *, word_check: WordCheck | None = None) -> dict[str, Checked]:
    """What the check says of every treatment below `folder`; that there is none is a problem too.

    Raises ContentError where a file is not UTF-8, as nothing can be said of the words in it.
    """
    files = read_files(folder)
    treatments = sorted({name.split("/")[0] for name in files if "/" in name}) or ["micro-needling"]
    return {name: check(files, name, word_check=word_check) for name in treatments}


def read_files(folder: Path) -> dict[str, str]:
    """The text of every file of messages/, by its path below the folder."""
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in KINDS]
    names = {path: path.relative_to(folder).as_posix() for path in paths}
    garbled = [problem for path in paths if (problem := _is_garbled(path, names[path]))]
    if garbled:
        raise ContentError(garbled)
    return {name: path.read_text(encoding=ENCODING) for path, name in names.items()}


def _is_garbled(path: Path, name: str) -> Problem | None:
    raw = path.read_bytes()
    try:
        raw.decode(ENCODING)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return Problem(name, line, "the file is not saved as UTF-8", "Save it again with the encoding UTF-8.")
    return None
