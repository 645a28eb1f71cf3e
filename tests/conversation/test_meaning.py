"""What words mean to the second opinion: like words stand near each other, glad ones apart from sorry ones."""

import numpy as np
import pytest

from bot.conversation.second_opinion import meaning


def place(*words: str) -> np.ndarray:
    return meaning.meaning_of(words)[: -len(meaning.MOODS)]


def nearness(one: str, other: str) -> float:
    a, b = place(one), place(other)
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("blotches", "rash", "invoice"),
        ("swollen", "puffy", "parking"),
        ("itching", "scratching", "deposit"),
        ("jog", "running", "blister"),
        ("lipstick", "mascara", "fever"),
    ],
)
def test_like_words_stand_near_each_other(word: str, near: str, far: str) -> None:
    assert nearness(word, near) > nearness(word, far) + 0.2


def test_words_nobody_knows_stand_nowhere() -> None:
    assert not place("qzxvw").any() and not place().any()


def test_glad_and_sorry_words_are_told_apart_and_not_turns_them() -> None:
    moods = {
        said: dict(zip(meaning.names(), meaning.meaning_of(said.split()).tolist(), strict=True))["v:compound"]
        for said in ("i love my skin", "my skin is horrible", "my skin is not good")
    }
    assert moods["i love my skin"] > 0 > max(moods["my skin is horrible"], moods["my skin is not good"])


def test_what_a_text_sounds_like_is_the_sum_of_its_named_features() -> None:
    """The training weighs features by name, the bot by row: both must come to the same."""
    from bot.conversation.second_opinion import ear
    from tests.texts.labelled import clinic_vocabulary

    by_ear, tokens = ear.shipped(), clinic_vocabulary().read("my cheek is blotchy and i hate it").tokens
    sound = ear.sound_of(tokens, "day1")
    rows = {name: row for name in sound.named() if (row := by_ear.rows.get(name)) is not None}
    scores = by_ear.bias + sum(by_ear.table[row] / ear.SCALE * sound.named()[name] for name, row in rows.items())
    assert list(by_ear.hear(sound).odds.values()) == pytest.approx(scores[: len(ear.SAYS)].tolist(), abs=1e-4)
