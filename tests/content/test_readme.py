"""The examples of messages/README.md are right: each one, put into the real files, leaves the check content."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot.content.examples import MERGED_NAMES, STEP_NAMES, WINDOW_NAMES
from bot.content.moments import parse_moment
from bot.content.schema import SignEntry, StepEntry, TimelineFile, TopicEntry, WindowEntry
from tests.content.broken import ANSWERS, CLINIC, MESSAGES, QUESTIONS, SIGNS, TIMELINE, problems_of, real_files

README = (MESSAGES / "README.md").read_text(encoding="utf-8")
FILES = {
    "timeline": TIMELINE,
    "answers": ANSWERS,
    "questions": QUESTIONS,
    "warning-signs": SIGNS,
    "clinic": CLINIC,
}


def _examples() -> list[tuple[str, str]]:
    return re.findall(r"^```yaml (\S+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("kind", "example"), _examples(), ids=[kind for kind, _ in _examples()])
def test_an_example_put_into_the_real_files_passes_the_check(kind: str, example: str) -> None:
    document = yaml.safe_load(real_files()[FILES[kind]])
    _put(yaml.safe_load(example), document["steps"] if kind == "timeline" else document)
    files = {**real_files(), FILES[kind]: yaml.safe_dump(document, sort_keys=False)}
    found = [str(problem) for problem in problems_of(files) if "no text and no answer rests on" not in problem.what]
    assert found == []


def test_every_key_has_an_example() -> None:
    shown = {kind: set() for kind in FILES}
    for kind, example in _examples():
        shown[kind] |= set(_keys(yaml.safe_load(example)))
    assert {_key(name) for name in StepEntry.model_fields} <= shown["timeline"]
    assert {_key(name) for name in (*TopicEntry.model_fields, *WindowEntry.model_fields)} == shown["answers"]
    assert set(SignEntry.model_fields) <= shown["warning-signs"]
    assert {"patients", "staff"} <= shown["clinic"]


def test_every_key_of_the_timeline_is_explained() -> None:
    for name in (*StepEntry.model_fields, *TimelineFile.model_fields):
        assert f"`{_key(name)}`" in README or f"`{_key(name)}: yes`" in README, name


def test_every_moment_of_the_readme_is_one() -> None:
    (block,) = re.findall(r"^```moments\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    phrases = [re.split(r" {2,}", line)[0] for line in block.splitlines()]
    assert len(phrases) >= 12
    for phrase in phrases:
        parse_moment(phrase)


def test_every_placeholder_is_explained() -> None:
    explained = set(re.findall(r"^\| `\{([a-z_]+)\}`", README, re.MULTILINE))
    assert explained == STEP_NAMES | MERGED_NAMES | WINDOW_NAMES | {"until"}


def test_every_file_of_the_folder_is_named() -> None:
    for path in MESSAGES.rglob("*"):
        if path.suffix in (".yaml", ".txt"):
            assert f"`{path.relative_to(MESSAGES).as_posix()}`" in README


def _put(example: Any, document: Any) -> None:
    """Entries replace those of the same name; the keys of a mapping are replaced one by one."""
    if isinstance(example, dict):
        for part, texts in example.items():
            document[part].update(texts)
        return
    for entry in example:
        name = next(key for key in ("id", "topic", "sign") if key in entry)
        places = [place for place, old in enumerate(document) if old.get(name) == entry[name]]
        assert places, f"{entry[name]} is not in the real file"
        document[places[0]] = {**document[places[0]], **entry} if "said as" in entry else entry


def _keys(document: Any) -> Iterator[str]:
    for entry in document if isinstance(document, list) else [document]:
        for key, value in entry.items():
            yield key
            if isinstance(value, list) and value and isinstance(value[0], dict):
                yield from _keys(value)


def _key(name: str) -> str:
    return name.replace("_", " ")
