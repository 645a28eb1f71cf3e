"""Turns a text as it was typed, dictated or pasted into plain tokens. Drops nothing that carries meaning."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from bot.conversation.abbreviations import EMOJI_WORDS, EXPANSIONS
from bot.conversation.stems import stem

MAX_CHARACTERS = 2_000
_WORD = re.compile(r"[a-z0-9]+(?:[.,]\d+)?(?:['/][a-z]+)*|[.!?,;:()\n]|\.{2,}|[\u2013\u2014]")
_SPELLED = [
    (re.compile(r"\s+question mark\b"), "?"),
    (re.compile(r"\s+(?:exclamation (?:point|mark))\b"), "!"),
    (re.compile(r"\s+full stop\b"), "."),
    (re.compile(r"\s+new (?:line|paragraph)\b"), "\n"),
    (re.compile(r"\s+comma\b"), ","),
]
_SPELLED_PERIOD = re.compile(r"(?<!\bmy)(?<!\bher)(?<!\bthe)(?<!\bthis)(?<!\ba)(?<!\btime)(?<!\bhealing)\s+period\b")
_QUOTES = str.maketrans(
    {
        "\u2019": "'",
        "\u2018": "'",
        "`": "'",
        "\u00b4": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2026": "...",
        "\u2014": " \u2014 ",
        "\u2013": " \u2014 ",
    }
)
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
_SUFFIXES = {"'s": (), "'re": ("are",), "'ve": ("have",), "'ll": ("will",), "'d": ("would",), "'m": ("am",)}
_IS_WORDS = {
    "it",
    "that",
    "there",
    "what",
    "he",
    "she",
    "who",
    "where",
    "how",
    "here",
    "when",
    "everything",
    "nothing",
    "something",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word, put right: its key, the sentence and clause it stands in, and how it was typed."""

    word: str
    key: str
    sentence: int
    clause: int
    typed: str


@dataclass(frozen=True)
class Plain:
    """A text made plain: its tokens, the mark that ends each sentence, and the words as put right and as typed."""

    text: str
    tokens: tuple[Token, ...]
    sentence_ends: tuple[str, ...]

    words: tuple[str, ...]
    typed: tuple[str, ...]

    @property
    def sentences(self) -> list[list[Token]]:
        """The words, sentence by sentence."""
        return [list(sentence) for _, sentence in groupby(self.tokens, key=lambda token: token.sentence)]

    @property
    def has_question_mark(self) -> bool:
        return "?" in self.text

    def is_asked(self, token: Token) -> bool:
        """Whether the sentence of this word ends with a question mark."""
        return self.sentence_ends[token.sentence] == "?"


def plain(text: str, correct: Callable[[str], str] = lambda word: word) -> Plain:
    """Return the tokens of a text. `correct` puts a misspelt word right and leaves every other as it is."""
    clean = _clean(text[:MAX_CHARACTERS])
    tokens: list[Token] = []
    ends: list[str] = []
    sentence = clause = 0
    for found in _WORD.finditer(clean):
        piece = found.group()
        if piece[0].isalnum():
            for typed in _expand(piece):
                word = correct(typed)
                if word in _CLAUSE_WORDS:
                    clause += 1
                tokens.append(Token(word, stem(word), sentence, clause, typed))
        elif piece in ",;:()\u2013\u2014":
            clause += 1
        elif tokens and tokens[-1].sentence == sentence:
            ends.append(piece[0])
            sentence, clause = sentence + 1, clause + 1
        elif ends and piece == "?":
            ends[-1] = "?"
    if tokens and tokens[-1].sentence == sentence:
        ends.append("")
    return Plain(clean, tuple(tokens), tuple(ends), tuple(t.word for t in tokens), tuple(t.typed for t in tokens))


_CLAUSE_WORDS = {
    "but",
    "although",
    "though",
    "however",
    "while",
    "whereas",
    "because",
    "except",
    "until",
    "till",
    "cause",
}


def _clean(text: str) -> str:
    if text.isascii() and text.isalnum():  # one plain word, as most of the clinic's phrases are made of
        return _LONG_RUN.sub(r"\1\1", text.lower())
    text = unicodedata.normalize("NFKC", text.translate(_QUOTES)).translate(_QUOTES).lower()
    if not text.isascii():
        text = "".join(map(_plain_character, text))
    is_dictated = any(pattern.search(text) for pattern, _ in _SPELLED)
    for pattern, mark in _SPELLED:
        text = pattern.sub(mark, text)
    if is_dictated or text.rstrip(" .").endswith(" period"):
        text = _SPELLED_PERIOD.sub(".", text)
    return _LONG_RUN.sub(r"\1\1", text)


def _plain_character(c: str) -> str:
    if c < "\x7f":
        return c
    if c in EMOJI_WORDS:
        return f" {EMOJI_WORDS[c]} "
    if c.isalpha():
        base = unicodedata.normalize("NFD", c)[0]
        return base if base.isascii() else c
    if unicodedata.category(c) in ("Mn", "Cf"):
        return ""
    return c if c in "\u2013\u2014" else " "


@lru_cache(maxsize=20_000)
def _expand(piece: str) -> tuple[str, ...]:
    """Return the words a piece of text stands for: shorthand, contractions and slashes taken apart."""
    if piece in EXPANSIONS:
        return EXPANSIONS[piece]
    if piece.endswith("n't") and len(piece) > 3:
        return (*_expand(piece[:-3]), "not")
    for suffix, words in _SUFFIXES.items():
        if piece.endswith(suffix):
            base = piece[: -len(suffix)]
            return (*_expand(base), *(("is",) if suffix == "'s" and base in _IS_WORDS else words))
    if "/" in piece:
        return tuple(word for part in piece.split("/") if part for word in _expand(part))
    return (piece.replace("'", ""),)
