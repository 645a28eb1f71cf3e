"""Reads one text closely: how likely it is a warning, an emergency, each topic, each sign. Decides nothing.

The network is all-MiniLM-L6-v2 (Apache 2.0, SOURCES.md), trained further on the labelled texts of tests/texts. It
takes some milliseconds for a text, so it is asked only where the quick readers leave a doubt.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bot.conversation.close_reading.network import Layer, Matrix, Network, Norm
from bot.conversation.close_reading.wordpieces import pieces

WEIGHTS = "network.npz"
OPENS, CLOSES = "[CLS]", "[SEP]"
MATRICES = ("looks", "seen", "wide", "narrow")
TOPIC, SIGN = "topic:", "sign:"
_LOADING = Lock()


@dataclass(frozen=True)
class CloseReading:
    """Log odds: of what the whole text is (`warning`, `emergency`, `ours`, `sheet`), of each topic, of each sign."""

    odds: Mapping[str, float]
    topics: Mapping[str, float]
    signs: Mapping[str, float]

    @property
    def likeliest_topic(self) -> str:
        """The topic it is most likely about."""
        return max(self.topics, key=lambda topic: self.topics[topic])


def read_closely(text: str, phase: str, network: Network) -> CloseReading:
    """Read a text that was made plain (`Plain.text`), of this phase of the patient's timeline.

    A text too long to be read at once is read part by part, and each thing counts as in the part that says it most.
    """
    opening, closing = [network.known[OPENS], network.known[phase_piece(phase)]], network.known[CLOSES]
    parts = _parts(pieces(text, network.known), network.longest - len(opening) - 1)
    read = [network.read([*opening, *part, closing]) for part in parts]
    return as_said(network.outputs, np.max(read, axis=0).tolist())


def phase_piece(phase: str) -> str:
    """The piece that stands for a phase, right after the opening one."""
    return f"[{phase}]"


def as_said(outputs: Sequence[str], odds: Sequence[float]) -> CloseReading:
    """The log odds by what they are of."""
    said = dict(zip(outputs, odds, strict=True))
    whole = {name: value for name, value in said.items() if ":" not in name}
    return CloseReading(whole, _named(said, TOPIC), _named(said, SIGN))


def _named(said: Mapping[str, float], start: str) -> dict[str, float]:
    return {name.removeprefix(start): odds for name, odds in said.items() if name.startswith(start)}


def _parts(numbers: Sequence[int], most: int) -> Iterator[Sequence[int]]:
    for start in range(0, max(len(numbers), 1), most):
        yield numbers[start : start + most]


def shipped() -> Network:
    """The network that came with this version, loaded once however many ask for it first.

    From then on numpy does its sums in one thread, in the whole process.
    """
    with _LOADING:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> Network:
    # So little arithmetic is done sooner by one thread than shared out, and much sooner on a busy machine.
    threadpool_limits(limits=1, user_api="blas")
    with as_file(files(__package__).joinpath(WEIGHTS)) as path, np.load(path, allow_pickle=False) as stored:
        return _network(stored)


def _network(stored: Mapping[str, NDArray[Any]]) -> Network:
    """The network of a file of weights, which hands out each array anew: only one is held twice at a time."""
    names = bytes(stored["known"]).decode().split("\n")
    matrices = {name: _matrices(stored, name) for name in MATRICES}
    norms = [[Norm(*each) for each in layer] for layer in stored["norms"]]
    return Network(
        known={name: number for number, name in enumerate(names)},
        outputs=tuple(bytes(stored["outputs"]).decode().split("\n")),
        table=stored["table"],
        scale=stored["table scale"],
        places=stored["places"],
        first=Norm(*stored["first norm"]),
        layers=[
            Layer(looks, seen, after_looking, wide, narrow, after_thinking)
            for looks, seen, wide, narrow, (after_looking, after_thinking) in zip(
                *(matrices[name] for name in MATRICES), norms, strict=True
            )
        ],
        asked=Matrix(stored["asked"], stored["asked bias"]),
    )


def _matrices(stored: Mapping[str, NDArray[Any]], name: str) -> list[Matrix]:
    """One kind of matrix, layer by layer, in 32 bits."""
    scaled = zip(stored[name], stored[f"{name} scale"], stored[f"{name} bias"], strict=True)
    return [Matrix(weights.astype(np.float32) * scale, bias) for weights, scale, bias in scaled]
