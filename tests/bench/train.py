"""Trains the ear and the second opinion on the labelled texts of tests/texts and writes their weights. Run by hand.

    pip install scikit-learn==1.9.1
    python -m tests.bench.train_close_reader
    python -m tests.bench.train

The second opinion weighs what the ear says of texts that the ear was not trained on, writer by writer: of those it
knows, the ear is always sure. So it is with the close reader, whose readings of them `train_close_reader` left in
build/. scikit-learn is not needed to run the bot, so it is in no lock file.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bot.conversation.close_reading.close_reader import CloseReading, as_said
from bot.conversation.findings import findings
from bot.conversation.second_opinion import ear, opinion
from bot.conversation.second_opinion.ear import Ear
from bot.conversation.second_opinion.features import Found, sheet_features, subject_features, warning_features
from bot.conversation.second_opinion.linear import Linear
from tests.bench.train_close_reader import READINGS
from tests.bench.training_texts import NOT_OURS, Case, by_writer, is_warning, scene_in
from tests.texts.labelled import WRITERS, clinic_vocabulary, context_in

SELDOM = {"w": 2, "c": 4, "p": 1}
STRENGTH_SAID, STRENGTH_TOPICS = 8.0, 12.0  # scikit-learn's C: the larger the less is held back
SMALLEST_KEPT = {"said": 0.1, "topics": 0.15}
FOLDS = 5
ABOUT_NOTHING = ("off_sheet", "logistics", *NOT_OURS)
WARNS_MORE = 1.5


def main() -> None:
    """Train on all writers and write the weights into the package."""
    texts, closely = by_writer(), close_readings()
    left_out = [*_folds(), ()]
    with ProcessPoolExecutor() as processes:
        *strangers, by_ear = processes.map(fit_ear, [_without(left, texts) for left in left_out])
    found = [
        (replace(found_in(case, stranger), closely=read), case)
        for left, stranger in zip(_folds(), strangers, strict=True)
        for writer in left
        for case, read in zip(texts[writer], closely[writer], strict=True)
    ]
    _write_ear(by_ear)
    quickly = [(replace(each, closely=None), case) for each, case in found]
    _write_models({"quick": weigh(quickly), "close": weigh(found)})


def close_readings() -> dict[str, list[CloseReading]]:
    """What the close reader said of every writer's texts when it did not know the writer."""
    with np.load(READINGS) as stored:
        outputs = stored["outputs"].tolist()
        return {writer: [as_said(outputs, row) for row in stored[writer].tolist()] for writer in WRITERS}


def _folds() -> list[tuple[str, ...]]:
    return [WRITERS[start::FOLDS] for start in range(FOLDS)]


def _without(left_out: Sequence[str], texts: Mapping[str, Sequence[Case]]) -> list[Case]:
    return [case for writer, cases in texts.items() if writer not in left_out for case in cases]


def found_in(case: Case, by_ear: Ear) -> Found:
    """What the readers find in one labelled text."""
    scene = scene_in(case)
    return findings(scene, context_in(case["phase"]), clinic_vocabulary(), by_ear)


def weigh(found: Sequence[tuple[Found, Case]]) -> dict[str, Any]:
    """The models of the second opinion, as their file holds them."""
    about = [warning_features(each) for each, _ in found]
    warning = _linear(about, [is_warning(case) for _, case in found], strength=0.05, weight=WARNS_MORE)
    emergency = _linear(about, ["emergency" in case["signs"] for _, case in found], strength=0.1, weight=3.0)
    subject = _linear(*_topics_meant(found), strength=0.05)
    sheet = _linear(*_sheet_or_not(found, subject), strength=0.5)
    models = {"warning": warning, "emergency": emergency, "subject": subject, "sheet": sheet}
    return {name: {"bias": model.bias, "weights": dict(model.weights)} for name, model in models.items()}


def _topics_meant(found: Iterable[tuple[Found, Case]]) -> tuple[list[dict[str, float]], list[bool]]:
    asked = [(each, case) for each, case in found if case["kind"] != "warning"]
    features = [(*subject_features(each), case) for each, case in asked]
    pairs = [(common | row, topic in case["topics"]) for common, own, case in features for topic, row in own.items()]
    return [row for row, _ in pairs], [label for _, label in pairs]


def _sheet_or_not(found: Iterable[tuple[Found, Case]], subject: Linear) -> tuple[list[dict[str, float]], list[bool]]:
    asked = [(each, case) for each, case in found if case["kind"] in ("question", "off_sheet")]
    rows = [sheet_features(each, opinion.likely_topics(each, subject)) for each, _ in asked]
    return rows, [case["kind"] == "question" for _, case in asked]


