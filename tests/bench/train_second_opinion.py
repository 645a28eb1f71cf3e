"""Trains the second opinion on the labelled texts beside this file and writes its weights. Run by hand after new words.

    python -m tests.bench.train_second_opinion

Never reads texts from outside tests/texts.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.conversation.commands import command as command_in
from bot.conversation.everyday import everyday
from bot.conversation.model import Command
from bot.conversation.scope import scene as scene_of
from bot.conversation.second_opinion import opinion
from bot.conversation.second_opinion.features import warning_features
from bot.conversation.second_opinion.linear import Linear, train
from bot.conversation.signs import told_signs
from bot.conversation.topics import asked_about
from bot.conversation.vocabulary import Vocabulary
from tests.texts.labelled import WRITERS, clinic_vocabulary, context_in, texts_of

PENALTY = 0.5
EPOCHS = 20


def main() -> None:
    """Train on all writers and write the weights into the package."""
    vocabulary = clinic_vocabulary()
    examples = [(features_of(case, vocabulary=vocabulary), case) for writer in WRITERS for case in texts_of(writer)]
    warning, emergency = fit(examples)
    target = Path(opinion.__file__).with_name(opinion.WEIGHTS)
    stored = {
        name: {"bias": m.bias, "weights": dict(m.weights)}
        for name, m in (("warning", warning), ("emergency", emergency))
    }
    target.write_text(json.dumps(stored, indent=0, ensure_ascii=True) + "\n", encoding="utf-8")
    print(
        f"{len(examples)} texts, {len(warning.weights)} and {len(emergency.weights)} weights, "
        f"{target.stat().st_size:,} bytes"
    )


def fit(examples: Iterable[tuple[Mapping[str, float], Mapping[str, Any]]]) -> tuple[Linear, Linear]:
    """Return the models for "is a warning" and "is an emergency"."""
    known = list(examples)
    warning = train([(f, c["kind"] in ("warning", "mixed")) for f, c in known], penalty=PENALTY, epochs=EPOCHS)
    emergency = train([(f, "emergency" in c["signs"]) for f, c in known], penalty=PENALTY, epochs=EPOCHS)
    return warning, emergency


def features_of(case: Mapping[str, Any], *, vocabulary: Vocabulary) -> dict[str, float]:
    """Return the features of one labelled text, read as a whole."""
    context = context_in(case["phase"])
    scene = scene_of(case["text"], vocabulary=vocabulary)
    asked = asked_about(scene, vocabulary=vocabulary)
    told = told_signs(scene, asked, context=context, vocabulary=vocabulary)
    found = command_in(scene.plain)
    kinds = [*everyday(scene), *(("opt out",) if found and found[0] is Command.STOP else ())]
    whole = opinion.parts(scene, told, asked)[0]
    return warning_features(whole, kinds=kinds, context=context)


if __name__ == "__main__":
    main()
