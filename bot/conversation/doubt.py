"""Whether the quick readers leave a doubt, so that a text is to be read closely as well. Decides nothing else.

They are sure of more than half of the texts, which are read within a millisecond. Where the bounds lie was chosen on
writers nothing was trained on: closer ones cost time and bring no figure nearer.
"""

from bot.conversation.meant import SHEET_ANSWERS
from bot.conversation.second_opinion.features import Found
from bot.conversation.second_opinion.opinion import Opinion
from bot.conversation.signs import EMERGENCY, asserted

NO_WARNING, WARNING = 0.08, 0.7
WARNING_WITHOUT_SURE_SIGN = 0.97
NO_EMERGENCY, SURE_EMERGENCY = 0.15, 0.8
POSSIBLE_OPT_OUT, POSSIBLE_IN_FEW_WORDS = -3.0, 0.0  # log odds, by ear
# A topic that is meant, and none at all; the sheet does not answer.
MEANT, NO_TOPIC = 0.6, 0.1
NO_ANSWER = 0.2


def leaves_doubt(found: Found, opinion: Opinion) -> bool:
    """Whether a close reading might change what is done about a text."""
    if found.said and not found.told and found.is_short:
        return False
    sure = asserted(found.told)
    surely = WARNING if sure else WARNING_WITHOUT_SURE_SIGN
    if NO_WARNING < opinion.warning < surely or NO_EMERGENCY < opinion.emergency < SURE_EMERGENCY:
        return True
    if EMERGENCY in sure and opinion.warning < WARNING:
        return True
    return _may_be_opt_out(found) or (opinion.warning <= NO_WARNING and _is_unclear(found, opinion))


def _may_be_opt_out(found: Found) -> bool:
    """Whether something is worded like a wish for no more texts, or sounds like one that no pattern knows."""
    least = POSSIBLE_IN_FEW_WORDS if found.is_short else POSSIBLE_OPT_OUT
    sounds_so = found.hearing.whole.odds["opt_out"] >= least
    return found.said is None and (found.wish is not None or sounds_so)


def _is_unclear(found: Found, opinion: Opinion) -> bool:
    """Whether something seems asked, and it is not plain what, or whether the care sheet answers it."""
    if found.asked.topics and found.is_short:
        return False
    likeliest = max(opinion.topics.values(), default=0.0)
    asks = found.asked.is_question or bool(found.asked.topics)
    if not asks or likeliest < NO_TOPIC or opinion.sheet < NO_ANSWER:
        return False
    return likeliest < MEANT or opinion.sheet < SHEET_ANSWERS
