"""The ear: what is shipped by row is what was learnt by name."""

from dataclasses import replace

import pytest

from bot.conversation.second_opinion import ear
from tests.texts.labelled import clinic_vocabulary


def test_what_a_text_sounds_like_is_the_sum_of_its_named_features() -> None:
    """The training weighs features by name, the bot by row: both must come to the same."""
    by_ear, said = ear.shipped(), "my cheek is blotchy. and i hate it, my poor cheek"
    sentences = clinic_vocabulary().read(said).sentences
    features = ear.named(sentences, "day1")
    rows = {name: row for name in features if (row := by_ear.rows.get(name)) is not None}
    scores = by_ear.bias + sum(by_ear.table[row] / ear.SCALE * features[name] for name, row in rows.items())
    heard = by_ear.impression([by_ear.listen(sentence) for sentence in sentences], "day1")
    assert list(heard.odds.values()) == pytest.approx(scores[: len(ear.SAYS)].tolist(), abs=1e-4)


def test_words_that_were_heard_before_sound_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept of words, and forgotten when it is too much, changes nothing."""
    monkeypatch.setattr(ear, "MOST_WORDS_KEPT", 3)
    by_ear, tokens = ear.shipped(), clinic_vocabulary().read("the skin on my cheek weeps and weeps").tokens
    fresh = replace(by_ear, known_words={})
    heard = [each.impression([each.listen(tokens)], "day1") for each in (fresh, fresh, by_ear)]
    assert heard[0] == heard[1] == heard[2]
    assert len(fresh.known_words) <= ear.MOST_WORDS_KEPT
