"""What the second opinion weighs: everything the rules found and how it stands, beside what the ear says.

And what the close reader says, where it was asked. Not the words themselves: those are theirs. Weighs nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.close_reading.close_reader import CloseReading
from bot.conversation.model import Command, Context, Phase
from bot.conversation.scope import Scene, Standing
from bot.conversation.second_opinion.ear import NO_TOPIC
from bot.conversation.second_opinion.hearing import Hearing
from bot.conversation.second_opinion.linear import log_odds, probability
from bot.conversation.signs import Told
from bot.conversation.topics import TOLD, Asked

MANY = 4
LONG = 60
SHORT = 3
FEW = 6
# A few words that name a topic or a sign are a keyword, and need nobody's second opinion.
KEYWORDS = 4
# Log odds are brought to the size of the other features.
ODDS = 3.0
SENTENCE_DISCOUNT = 0.5
WORTH_A_LOOK = 0.05
UNHEARD_OF = -9.0  # log odds of a topic that the close reader does not know

# The language's own sets; those of the clinic's files are parts of phrases and say little by themselves.
_TELLING_SETS = frozenset(
    "<me> <treated-skin> <other-person> <pet> <elsewhere> <past> <resolved> <calm> <better> "
    "<more> <fear> <laugh> <now>".split()
)


@dataclass(frozen=True)
class Found:
    """All that the readers found in one text.

    `kinds` are the everyday kinds of it, `said` is its command with the words that made it, `wish` the words by which
    it asks otherwise for no more texts. `closely` is what the close reader says, where it was asked.
    """

    scene: Scene
    told: Sequence[Told]
    asked: Asked
    kinds: Sequence[str]
    context: Context
    hearing: Hearing
    said: tuple[Command, str] | None = None
    wish: str | None = None
    closely: CloseReading | None = None

    @property
    def is_short(self) -> bool:
        """Whether it is no more than a keyword."""
        return len(self.scene.plain.tokens) <= KEYWORDS


def warning_features(found: Found) -> dict[str, float]:
    """Return the features by which a warning is told from a harmless text."""
    phase = _phase(found.context)
    features = dict.fromkeys([f"phase:{phase}", *(f"kind:{kind}" for kind in found.kinds)], 1.0)
    features |= dict.fromkeys(_sets(found.scene), 1.0)
    features |= dict.fromkeys(_about_signs(found.told, phase), 1.0)
    features |= dict.fromkeys(_about_topics(found.asked, phase), 1.0)
    counts, heard = _counts(found), _by_ear(found.hearing)
    stranger = max(0.0, -heard["ear, for the clinic"])
    doubts = {
        "sure sign of a stranger": stranger * counts["sure signs"],
        "alarm of a stranger": stranger * max(0.0, heard["ear"]),
    }
    return features | counts | heard | doubts | _closely(found.closely)


def subject_features(found: Found) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Return the features of the whole text, and those of each topic it may be about: they tell whether it is."""
    shares, asked, odds = found.hearing.whole.topics, found.asked, found.hearing.whole.odds
    hits = Counter(hit.means for hit in asked.topics)
    told = {hit.means.removeprefix(TOLD) for hit in asked.told}
    heard = {topic for topic, share in shares.items() if share > WORTH_A_LOOK and topic != NO_TOPIC}
    if found.closely:
        heard |= {topic for topic, read in found.closely.topics.items() if probability(read) > WORTH_A_LOOK}
    most = max(shares.values())
    common = _of_the_text(found) | {
        "nothing of the sheet": log_odds(shares.get(NO_TOPIC, 0.0)) / ODDS,
        "the sheet, by ear": odds["sheet"] / ODDS,
        **({"closely, the sheet": found.closely.odds["sheet"] / ODDS} if found.closely else {}),
    }
    own = {}
    for topic in sorted(heard | set(hits) | set(asked.named)):
        share = shares.get(topic, 0.0)
        hit = float(topic in hits)
        own[topic] = {
            "ear": log_odds(share) / ODDS,
            "ear's first": float(share == most),
            "ear of a hit": hit * log_odds(share) / ODDS,
            "hit": hit,
            "hit twice": float(hits[topic] > 1),
            "only hit": float(topic in hits and len(hits) == 1),
            "named": float(topic in asked.named),
            "told": float(topic in told),
            "hit beside what is off the sheet": hit * bool(asked.off_sheet),
            "keyword": hit * (len(found.scene.plain.tokens) <= FEW),
            f"topic:{topic}": 1.0,
            f"hit:{topic}": hit,
            **_topic_closely(found.closely, topic, hit),
        }
    return common, own


