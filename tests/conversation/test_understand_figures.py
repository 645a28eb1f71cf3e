"""The figures of the benchmark are held: on texts of strangers, and on those the words and weights were made from.

The floors lie a little below what is reached; `python -m tests.bench.understanding` prints where it stands.
"""

from collections import Counter

import pytest

from tests.bench.understanding import figures
from tests.texts.labelled import STRANGERS, WRITERS, texts_of

# figure: (at least, at most) in per cent
STRANGE = {
    "warnings at once": (97, 100),
    "silent misses": (0, 0),
    "emergencies": (95, 100),
    "false alarms": (0, 3.5),
    "right topic": (92, 100),
    "wrong topic only": (0, 1.5),
    "off-sheet answered": (0, 5),
    "opt-outs honoured": (100, 100),
    "wrongly taken as opt-out": (0, 0),
}
KNOWN = {
    "warnings at once": (94, 100),
    "silent misses": (0, 0.2),
    "emergencies": (90, 100),
    "false alarms": (0, 5),
    "right topic": (92, 100),
    "opt-outs honoured": (96, 100),
    "wrongly taken as opt-out": (0, 0.1),
}


@pytest.fixture(scope="module")
def strange() -> Counter[tuple[str, bool]]:
    return _all(STRANGERS)


@pytest.fixture(scope="module")
def known() -> Counter[tuple[str, bool]]:
    return _all(WRITERS, every=8)  # an eighth tells as much, in an eighth of the time


@pytest.mark.parametrize(("figure", "floor", "ceiling"), [(f, *bars) for f, bars in STRANGE.items()], ids=STRANGE)
def test_a_stranger_is_understood(
    strange: Counter[tuple[str, bool]], figure: str, floor: float, ceiling: float
) -> None:
    assert floor <= per_cent(strange, figure) <= ceiling


@pytest.mark.parametrize(("figure", "floor", "ceiling"), [(f, *bars) for f, bars in KNOWN.items()], ids=KNOWN)
def test_those_it_was_made_from_are_understood(
    known: Counter[tuple[str, bool]], figure: str, floor: float, ceiling: float
) -> None:
    assert floor <= per_cent(known, figure) <= ceiling


def per_cent(tally: Counter[tuple[str, bool]], figure: str) -> float:
    return 100 * tally[figure, True] / (tally[figure, True] + tally[figure, False])


def _all(writers: tuple[str, ...], *, every: int = 1) -> Counter[tuple[str, bool]]:
    total: Counter[tuple[str, bool]] = Counter()
    for writer in writers:
        total += figures(texts_of(writer)[::every])[0]
    return total
