"""The one reader of messages/. It decides nothing: what it reads is checked, and used only when nothing is wrong."""

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from bot.content.check import Checked, WordCheck, check
from bot.content.model import Content, Counts
from bot.errors import ContentError, Problem

KINDS = (".yaml", ".txt")
ENCODING = "utf-8-sig"  # as UTF-8, with or without the mark that some editors put first


def load(folder: Path, *, word_check: WordCheck | None = None) -> dict[str, Content]:
    """Every treatment's content by name; ContentError carries all problems at once."""
    checked = look_at(folder, word_check=word_check)
    # clinic.yaml is checked with every treatment; its problems are told once.
    problems = list(dict.fromkeys(problem for each in checked.values() for problem in each.problems))
    if problems:
        raise ContentError(problems, str(folder))
    return {name: each.content for name, each in checked.items() if each.content is not None}


def look_at(folder: Path, *, word_check: WordCheck | None = None) -> dict[str, Checked]:
    """What the check says of every treatment below `folder`; that there is none is a problem too."""
    if not folder.is_dir():
        problem = Problem(str(folder), 0, "there is no such folder", "Name the one that holds clinic.yaml.")
        return {folder.name: Checked(None, (problem,), Counts(0, 0, 0, 0))}
    files, garbled = read_files(folder), list(_garbled(folder))
    treatments = sorted(path.name for path in folder.iterdir() if path.is_dir() and not _is_hidden(path.name))
    found = {name: check(files, name, word_check=word_check) for name in treatments or ["micro-needling"]}
    return {name: _with(checked, name, garbled) for name, checked in found.items()}


def read_files(folder: Path) -> dict[str, str]:
    """The text of every file of messages/, by its path below the folder; one that is not UTF-8 as well as it can be."""
    return {name: _decoded(path.read_bytes()) for name, path in _paths(folder).items()}


def _paths(folder: Path) -> Mapping[str, Path]:
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in KINDS and path.is_file()]
    names = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path for name, path in names.items() if not any(map(_is_hidden, name.split("/")))}


def _is_hidden(name: str) -> bool:
    return name.startswith(".")


def _decoded(raw: bytes) -> str:
    try:
        text = raw.decode(ENCODING)
    except UnicodeDecodeError:
        # The two that editors save instead: read so, the rest of the file can be checked in the same go.
        is_wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = raw.decode("utf-16" if is_wide else "cp1252", "replace")
    return "\n".join(text.replace("\r\n", "\n").split("\r"))


def _garbled(folder: Path) -> Iterator[Problem]:
    for name, path in _paths(folder).items():
        raw = path.read_bytes()
        try:
            raw.decode(ENCODING)
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            yield Problem(name, line, "the file is not saved as UTF-8", "Save it again with the encoding UTF-8.")


def _with(checked: Checked, treatment: str, garbled: list[Problem]) -> Checked:
    """What the check says, and which of the files it looked at are not saved as they should be."""
    more = [problem for problem in garbled if "/" not in problem.file or problem.file.startswith(f"{treatment}/")]
    if not more:
        return checked
    problems = sorted([*checked.problems, *more], key=lambda problem: (problem.file, problem.line))
    return replace(checked, content=None, problems=tuple(problems))
