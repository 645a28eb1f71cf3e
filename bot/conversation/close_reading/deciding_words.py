"""Which words decided a close reading: it reads the text again without each of them. For the explanation only."""

from collections.abc import Sequence

from bot.conversation.close_reading.close_reader import CloseReading, read_closely
from bot.conversation.close_reading.network import Network

MOST_WORDS = 4
LEAST_MOVED = 0.5  # log odds
# Of a longer text whole runs of words are left out first, and only the weightiest runs are looked at word by word.
LOOKED_AT_WHOLE, RUN, RUNS_LOOKED_AT = 40, 12, 3


def deciding_words(read: CloseReading, text: str, phase: str, network: Network) -> tuple[str, ...]:
    """The words of a text so read without which a warning, or where it is thought none the likeliest topic, would be
    less likely.

    It reads once more for every word: a tenth of a second for a few, some seconds for a text of 2,000 characters.
    """
    words = text.split()
    if len(words) < 2:
        return tuple(words)
    topic = None if read.odds["warning"] > 0 else read.likeliest_topic

    def falls(start: int, end: int) -> float:
        """By how much the odds fall without these words."""
        without = read_closely(" ".join(words[:start] + words[end:]), phase, network)
        return _odds(read, topic) - _odds(without, topic)

    looked_at: Sequence[int] = range(len(words))
    if len(words) > LOOKED_AT_WHOLE:
        runs = sorted(range(0, len(words), RUN), key=lambda at: -falls(at, at + RUN))[:RUNS_LOOKED_AT]
        looked_at = [at for run in runs for at in range(run, min(run + RUN, len(words)))]
    moved = sorted(((falls(at, at + 1), words[at]) for at in looked_at), reverse=True)
    return tuple(word for fell, word in moved[:MOST_WORDS] if fell >= LEAST_MOVED)


def _odds(read: CloseReading, topic: str | None) -> float:
    return read.odds["warning"] if topic is None else read.topics[topic]
