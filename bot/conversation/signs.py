"""Finds the warning signs a patient reports. Raises; never decides that a text may pass unseen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.conversation.model import Context
from bot.conversation.phrases import Found
from bot.conversation.scope import Scene, Standing, standing
from bot.conversation.topics import EFFECTS, Asked
from bot.conversation.vocabulary import Vocabulary, outermost

PERHAPS = "perhaps: "
EYE_BRUISES_NORMAL_DAYS = 4
SIMILE_REACH = 4
_EYE_WORDS = frozenset("eye eyes undereye eyelid eyelids lid lids crow crows lashes".split())
EMERGENCY = "emergency"


@dataclass(frozen=True)
class Told:
    """A sign found in a text, how surely its words mean it, and how it stands there."""

    sign: str
    is_sure: bool
    found: Found
    standing: Standing


def told_signs(scene: Scene, asked: Asked, *, context: Context, vocabulary: Vocabulary) -> tuple[Told, ...]:
    """Return every sign whose words stand in the text, said or not, in order. `asked` is what the text asks about."""
    hits = outermost(vocabulary.said.find(scene.keys))
    told = (_in_question(_told(hit, scene), asked) for hit in hits if not _is_a_purpose(hit, scene, asked))
    return tuple(t for t in told if t and not _is_expected_bruise(t, scene, context))


def asserted(told: Sequence[Told]) -> tuple[str, ...]:
    """Return the signs that are surely said, each once, in order."""
    return tuple(dict.fromkeys(t.sign for t in told if t.is_sure and t.standing is Standing.SAID))


def _told(hit: Found, scene: Scene) -> Told:
    sign = hit.means.removeprefix(PERHAPS)
    return Told(sign, sign == hit.means, hit, _standing(sign, hit, scene))


def _in_question(told: Told, asked: Asked) -> Told | None:
    """Words of a question are not a report: "can I scratch", "what would an infection look like"."""
    around = [hit for hit in asked.topics if any(a <= told.found.start < b for a, b in hit.places)]
    if told.sign == EMERGENCY and told.standing is Standing.SAID:
        return told  # "should I call 911" is nothing to look up
    if told.standing is Standing.SAID and any(hit.means == "contact" for hit in around):
        return replace(told, standing=Standing.IF)
    if told.is_sure or not asked.is_question or not any(hit.means not in EFFECTS for hit in around):
        return told
    return None


def _is_a_purpose(hit: Found, scene: Scene, asked: Asked) -> bool:
    """ "Can I take arnica for bruising" asks about arnica; "for this bruise" would tell of one."""
    before = scene.plain.words[hit.start - 1] if hit.start else ""
    return asked.is_question and bool(asked.topics) and before in _PURPOSES


_PURPOSES = frozenset("for against prevent reduce avoid minimize".split())


def _standing(sign: str, hit: Found, scene: Scene) -> Standing:
    found = standing(hit, scene)
    # Chest, arm and "all better now" do not make an emergency harmless: only denial, others and figures of speech do.
    if sign == EMERGENCY and found in (Standing.ELSEWHERE, Standing.BETTER):
        return Standing.SAID
    if sign == EMERGENCY and found is Standing.IF and not scene.plain.has_question_mark:
        return Standing.SAID
    if sign == EMERGENCY and found is Standing.SAID and (scene.has("<laugh>") or _is_a_simile(hit, scene)):
        return Standing.IDIOM
    if sign == "worry" and found is Standing.ELSEWHERE:
        return Standing.SAID
    return found


def _is_a_simile(hit: Found, scene: Scene) -> bool:
    """ "I look like I passed out at the pool" is about colour; "it feels like my throat is closing" is not."""
    words = scene.plain.words
    before = range(max(1, hit.start - SIMILE_REACH), hit.start)
    return any(words[j] == "like" and words[j - 1] in ("look", "looks", "looking", "looked") for j in before)


def _is_expected_bruise(told: Told, scene: Scene, context: Context) -> bool:
    """Around the eyes a little bruising is normal for four days after the procedure."""
    if told.sign != "bruise" or not 0 <= context.day <= EYE_BRUISES_NORMAL_DAYS:
        return False
    return bool(_EYE_WORDS & set(scene.plain.words))
