"""The clinic's words, compiled from its YAML files once at start. Reads no file itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from bot.conversation.english import english_words
from bot.conversation.lexicon import IDIOMS, LANGUAGE_SETS, NOT_A_DENIAL
from bot.conversation.model import Urgency
from bot.conversation.normalize import Plain, plain
from bot.conversation.phrases import Found, PhraseIndex, compile_phrase
from bot.conversation.spelling import Spelling
from bot.conversation.vocabulary_problems import OFF_SHEET, meaning, vocabulary_problems

__all__ = [
    "OFF_SHEET",
    "Sign",
    "Vocabulary",
    "build_vocabulary",
    "idioms",
    "meaning",
    "not_denials",
    "outermost",
    "vocabulary_problems",
]


@dataclass(frozen=True)
class Sign:
    """A warning sign as the clinic words it: how urgent it is and what the patient is told at once."""

    id: str
    urgency: Urgency
    reply: str


@dataclass
class Vocabulary:
    """Everything the bot can recognise. Built once; asking it changes nothing but a cache of spellings."""

    signs: dict[str, Sign] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    gives_way: frozenset[str] = frozenset()
    also_staff: frozenset[str] = frozenset()
    sets: PhraseIndex = field(default_factory=PhraseIndex)
    asked: PhraseIndex = field(default_factory=PhraseIndex)
    said: PhraseIndex = field(default_factory=PhraseIndex)
    words: frozenset[str] = frozenset()
    spelling: Spelling = field(default_factory=lambda: Spelling(()))

    def read(self, text: str) -> Plain:
        """Return the tokens of a text, misspelt words of this vocabulary put right."""
        return plain(text, self.spelling.correct)


def build_vocabulary(questions: Sequence[Mapping[str, Any]], signs: Sequence[Mapping[str, Any]]) -> Vocabulary:
    """Compile questions.yaml and warning-signs.yaml, already parsed.

    Raises ValueError naming the entry where a phrase cannot be read; `vocabulary_problems` lists all such at once.
    """
    vocabulary = Vocabulary()
    for name, phrases in LANGUAGE_SETS.items():
        _add(vocabulary.sets, phrases.split(";"), f"<{_joined(name)}>")
    for entry in [*questions, *signs]:
        if "words" in entry:
            _add(vocabulary.sets, entry["mean"], f"<{_joined(entry['words'])}>")
    for entry in questions:
        if "words" not in entry:
            _add(vocabulary.asked, entry["asked as"], meaning(entry))
            _add(vocabulary.asked, entry.get("told as", ()), f"told: {meaning(entry)}")
    for entry in signs:
        if "words" not in entry:
            vocabulary.signs[entry["sign"]] = Sign(entry["sign"], Urgency(entry["urgency"]), entry["reply"])
            _add(vocabulary.said, entry["said as"], entry["sign"])
            _add(vocabulary.said, entry.get("perhaps", ()), f"perhaps: {entry['sign']}")
    vocabulary.topics = tuple(dict.fromkeys(e["topic"] for e in questions if "topic" in e))
    vocabulary.also_staff = frozenset(meaning(e) for e in questions if e.get("also staff"))
    vocabulary.gives_way = frozenset(meaning(e) for e in questions if e.get("gives way"))
    vocabulary.words = frozenset(_words_of(vocabulary))
    vocabulary.spelling = Spelling(vocabulary.words, english_words())
    return vocabulary


def outermost(found: list[Found]) -> list[Found]:
    """Leave out what is found inside a longer phrase: "ice" in "ice cream", "laser" in "laser hair removal"."""
    kept: list[Found] = []
    for hit in sorted(found, key=lambda f: (-_longest(f), -len(f.places))):
        if not any(_covers(other, hit) for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda f: (f.start, f.end))


def _longest(found: Found) -> int:
    return max(b - a for a, b in found.places)


def _covers(outer: Found, inner: Found) -> bool:
    """Whether the first part of `inner` lies inside one longer part of `outer`, or says the same at the same place."""
    a, b = inner.places[0]
    longer = any(c <= a and b <= d and d - c > b - a for c, d in outer.places)
    return longer or (outer.means == inner.means and any(c <= a and b <= d for c, d in outer.places))


@lru_cache(maxsize=1)
def idioms() -> PhraseIndex:
    """Figures of speech: nothing inside one is taken at its word."""
    return _index(IDIOMS, "idiom")


@lru_cache(maxsize=1)
def not_denials() -> PhraseIndex:
    """Negators that deny nothing: "won't heal", "can't stop"."""
    return _index(NOT_A_DENIAL, "not a denial")


def _index(phrases: str, means: str) -> PhraseIndex:
    index = PhraseIndex()
    _add(index, phrases.split(";"), means)
    return index


def _add(index: PhraseIndex, phrases: Iterable[Any], means: str) -> None:
    for written in phrases:
        try:
            index.add(compile_phrase(written, means))
        except ValueError as error:
            raise ValueError(f"{means}: {error}") from error


def _joined(name: str) -> str:
    return str(name).strip().replace(" ", "-")


def _words_of(vocabulary: Vocabulary) -> set[str]:
    phrases = {p for index in (vocabulary.sets, vocabulary.asked, vocabulary.said) for p in index.phrases()}
    pieces = {piece for p in phrases for piece in p.written.translate(_NOTATION).split()}
    return {word for piece in pieces for word in plain(piece).words}


_NOTATION = str.maketrans("/+=<>", "     ")
