"""Finds what is wrong with the clinic's words before they are used. Repairs nothing."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.conversation.lexicon import LANGUAGE_SETS
from bot.conversation.model import Urgency
from bot.conversation.numbers import DANGEROUS, FEVER, MANY
from bot.conversation.phrases import Phrase, compile_phrase, named_sets

Problem = tuple[str, str, str]

OFF_SHEET = "not in the sheet: "
# Lists that are found by their form, not by their words (scope.py, numbers.py).
FOUND_BY_FORM = {FEVER, DANGEROUS, MANY, "<comparative>"}
LONGEST_REPLY = 300
_QUESTION_KEYS = (
    {"topic", "asked as", "told as"},
    {"not in the sheet", "asked as", "gives way", "also staff"},
    {"words", "mean"},
)
_SIGN_KEYS = ({"sign", "name", "urgency", "source", "reply", "said as", "perhaps"}, {"words", "mean"})
_SIGN_MUST = {"sign", "urgency", "source", "reply", "said as"}
_PLACEHOLDER = re.compile(r"\{([^}]*)\}")


def vocabulary_problems(questions: Any, signs: Any) -> list[Problem]:
    """Return every problem of questions.yaml and warning-signs.yaml, already parsed, as (entry, what, remedy).

    Checked are the shape of the entries, each phrase, the named sets, the replies, and words that two topics or two
    signs both claim: such a word would have two meanings.
    """
    problems = [*_shape(questions, "questions", _QUESTION_KEYS), *_shape(signs, "warning signs", _SIGN_KEYS)]
    if problems:
        return problems
    problems += [p for entry in [*questions, *signs] for p in _phrase_problems(entry)]
    problems += [p for entry in signs if "sign" in entry for p in _sign_problems(entry)]
    if problems:
        return problems
    known = {f"<{name.replace(' ', '-')}>" for name in LANGUAGE_SETS} | FOUND_BY_FORM
    known |= {f"<{str(e['words']).replace(' ', '-')}>" for e in [*questions, *signs] if "words" in e}
    return [
        *_unknown_sets([*questions, *signs], known),
        *_claimed_twice(questions, ("asked as",), "topic"),
        *_claimed_twice(signs, ("said as",), "sign"),
    ]


def _shape(entries: Any, what: str, allowed: tuple[set[str], ...]) -> Iterator[Problem]:
    if isinstance(entries, str | Mapping) or not isinstance(entries, Sequence):
        yield (
            what,
            f"is {type(entries).__name__}, not a list",
            "write one entry after the other, each beginning with a dash",
        )
        return
    for n, entry in enumerate(entries, start=1):
        if not isinstance(entry, Mapping):
            yield f"{what}, entry {n}", f"{entry!r} is no entry", "begin it with `- topic:`, `- sign:` or `- words:`"
            continue
        fitting = [keys for keys in allowed if set(entry) <= keys]
        if not fitting or (fitting == [_SIGN_KEYS[0]] and not _SIGN_MUST <= set(entry)):
            yield _name(entry, n), f"has the keys {', '.join(map(str, entry))}", f"use {_readable(allowed)}"


def _readable(allowed: tuple[set[str], ...]) -> str:
    return " or ".join(", ".join(sorted(keys)) for keys in allowed)


def _name(entry: Mapping[str, Any], n: int = 0) -> str:
    for key in ("topic", "sign", "not in the sheet", "words"):
        if key in entry:
            return str(entry[key])
    return f"entry {n}"


def _phrase_problems(entry: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("asked as", "told as", "said as", "perhaps", "mean"):
        if key in entry and not isinstance(entry[key], list):
            yield _name(entry), f"`{key}` is {entry[key]!r}", "write a list: [one, another one]"
            continue
        for written in entry.get(key, ()):
            if not isinstance(written, str):
                yield _name(entry), f"`{key}` holds {written!r}", 'put the word in quotes, as in "off"'
                continue
            try:
                compile_phrase(written, key)
            except ValueError as error:
                yield _name(entry), str(error), "write the phrase as the notes at the top of the file show"


def _sign_problems(entry: Mapping[str, Any]) -> Iterator[Problem]:
    urgencies = [str(u) for u in Urgency]
    if entry["urgency"] not in urgencies:
        yield _name(entry), f"urgency {entry['urgency']!r}", f"use one of {', '.join(urgencies)}"
    reply = str(entry["reply"])
    if len(reply) > LONGEST_REPLY:
        yield _name(entry), f"the reply has {len(reply)} characters", f"keep it under {LONGEST_REPLY}"
    for name in _PLACEHOLDER.findall(reply):
        if name != "phone":
            yield _name(entry), f"the reply has the placeholder {{{name}}}", "only {phone} is filled in here"
    if entry["urgency"] == Urgency.EMERGENCY and "911" not in reply:
        yield (
            _name(entry),
            "the reply to an emergency does not name 911",
            "say to call 911 (or the local emergency number) now",
        )


def _unknown_sets(entries: Iterable[Mapping[str, Any]], known: set[str]) -> Iterator[Problem]:
    for entry in entries:
        phrases = [
            compile_phrase(w, "") for key in ("asked as", "told as", "said as", "perhaps") for w in entry.get(key, ())
        ]
        for name in sorted(named_sets(phrases) - known):
            yield (
                _name(entry),
                f"{name} is not a list that exists",
                f"use one of {', '.join(sorted(known))}, or add `- words:`",
            )


def _claimed_twice(entries: Iterable[Mapping[str, Any]], keys: tuple[str, ...], kind: str) -> Iterator[Problem]:
    claimed: dict[object, tuple[str, str]] = {}
    for entry in entries:
        if "words" in entry:
            continue
        owner = meaning(entry) if kind == "topic" else str(entry["sign"])
        for written in (w for key in keys for w in entry.get(key, ())):
            same = _sense(compile_phrase(written, owner))
            first, phrase = claimed.setdefault(same, (owner, written))
            if first != owner:
                name = owner.removeprefix(OFF_SHEET)
                yield name, f"{written!r} is also {phrase!r} of {first}", "leave it with one, or make both more exact"


def _sense(phrase: Phrase) -> object:
    return frozenset(phrase.parts)


def meaning(entry: Mapping[str, Any]) -> str:
    """Return what an entry of questions.yaml stands for: its topic, or a thing the sheet does not answer."""
    return str(entry["topic"]) if "topic" in entry else f"{OFF_SHEET}{entry['not in the sheet']}"
