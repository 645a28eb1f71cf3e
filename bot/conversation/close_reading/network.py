"""The arithmetic of the close reader: a small transformer, forwards only. Knows no words and decides nothing.

Its weights are kept in 8 bits with a scale for each column and weighed in 32: 384 numbers for each piece of a text,
12 heads a layer. How they are trained: tests/bench/train_close_reader.py.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
HEADS = 12
TINY = np.float32(1e-12)


@dataclass(frozen=True)
class Matrix:
    """What a layer multiplies by, and what it adds."""

    weights: Floats
    bias: Floats

    def of(self, rows: Floats) -> Floats:
        """The rows, multiplied and added to."""
        product: Floats = rows @ self.weights + self.bias
        return product


@dataclass(frozen=True)
class Norm:
    """Brings every row to mean 0 and variance 1, then to a gain and a bias."""

    gain: Floats
    bias: Floats

    def of(self, rows: Floats) -> Floats:
        """The rows, brought to one size."""
        away = rows - rows.mean(axis=1, keepdims=True)
        size = np.sqrt((away * away).mean(axis=1, keepdims=True) + TINY)
        even: Floats = away / size * self.gain + self.bias
        return even


@dataclass(frozen=True)
class Layer:
    """One layer: every piece looks at every other, then is thought over by itself."""

    looks: Matrix  # query, key and value side by side; the query already divided by the root of a head's size
    seen: Matrix
    after_looking: Norm
    wide: Matrix
    narrow: Matrix
    after_thinking: Norm

    def of(self, rows: Floats) -> Floats:
        """The rows of one text, read one layer further."""
        rows = self.after_looking.of(rows + self.seen.of(self._look(rows)))
        return self.after_thinking.of(rows + self.narrow.of(_gelu(self.wide.of(rows))))

    def _look(self, rows: Floats) -> Floats:
        length, width = rows.shape
        query, key, value = self.looks.of(rows).reshape(length, 3, HEADS, width // HEADS).transpose(1, 2, 0, 3)
        likeness = query @ key.transpose(0, 2, 1)
        raised = np.exp(likeness - likeness.max(axis=2, keepdims=True))
        shares = raised / raised.sum(axis=2, keepdims=True)
        looked: Floats = (shares @ value).transpose(1, 0, 2).reshape(length, width)
        return looked


@dataclass(frozen=True)
class Network:
    """A row for each piece (`table`, times `scale`), what a piece's place adds, the layers, and what is asked of all.

    `known` has the number of each piece.
    """

    known: Mapping[str, int]
    outputs: tuple[str, ...]
    table: NDArray[np.int8]
    scale: Floats
    places: Floats
    first: Norm
    layers: Sequence[Layer]
    asked: Matrix

    @property
    def longest(self) -> int:
        """How many pieces it reads at once."""
        return len(self.places)

    def read(self, numbers: Sequence[int]) -> Floats:
        """Log odds for each of `outputs`, of a text of these pieces, at most `longest`."""
        at = list(numbers)
        rows = self.first.of(self.table[at] * self.scale[at, None] + self.places[: len(at)])
        for layer in self.layers:
            rows = layer.of(rows)
        odds: Floats = self.asked.of(rows.mean(axis=0, keepdims=True))[0]
        return odds


def _gelu(x: Floats) -> Floats:
    """GELU by the tanh formula, as it was trained."""
    smooth: Floats = x * (np.tanh((x + x * x * x * np.float32(0.044715)) * np.float32(math.sqrt(2 / math.pi))) + 1)
    return smooth * np.float32(0.5)
