"""Every problem of messages/ at once, each with file, line and the author's next move. Pure; opens no file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.care.model import Timeline
from bot.content import check_rules as rules
from bot.content.lines import RepeatedKey, line_of, parse
from bot.content.model import Content, Counts, Sign, Topic
from bot.content.schema import ClinicFile, SignEntry, SignOrWords, TimelineFile, TopicEntry, WordEntry
from bot.content.statements import statements
from bot.errors import Problem

CLINIC = "clinic.yaml"
PARTS = ("care-sheet.txt", "timeline.yaml", "answers.yaml", "questions.yaml", "warning-signs.yaml")

# What pydantic calls a value of the wrong form, as an author would say what belongs there.
FORMS = {
    "model_type": "lines like `name: what it is`",
    "dict_type": "lines like `name: what it is`",
    "tuple_type": "a list, each entry with `- ` before it",
    "string_type": "words, in quotes where they look like a number",
}

# (entry, what, remedy) for words that patients could mean two ways; the understanding brings its own.
WordCheck = Callable[[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]], Iterable[tuple[str, str, str]]]


@dataclass(frozen=True)
class Checked:
    """The content where it is usable, every problem, and what was counted."""

    content: Content | None
    problems: tuple[Problem, ...]
    counts: Counts


@dataclass
class _File:
    """One file under check: its name, its parsed document, what it was read into, and whether that is all of it."""

    name: str
    document: Any = None
    read: Any = None
    is_whole: bool = False


def check(files: Mapping[str, str], treatment: str, *, word_check: WordCheck | None = None) -> Checked:
    """Read one treatment's files (and clinic.yaml) and find everything wrong with them.

    `files` maps names as shown to the author ("micro-needling/timeline.yaml") to their text.
    """
    problems: list[Problem] = []
    names = {part: f"{treatment}/{part}" for part in PARTS} | {CLINIC: CLINIC}
    shapes: dict[str, Any] = {
        "timeline.yaml": TimelineFile, "answers.yaml": tuple[TopicEntry, ...], CLINIC: ClinicFile,
        "questions.yaml": tuple[WordEntry, ...], "warning-signs.yaml": tuple[SignOrWords, ...],
    }  # fmt: skip
    read = {part: _read(files, names[part], shape, problems) for part, shape in shapes.items()}
    sheet = files.get(names["care-sheet.txt"])
    if sheet is None:
        problems.append(_missing(names["care-sheet.txt"]))
    content = _content(read)
    is_whole = sheet is not None and all(file.is_whole for file in read.values())
    for find in rules.RULES if is_whole else rules.RULES_FOR_A_PART:
        if sheet is not None or find is not rules.quotes_stand_in_the_sheet:
            problems += [_problem(read, found) for found in find(content, sheet or "")]
    if word_check and read["questions.yaml"].is_whole and read["warning-signs.yaml"].is_whole:
        found_words = word_check(content.questions, content.sign_words)
        problems += [_word_problem(read, entry, what, remedy) for entry, what, remedy in found_words]
    problems.sort(key=lambda p: (p.file, p.line))
    counts = Counts(
        statements=len(statements(sheet or "")),
        texts=sum(1 + len(s.variants) for s in content.timeline.steps),
        answers=sum(len(t.windows) for t in content.topics.values()),
        signs=len(content.signs),
    )
    return Checked(content if not problems else None, tuple(problems), counts)


def _read(files: Mapping[str, str], name: str, shape: Any, problems: list[Problem]) -> _File:
    file = _File(name)
    text = files.get(name)
    if text is None:
        problems.append(_missing(name))
        return file
    try:
        file.document = parse(text)
        file.read = TypeAdapter(shape).validate_python(file.document)
        file.is_whole = True
    except RepeatedKey as error:
        problems.append(Problem(name, error.line, f"`{error.key}` is written twice", "Keep one of them."))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"this is not YAML ({getattr(error, 'problem', None) or error})"
        problems.append(Problem(name, mark.line + 1 if mark else 1, what, "Put texts with a colon in quotes."))
    except ValidationError as error:
        problems += [_shape_problem(name, file.document, detail) for detail in error.errors()]
        file.read = _rest(shape, file.document, [detail["loc"] for detail in error.errors()])
    return file


def _rest(shape: Any, document: Any, broken: Sequence[Sequence[Any]]) -> Any:
    """What can be read with the broken entries left out, so that the others are checked in the same go; or None."""
    rest = deepcopy(document)
    for path in sorted({_entry_path(path) for path in broken if path}, key=_places, reverse=True):
        place = rest
        for key in path[:-1]:
            place = place[key]
        if isinstance(place, list) or (isinstance(place, dict) and path[-1] in place):
            del place[path[-1]]
    try:
        return TypeAdapter(shape).validate_python(rest)
    except ValidationError:
        return None


def _entry_path(path: Sequence[Any]) -> tuple[Any, ...]:
    """Up to the first item of a list: a step, a topic, a sign; a key where there is no list."""
    numbers = [place for place, key in enumerate(path) if isinstance(key, int)]
    return tuple(path[: numbers[0] + 1]) if numbers else tuple(path)


def _places(path: Sequence[Any]) -> list[int]:
    """To sort by: deleting from the end keeps the places before it right."""
    return [key if isinstance(key, int) else 0 for key in path]


def _shape_problem(name: str, document: Any, detail: Any) -> Problem:
    path = list(detail["loc"])
    path = [part for part in path if part not in ("sign", "words")] if name.endswith("warning-signs.yaml") else path
    what, where = str(detail["msg"]).removeprefix("Value error, "), ".".join(str(p) for p in path)
    match detail["type"]:
        case "extra_forbidden":
            what, remedy = f"`{path[-1]}` is no key known here", "Check its spelling against messages/README.md."
        case "missing":
            what, remedy = f"`{path[-1]}` is missing", "Add it; messages/README.md has an example."
        case kind if kind in FORMS:
            what = "is empty" if detail["input"] in (None, "") else f"must be {FORMS[kind]}"
            what, remedy = f"{where or 'the file'} {what}", "See messages/README.md for how to write it."
        case _:
            what, remedy = f"{where}: {what}", "See messages/README.md for how to write it."
    return Problem(name, line_of(document, path), what, remedy)


def _missing(name: str) -> Problem:
    return Problem(name, 1, "the file is missing", "Create it; messages/README.md shows what belongs in it.")


def _content(read: Mapping[str, _File]) -> Content:
    """The content of all files; what could not be read is empty, and then the content is only looked at, never used."""
    timeline, clinic = read["timeline.yaml"].read, read[CLINIC].read
    topics, signs = read["answers.yaml"].read or (), read["warning-signs.yaml"].read or ()
    return Content(
        timeline=timeline.timeline() if timeline else Timeline("", "", timedelta(0), {}, ()),
        topics={t.topic: Topic(t.topic, t.name, tuple(w.window() for w in t.answers)) for t in topics},
        signs={s.sign: _sign(s) for s in signs if isinstance(s, SignEntry)},
        patients=clinic.patients if clinic else {},
        staff=clinic.staff if clinic else {},
        questions=tuple(_plain(q) for q in read["questions.yaml"].read or ()),
        sign_words=tuple(_plain(s) for s in signs),
    )


def _sign(entry: SignEntry) -> Sign:
    reply = " ".join(entry.reply.split())
    return Sign(entry.sign, entry.urgency, reply, entry.name or entry.sign.replace("_", " "), entry.source)


def _plain(entry: BaseModel) -> dict[str, Any]:
    return entry.model_dump(by_alias=True)


def _problem(read: Mapping[str, _File], found: rules.Found) -> Problem:
    if found.part not in read:
        return Problem(f"{read['timeline.yaml'].name.split('/')[0]}/{found.part}", found.line, found.what, found.remedy)
    file = read[found.part]
    return Problem(file.name, line_of(file.document, _path(file.document, found)), found.what, found.remedy)


def _path(document: Any, found: rules.Found) -> list[Any]:
    """Entries are found by name: a step by its id, a topic, a sign; the rest of the path follows as written."""
    entries = document["steps"] if found.part == "timeline.yaml" else document
    prefix = ["steps"] if found.part == "timeline.yaml" else []
    if found.part == CLINIC or not found.entry:
        return [*found.path]
    named = [(e.get("id"), e.get("topic"), e.get("sign")) if isinstance(e, dict) else () for e in entries]
    places = [i for i, names in enumerate(named) if found.entry in names]
    return [*prefix, places[-1] if found.last else places[0], *found.path] if places else prefix


def _word_problem(read: Mapping[str, _File], entry: str, what: str, remedy: str) -> Problem:
    for part in ("questions.yaml", "warning-signs.yaml"):
        file = read[part]
        if any(entry in (e.get("topic"), e.get("sign")) for e in file.document):
            return Problem(
                file.name, line_of(file.document, _path(file.document, rules.Found(part, entry))), what, remedy
            )
    return Problem(read["questions.yaml"].name, 1, what, remedy)
