"""Trains the ear on the labelled texts of tests/texts and writes its weights. Run by hand after new texts.

    pip install scikit-learn==1.9.1
    python -m tests.bench.train_ear

scikit-learn trains it and is not needed to run it, so it is in no lock file. Reads no texts but those of tests/texts.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.conversation.scope import scene as scene_of
from bot.conversation.second_opinion import ear
from tests.texts.labelled import WRITERS, clinic_vocabulary, context_in, texts_of

SELDOM_WORD, SELDOM_LETTERS = 2, 4
STRENGTH_BINARY, STRENGTH_TOPICS = 8.0, 12.0  # scikit-learn's C: the larger the less is held back
SMALLEST_KEPT = {"binary": 0.1, "topics": 0.15}

Case = Mapping[str, Any]


def main() -> None:
    """Train on all writers and write the weights into the package."""
    cases = [case for writer in WRITERS for case in texts_of(writer)]
    trained = fit(cases)
    target = Path(ear.__file__).with_name(ear.WEIGHTS)
    target.write_text(json.dumps(as_stored(trained), separators=(",", ":"), sort_keys=True) + "\n", encoding="ascii")
    print(f"{len(cases)} texts, {len(trained.weights)} features, {target.stat().st_size:,} bytes")


def features_of(case: Case) -> dict[str, float]:
    """The features of one labelled text."""
    scene = scene_of(case["text"], vocabulary=clinic_vocabulary())
    return ear.features(scene.plain.tokens, str(context_in(case["phase"]).phase))


def fit(cases: Sequence[Case], *, read: Sequence[Mapping[str, float]] | None = None) -> ear.Ear:
    """An ear trained on these texts; `read` gives their features where they are known already."""
    from sklearn.feature_extraction import DictVectorizer

    rows = list(read) if read is not None else [features_of(case) for case in cases]
    common = _common(rows)
    vectors = DictVectorizer()
    table = vectors.fit_transform([{n: v for n, v in row.items() if n in common} for row in rows])
    names = vectors.get_feature_names_out()
    warning = [case["kind"] in ("warning", "mixed") for case in cases]
    emergency = ["emergency" in case["signs"] for case in cases]
    pairs = _topic_pairs(cases)
    models = [
        _fit(table, warning, STRENGTH_BINARY, balanced=True),
        _fit(table, emergency, STRENGTH_BINARY, balanced=True),
        _fit(table[[row for row, _ in pairs]], [topic for _, topic in pairs], STRENGTH_TOPICS),
    ]
    weights: dict[str, list[int]] = {}
    outputs = ["warning", "emergency", *models[2].classes_]
    bias = [*(float(models[n].intercept_[0]) for n in (0, 1)), *(float(b) for b in models[2].intercept_)]
    for output, column in enumerate([models[0].coef_[0], models[1].coef_[0], *models[2].coef_]):
        least = SMALLEST_KEPT["binary" if output < 2 else "topics"]
        for name, weight in zip(names, column, strict=True):
            if abs(weight) >= least:
                weights.setdefault(str(name), []).extend((output, round(float(weight) * ear.SCALE)))
    return ear.Ear(tuple(outputs), tuple(bias), weights)


def as_stored(trained: ear.Ear) -> dict[str, Any]:
    """The ear as its file holds it."""
    bias = [round(b, 3) for b in trained.bias]
    return {"outputs": list(trained.outputs), "bias": bias, "weights": dict(trained.weights)}


def _common(rows: Sequence[Mapping[str, float]]) -> set[str]:
    counts = Counter(name for row in rows for name in row)
    least = {"w": SELDOM_WORD, "c": SELDOM_LETTERS, "p": 1}
    return {name for name, count in counts.items() if count >= least[name[0]]}


def _topic_pairs(cases: Sequence[Case]) -> list[tuple[int, str]]:
    """(row, topic) of what patients ask and tell; other texts would only teach that most are about nothing."""
    asking = [(row, case) for row, case in enumerate(cases) if case["topics"] or case["kind"] == "off_sheet"]
    return [(row, topic) for row, case in asking for topic in (case["topics"] or [ear.NO_TOPIC])]


def _fit(table: Any, labels: Sequence[Any], strength: float, *, balanced: bool = False) -> Any:
    from sklearn.linear_model import LogisticRegression

    weighed = "balanced" if balanced else None
    return LogisticRegression(C=strength, max_iter=150, class_weight=weighed).fit(table, labels)


if __name__ == "__main__":
    main()