def _linear(
    rows: Sequence[Mapping[str, float]], labels: Sequence[bool], *, strength: float, weight: float = 1.0
) -> Linear:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectors = DictVectorizer()
    table = vectors.fit_transform(rows)
    model = LogisticRegression(C=strength, max_iter=400, class_weight={True: weight, False: 1.0}).fit(table, labels)
    weights = zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)
    kept = {str(name): round(float(w), 3) for name, w in sorted(weights) if abs(w) >= 0.01}
    return Linear(round(float(model.intercept_[0]), 3), kept)


# What each thing the ear says is learnt from: (of which texts, which of them are it).
SAID: Mapping[str, tuple[Callable[[Case], bool], Callable[[Case], bool]]] = {
    "warning": (lambda case: True, is_warning),
    "emergency": (lambda case: True, lambda case: "emergency" in case["signs"]),
    "opt_out": (lambda case: True, lambda case: case["kind"] == "opt_out"),
    "ours": (lambda case: True, lambda case: case["kind"] not in NOT_OURS),
    "sheet": (lambda case: case["kind"] == "off_sheet" or bool(case["topics"]), lambda case: bool(case["topics"])),
}


def fit_ear(cases: Sequence[Case]) -> Ear:
    """An ear trained on these texts."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectors = DictVectorizer(dtype=np.float32)
    table = vectors.fit_transform(_common([_features(case) for case in cases]))
    fitted = []
    for learnt_from, is_it in SAID.values():
        rows = [row for row, case in enumerate(cases) if learnt_from(case)]
        model = LogisticRegression(C=STRENGTH_SAID, max_iter=300, tol=3e-4, class_weight="balanced")
        fitted.append(model.fit(table[rows], [is_it(cases[row]) for row in rows]))
    names = vectors.get_feature_names_out()
    pairs = _topic_pairs(cases)
    about = LogisticRegression(C=STRENGTH_TOPICS, max_iter=200, tol=3e-4)
    about.fit(table[[row for row, _ in pairs]], [topic for _, topic in pairs])
    return _ear(names, fitted, about)


def _features(case: Case) -> dict[str, float]:
    scene = scene_in(case)
    return ear.named(scene.plain.sentences, str(context_in(case["phase"]).phase))


def _common(rows: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    counts = Counter(name for row in rows for name in row)
    return [{name: value for name, value in row.items() if counts[name] >= SELDOM[name[0]]} for row in rows]


def _topic_pairs(cases: Sequence[Case]) -> list[tuple[int, str]]:
    """(row, topic) of what patients ask and tell."""
    asking = [(row, case) for row, case in enumerate(cases) if case["topics"] or case["kind"] in ABOUT_NOTHING]
    return [(row, topic) for row, case in asking for topic in (case["topics"] or [ear.NO_TOPIC])]


def _ear(names: Sequence[str], said: Sequence[Any], about: Any) -> Ear:
    table = np.vstack([*(model.coef_[0] for model in said), *about.coef_]).T
    least = np.array([SMALLEST_KEPT["said"]] * len(said) + [SMALLEST_KEPT["topics"]] * len(about.classes_))
    table[np.abs(table) < least] = 0
    telling = table.any(axis=1)
    bias = np.array([*(model.intercept_[0] for model in said), *about.intercept_])
    rows = {str(name): row for row, name in enumerate(np.array(names)[telling])}
    weights = np.rint(table[telling] * ear.SCALE).clip(-32_000, 32_000).astype(np.int16)
    return Ear((*SAID, *map(str, about.classes_)), bias.round(3), rows, weights)


def _write_ear(trained: Ear) -> None:
    target = Path(ear.__file__).with_name(ear.WEIGHTS)
    texts = {"names": "\n".join(trained.rows), "outputs": "\n".join(trained.outputs)}
    arrays = {name: np.frombuffer(text.encode(), np.uint8) for name, text in texts.items()}
    np.savez_compressed(target, **arrays, bias=trained.bias, table=trained.table)
    print(f"{target.name}: {len(trained.rows):,} features, {target.stat().st_size:,} bytes")


def _write_models(models: Mapping[str, Any]) -> None:
    target = Path(opinion.__file__).with_name(opinion.WEIGHTS)
    target.write_text(json.dumps(models, indent=0) + "\n", encoding="ascii")
    print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
