"""YAML that remembers the line of every key and item, so that a problem can be shown where its author will look."""

from collections.abc import Hashable, Sequence
from typing import Any

import yaml


class LinedDict(dict[str, Any]):
    """A mapping whose `line` and `lines[key]` are 1-based line numbers."""

    line: int
    lines: dict[str, int]


class LinedList(list[Any]):
    """A list whose `line` and `lines[index]` are 1-based line numbers."""

    line: int
    lines: list[int]


class RepeatedKey(yaml.YAMLError):
    """A mapping names a key twice; YAML would silently keep the last."""

    def __init__(self, key: str, line: int):
        self.key, self.line = key, line
        super().__init__(key)


def parse(text: str) -> Any:
    """The document with lines; yaml.YAMLError where it is not YAML."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader underneath


def line_of(document: Any, path: Sequence[Hashable]) -> int:
    """The line of the deepest part of `path` that exists in the document."""
    line = getattr(document, "line", 1)
    for key in path:
        lines = getattr(document, "lines", None)
        try:
            line = lines[key]  # type: ignore[index]
            document = document[key]
        except (KeyError, IndexError, TypeError):
            break
    return int(line)


# libyaml, where PyYAML was built with it, reads the lists of words ten times as fast.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]
    """SafeLoader that builds the containers above and reads yes/no/on/off as YAML 1.1 does only where bare."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> LinedDict:
    loader.flatten_mapping(node)
    made = LinedDict()
    made.line, made.lines = node.start_mark.line + 1, {}
    for key_node, value_node in node.value:
        key = key_node.value
        if key in made:
            raise RepeatedKey(key, key_node.start_mark.line + 1)
        made[key] = loader.construct_object(value_node, deep=True)
        made.lines[key] = key_node.start_mark.line + 1
    return made


def _sequence(loader: _Loader, node: yaml.SequenceNode) -> LinedList:
    made = LinedList(loader.construct_object(item, deep=True) for item in node.value)
    made.line, made.lines = node.start_mark.line + 1, [item.start_mark.line + 1 for item in node.value]
    return made


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_SEQUENCE_TAG, _sequence)
