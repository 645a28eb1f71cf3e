"""Numbers that say something by themselves: a fever, a pulse or blood pressure of somebody in danger, too many pills.

They are marked like the sets of the language, for the phrases of messages/ to use.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

FEVER, DANGEROUS, MANY = "<fever-degrees>", "<dangerous-reading>", "<many>"
# From so many on nobody counts the pills of one dose, and above so many it is a strength ("600 ibuprofen").
FEWEST, MOST = 8, 120
NAME_REACH = 3


@dataclass(frozen=True)
class Vital:
    """What is read of a body at all, and between which values nobody is in danger."""

    least: float
    lowest: float
    highest: float
    most: float

    def is_dangerous(self, value: float) -> bool:
        return self.least <= value < self.lowest or self.highest < value <= self.most


_PULSE, _OXYGEN, _PRESSURE = Vital(20, 42, 150, 260), Vital(50, 92, 100, 100), Vital(40, 85, 190, 280)
_BREATHS, _CELSIUS = Vital(3, 8, 30, 80), Vital(25, 33, 40.9, 43)
_VITALS: Mapping[str, Vital] = {
    "pulse": _PULSE, "bpm": _PULSE, "heart rate": _PULSE, "heartrate": _PULSE,
    "o2": _OXYGEN, "spo2": _OXYGEN, "oxygen": _OXYGEN, "sats": _OXYGEN,
    "blood pressure": _PRESSURE, "systolic": _PRESSURE,
    "resp rate": _BREATHS, "breathing rate": _BREATHS,
    "temp": _CELSIUS, "temperature": _CELSIUS,
}  # fmt: skip
# What a number counts where it is no reading: "pulse it for 30 seconds", "an oxygen facial for 80 dollars".
_COUNTED = frozenset(
    "second seconds minute minutes hour hours day days week weeks month months year years time times dollar dollars "
    "bucks pounds euros sessions facial mg ml mcg am pm a o'clock oclock".split()
)
_SPELLED = frozenset(
    "eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty "
    "fifty sixty seventy eighty ninety hundred handful fistful bottleful".split()
)


def telling_numbers(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Where a number stands that says something by itself, and what it says."""
    for at, word in enumerate(words):
        if word in _SPELLED:
            yield at, MANY
        if not word[0].isdigit() or (value := _value(word)) is None:
            continue
        if _is_fever(value) and not _is_a_count(words, at):
            yield at, FEVER
        if FEWEST <= value <= MOST and value.is_integer() and not _is_followed(words, at):
            yield at, MANY
        if _is_dangerous(words, at, value):
            yield at, DANGEROUS


def _value(word: str) -> float | None:
    try:
        return float(word.rstrip("fc"))
    except ValueError:
        return None


def _is_fever(degrees: float) -> bool:
    """Whether it is a fever in Fahrenheit or Celsius."""
    return 99.5 <= degrees <= 106 or 37.6 <= degrees <= 41.5


def _is_dangerous(words: Sequence[str], at: int, value: float) -> bool:
    """Whether it is the dangerous reading of something named right before or after it: of 80/40 only the 80."""
    if _is_followed(words, at):
        return False
    before = list(takewhile(lambda i: not words[i][0].isdigit(), range(at - 1, max(-1, at - 1 - NAME_REACH), -1)))
    near = [*before, *range(at + 1, min(len(words), at + 2))]
    names = [name for i in near for name in (words[i], " ".join(words[i : i + 2]))]
    return any(_VITALS[name].is_dangerous(value) for name in names if name in _VITALS)


def _is_a_count(words: Sequence[str], position: int) -> bool:
    """Whether a whole number counts something else than degrees ("101 questions", "40 min", "at 38")."""
    if "." in words[position]:
        return False
    hints = {"fever", "temperature", "degree", "degrees", "thermometer"}
    return not hints & set(words) or _is_followed(words, position)


def _is_followed(words: Sequence[str], at: int) -> bool:
    """Whether what it counts stands right after it."""
    return at + 1 < len(words) and words[at + 1] in _COUNTED
