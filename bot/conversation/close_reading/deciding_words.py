"""Which words decided a close reading: it reads the text again without each of them. For the explanation only."""

from bot.conversation.close_reading.close_reader import CloseReading, read_closely
from bot.conversation.close_reading.network import Network

MOST_WORDS = 4
LEAST_MOVED = 0.5  # log odds


def deciding_words(read: CloseReading, text: str, phase: str, network: Network) -> tuple[str, ...]:
    """The words of a text so read without which a warning, or where it is thought none the likeliest topic, would be
    less likely.

    It reads once more for every word: a tenth of a second for a few, a minute for a text of 2,000 characters.
    """
    words = text.split()
    if len(words) < 2:
        return tuple(words)
    topic = None if read.odds["warning"] > 0 else read.likeliest_topic
    without = (read_closely(" ".join(words[:at] + words[at + 1 :]), phase, network) for at in range(len(words)))
    moved = [(_odds(read, topic) - _odds(each, topic), word) for each, word in zip(without, words, strict=True)]
    return tuple(word for fell, word in sorted(moved, reverse=True)[:MOST_WORDS] if fell >= LEAST_MOVED)


def _odds(read: CloseReading, topic: str | None) -> float:
    return read.odds["warning"] if topic is None else read.topics[topic]
