"""How a text is billed and carried: its encoding and its segments, by the GSM 03.38 tables. Pure.

160 GSM-7 septets or 70 UCS-2 units fit alone, 153 or 67 each when joined; a character is never split across parts.
"""

import unicodedata
from dataclasses import dataclass

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_TWICE = frozenset("\f^{}\\[]~|€")


TYPOGRAPHERS = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2013": "-",
    "\u2014": "-",
    "\u2026": "...",
    "\u00a0": " ",
    "\u2010": "-",
    "\u2011": "-",
    "\u02bb": "'",
    "\u02bc": "'",
    "\u00b4": "'",
    "`": "'",
}
# Letters that Unicode does not take apart into a plain one and a mark.
WHOLE = {
    "\u0141": "L", "\u0142": "l", "\u0110": "D", "\u0111": "d", "\u00d0": "D", "\u00f0": "d", "\u00de": "Th",
    "\u00fe": "th", "\u0126": "H", "\u0127": "h", "\u0131": "i", "\u0152": "OE", "\u0153": "oe", "\u0166": "T",
    "\u0167": "t", "\u1e9e": "SS", "\u018f": "E", "\u0259": "e",
}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """`segments` billing units in `encoding` ("GSM-7" or "UCS-2"); `forced_by` is the first character outside GSM-7."""

    segments: int
    encoding: str
    forced_by: str | None = None


def measure(text: str) -> Size:
    """Count the segments of a text."""
    forced_by = next((c for c in text if c not in GSM7 and c not in GSM7_TWICE), None)
    if forced_by is None:
        return Size(_parts([2 if c in GSM7_TWICE else 1 for c in text], alone=160, joined=153), "GSM-7")
    units = [len(c.encode("utf-16-be")) // 2 for c in text]
    return Size(_parts(units, alone=70, joined=67), "UCS-2", forced_by)


def thrifty(text: str) -> str:
    """The same words in GSM-7 letters where that loses no letter: "María’s" as "Maria's". Else the text as it is.

    One letter outside GSM-7 would make the whole text cost more than twice as much.
    """  # noqa: RUF002 - the example needs its curly apostrophe
    plain = _plain(text)
    return plain if measure(plain).forced_by is None else text


def plain_name(name: str) -> str:
    """A name as a text may say it, "Łukasz" as "Lukasz", without emoji; empty where it has letters of another script.

    A greeting does without a name, and one letter outside GSM-7 would make it cost more than twice as much.
    """
    kept = "".join(c for c in _plain(name) if _fits(c) or c.isalnum())
    if measure(kept).forced_by or not any(c.isalnum() for c in kept):
        return ""
    return " ".join(kept.split())


def _plain(text: str) -> str:
    # Put together first: what some systems write as e and a mark is one letter of GSM-7.
    return "".join(c if _fits(c) else _plainer(c) for c in unicodedata.normalize("NFC", text))


def _fits(character: str) -> bool:
    return character in GSM7 or character in GSM7_TWICE


def _plainer(character: str) -> str:
    known = TYPOGRAPHERS.get(character) or WHOLE.get(character)
    if known or unicodedata.category(character) in ("Cf", "Mn"):
        return known or ""  # what is invisible, or a mark on nothing, is no letter
    base = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    return base or character


def _parts(costs: list[int], *, alone: int, joined: int) -> int:
    if sum(costs) <= alone:
        return 1
    parts, used = 1, 0
    for cost in costs:
        if used + cost > joined:
            parts, used = parts + 1, 0
        used += cost
    return parts
