"""The care sheet cut into its statements, and whether a quote stands in it. Pure.

A statement is a sentence of the sheet; headings are not statements, as they say nothing a patient could do.
"""

import re
from dataclasses import dataclass

SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})  # noqa: RUF001
# A point between two digits ends no sentence.
_SENTENCE = re.compile(r"(?:[^.!?]|(?<=\d)\.(?=\d))*[.!?]+(?!\d)")


@dataclass(frozen=True)
class Statement:
    """One sentence of the sheet and the line it begins on."""

    text: str
    line: int


def statements(sheet: str) -> list[Statement]:
    """Every sentence of the sheet, in order; lines without an end mark are headings."""
    found = []
    for number, line in enumerate(sheet.splitlines(), 1):
        for match in _SENTENCE.finditer(plain(line)):
            text = match.group().strip(" •*")
            if len(text.split()) > 1:
                found.append(Statement(text, number))
    return found


def plain(text: str) -> str:
    """White space folded and typographer's marks made plain, so that quotes can be compared."""
    return " ".join(text.translate(SAME).split())


def stands_in(quote: str, sheet: str) -> bool:
    """Whether the sheet says these words, in this order, without a gap."""
    return plain(quote).casefold() in plain(sheet).casefold()


def rests_on(statement: Statement, quotes: list[str]) -> bool:
    """Whether one of the quotes lies in the statement or covers it."""
    said = statement.text.casefold().rstrip(".!?")
    return any(said in q or q.rstrip(".!?") in said for q in (plain(quote).casefold() for quote in quotes))
