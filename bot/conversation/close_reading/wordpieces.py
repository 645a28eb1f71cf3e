"""Cuts a text into the pieces that the close reader knows: whole words, or the beginnings and ends of unknown ones.

The pieces are those of WordPiece, as published with BERT: the longest known beginning, then the longest known rest.
"""

import re
from collections.abc import Iterator, Mapping

UNKNOWN = "[UNK]"
CONTINUED = "##"
LONGEST_WORD = 60
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")


def pieces(text: str, known: Mapping[str, int]) -> list[int]:
    """Return the numbers of the pieces of a text that was made plain (`Plain.text`: lower case, no accents)."""
    return [number for word in _WORD.findall(text) for number in _of_word(word, known)]


def _of_word(word: str, known: Mapping[str, int]) -> list[int]:
    if word in known:
        return [known[word]]
    found = list(_cut(word[:LONGEST_WORD], known))
    return [known[UNKNOWN]] if None in found else [number for number in found if number is not None]


def _cut(word: str, known: Mapping[str, int]) -> Iterator[int | None]:
    """The pieces in turn; None, and no more, where no known one fits."""
    at = 0
    while at < len(word):
        before = CONTINUED if at else ""
        fits = (end for end in range(len(word), at, -1) if before + word[at:end] in known)
        end = next(fits, None)
        if end is None:
            yield None
            return
        yield known[before + word[at:end]]
        at = end