def sheet_features(found: Found, topics: Mapping[str, float]) -> dict[str, float]:
    """Return the features by which a question that the care sheet answers is told from any other.

    `topics` are the probabilities that the topics are meant.
    """
    shares, asked, odds = found.hearing.whole.topics, found.asked, found.hearing.whole.odds
    likely = sorted(topics.items(), key=lambda each: -each[1])
    first, most = likely[0] if likely else (NO_TOPIC, 0.0)
    length = len(found.scene.plain.tokens)
    return {
        "the sheet, by ear": odds["sheet"] / ODDS,
        "nothing of the sheet": log_odds(shares.get(NO_TOPIC, 0.0)) / ODDS,
        "first": most,
        "first, odds": log_odds(most) / ODDS,
        "second": likely[1][1] if len(likely) > 1 else 0.0,
        "first by ear": shares.get(first, 0.0),
        "ear agrees": float(max(shares, key=lambda topic: shares[topic]) == first),
        "rules agree": float(first in {hit.means for hit in asked.topics}),
        "no hit": float(not asked.topics),
        "named": min(len(asked.named), MANY) / 2,
        "off the sheet": float(bool(asked.off_sheet)),
        "things off the sheet": min(len({hit.means for hit in asked.off_sheet}), SHORT),
        "question": float(asked.is_question),
        "short": float(length <= MANY),
        "length": min(length, LONG) / (LONG / 2),
        "before": float(_phase(found.context) == "before"),
        f"topic:{first}": 1.0,
        **{hit.means: 1.0 for hit in asked.off_sheet},
        **_sheet_closely(found.closely, first),
    }


def _of_the_text(found: Found) -> dict[str, float]:
    asked, odds, length = found.asked, found.hearing.whole.odds, len(found.scene.plain.tokens)
    return {
        "hits": min(len({hit.means for hit in asked.topics}), MANY) / 2,
        "no hit": float(not asked.topics),
        "off the sheet": float(bool(asked.off_sheet)),
        "question": float(asked.is_question),
        "question mark": float(asked.has_question_mark),
        "short": float(length <= MANY),
        "length": min(length, LONG) / (LONG / 2),
        "for the clinic": odds["ours"] / ODDS,
        "warning": odds["warning"] / ODDS,
        "before" if _phase(found.context) == "before" else "after": 1.0,
        **{f"kind:{kind}": 1.0 for kind in found.kinds},
    }


def _counts(found: Found) -> dict[str, float]:
    said = [t for t in found.told if t.standing is Standing.SAID]
    sure, length = sum(t.is_sure for t in said), len(found.scene.plain.tokens)
    return {
        "sure signs": min(sure, MANY) / 2,
        "perhaps signs": min(len(said) - sure, MANY) / 2,
        "length": min(length, LONG) / (LONG / 2),
        "no sure sign": float(not sure),
        "plain question": float(not sure and bool(found.asked.topics) and found.asked.is_question),
        "short": float(length <= SHORT),
    }


def _by_ear(hearing: Hearing) -> dict[str, float]:
    odds, loudest = hearing.whole.odds, hearing.loudest
    return {
        "ear": odds["warning"] / ODDS,
        "ear, loudest sentence": max(odds["warning"], loudest["warning"] - SENTENCE_DISCOUNT) / ODDS,
        "ear, emergency": max(odds["emergency"], loudest["emergency"]) / ODDS,
        "ear, for the clinic": odds["ours"] / ODDS,
        "ear, no more texts": odds["opt_out"] / ODDS,
        "ear, nothing of the sheet": hearing.whole.topics.get(NO_TOPIC, 0.0),
    }


def _closely(read: CloseReading | None) -> dict[str, float]:
    if read is None:
        return {}
    return {
        "closely": read.odds["warning"] / ODDS,
        "closely, emergency": read.odds["emergency"] / ODDS,
        "closely, for the clinic": read.odds["ours"] / ODDS,
        "closely, any sign": max(read.signs.values()) / ODDS,
    }


def _topic_closely(read: CloseReading | None, topic: str, hit: float) -> dict[str, float]:
    if read is None:
        return {}
    odds = read.topics.get(topic, UNHEARD_OF)
    return {
        "closely": odds / ODDS,
        "closely of a hit": hit * odds / ODDS,
        "closely first": float(topic == read.likeliest_topic),
    }


def _sheet_closely(read: CloseReading | None, first: str) -> dict[str, float]:
    if read is None:
        return {}
    return {
        "closely, the sheet": read.odds["sheet"] / ODDS,
        "closely, first": read.topics.get(first, UNHEARD_OF) / ODDS,
        "closely, most": max(read.topics.values()) / ODDS,
        "closely, for the clinic": read.odds["ours"] / ODDS,
        "closely, warning": read.odds["warning"] / ODDS,
    }


def _phase(context: Context) -> str:
    return "before" if context.phase in (Phase.BEFORE, Phase.MORNING) else str(context.phase)


def _sets(scene: Scene) -> Iterable[str]:
    return {f"set:{name}" for sets in scene.sets_at for name in sets if name in _TELLING_SETS}


def _about_signs(told: Iterable[Told], phase: str) -> Iterator[str]:
    for t in told:
        how = f"{'sure' if t.is_sure else 'perhaps'}:{t.standing.name}"
        yield how
        yield f"{how}:{phase}"
        yield f"{how}:{t.sign}"


def _about_topics(asked: Asked, phase: str) -> Iterator[str]:
    for hit in asked.topics:
        yield f"topic:{hit.means}"
    for hit in asked.told:
        yield hit.means
    for hit in asked.off_sheet:
        yield "off the sheet"
        yield hit.means
    if asked.is_question:
        yield "question"
        yield f"question:{phase}"
    if asked.has_question_mark:
        yield "question mark"
