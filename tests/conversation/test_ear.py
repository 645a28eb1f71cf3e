"""The ear: what is shipped by row is what was learnt by name."""

import pytest

from bot.conversation.second_opinion import ear
from tests.texts.labelled import clinic_vocabulary


def test_what_a_text_sounds_like_is_the_sum_of_its_named_features() -> None:
    """The training weighs features by name, the bot by row: both must come to the same."""
    by_ear, tokens = ear.shipped(), clinic_vocabulary().read("my cheek is blotchy and i hate it").tokens
    sound = ear.sound_of(tokens, "day1")
    rows = {name: row for name in sound.named() if (row := by_ear.rows.get(name)) is not None}
    scores = by_ear.bias + sum(by_ear.table[row] / ear.SCALE * sound.named()[name] for name, row in rows.items())
    assert list(by_ear.hear(sound).odds.values()) == pytest.approx(scores[: len(ear.SAYS)].tolist(), abs=1e-4)
