"""The close reader: what it reads of a text, that nothing of a long one is lost, and when it is asked at all."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bot.conversation.close_reading import close_reader
from bot.conversation.close_reading.close_reader import CloseReading, read_closely
from bot.conversation.close_reading.deciding_words import deciding_words
from bot.conversation.close_reading.network import Network
from bot.conversation.close_reading.wordpieces import pieces
from bot.conversation.model import Phase, Reading
from bot.conversation.understand import understand
from tests.texts.labelled import clinic_vocabulary, context_in

KNOWN = {name: number for number, name in enumerate(["[UNK]", "sun", "##burn", "##ed", "is", "?", "'", "s"])}


def closely(text: str, phase: str = "days2_7") -> CloseReading:
    return read_closely(text, phase, close_reader.shipped())


def read(text: str, phase: str = "days2_7", *, explain: bool = False) -> Reading:
    return understand(text, context=context_in(phase), vocabulary=clinic_vocabulary(), explain=explain)


def is_read_closely(text: str, phase: str = "days2_7") -> bool:
    return any(reason.rule == "close reading" for reason in read(text, phase).why)


def test_an_unknown_word_is_read_by_its_parts_and_a_sign_of_no_language_as_unknown() -> None:
    names = list(KNOWN)
    cut = [names[number] for number in pieces("is sunburned? sun's \U0001f9ff xyz", KNOWN)]
    assert cut == ["is", "sun", "##burn", "##ed", "?", "sun", "'", "s", "[UNK]", "[UNK]"]


@pytest.mark.parametrize(
    ("warns", "does_not"),
    [
        ("the pillowcase had wet spots on it this morning and it smells off", "the pillow smells of my new shampoo"),
        ("my left cheek looks angrier than it did last night", "my left cheek looks so much calmer today"),
        ("something is leaking from where he went over twice", "the tap in the waiting room is leaking"),
    ],
)
def test_a_warning_told_without_alarm_words_is_told_from_its_twin(warns: str, does_not: str) -> None:
    assert closely(warns).odds["warning"] > 0 > closely(does_not).odds["warning"]


def test_the_same_words_are_another_matter_a_week_on() -> None:
    said = "my face is still very red"
    assert closely(said, "after7").odds["warning"] > closely(said, "day0").odds["warning"] + 1


def test_it_says_what_a_question_is_about() -> None:
    assert closely("when am i allowed back on the treadmill").likeliest_topic == "exercise"
    assert closely("is foundation ok for a dinner tonight").likeliest_topic == "makeup"


def test_a_warning_at_the_end_of_a_very_long_text_counts_as_much_as_alone() -> None:
    long = "we had a lovely walk by the lake and then we went home for tea. " * 25
    assert closely(long).odds["warning"] < 0 < closely(long + "there is pus coming out of my cheek.").odds["warning"]


def test_it_reads_an_empty_text_and_one_of_unknown_signs() -> None:
    assert np.isfinite([*closely("").odds.values(), *closely("\u4f60\u597d").odds.values()]).all()


def test_reading_twice_gives_the_same() -> None:
    assert closely("is this normal, it feels hot") == closely("is this normal, it feels hot")


def test_every_phase_is_known_to_it() -> None:
    assert {close_reader.phase_piece(phase) for phase in Phase} <= close_reader.shipped().known.keys()


@pytest.mark.parametrize("text", ["STOP", "Y", "thanks!", "can i wear makeup", "when can i exercise?", "pus"])
def test_what_the_quick_readers_are_sure_of_is_not_read_closely(text: str) -> None:
    assert not is_read_closely(text)


@pytest.mark.parametrize("text", ["my eyes are watering nonstop", "there is a funny feeling along my jaw"])
def test_what_they_doubt_is(text: str) -> None:
    assert is_read_closely(text)


def test_the_words_that_decided_are_named_where_an_explanation_is_asked_for() -> None:
    text = "is it fine to hit the treadmill on sunday"
    assert "treadmill" in deciding_words(closely(text, "day1"), text, "day1", close_reader.shipped())
    said = [reason.words for reason in read("hubby says the cheek smells off", explain=True).why]
    assert any("smells" in words for words in said)


def test_of_a_long_text_they_are_found_in_few_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "we had a lovely walk by the lake and went home for tea. " * 24 + "my cheek oozes something yellow today"
    read, asked, reads = closely(text), Counter[str](), Network.read
    monkeypatch.setattr(Network, "read", lambda network, numbers: (asked.update(["part"]), reads(network, numbers))[1])
    assert {"cheek", "oozes", "yellow"} & set(deciding_words(read, text, "days2_7", close_reader.shipped()))
    assert asked["part"] < len(text.split())


def test_the_network_is_loaded_once_however_many_ask_for_it_first() -> None:
    """Held eight times over it would not fit into a small host."""
    close_reader._loaded.cache_clear()
    with ThreadPoolExecutor(8) as threads:
        networks = list(threads.map(lambda _: close_reader.shipped(), range(8)))
    assert len({id(network) for network in networks}) == 1
