"""Whether a text that raises no alarm may still be a warning, so that staff are to read it all the same.

Alarms nobody.
"""

from bot.conversation.alarm import says_nothing
from bot.conversation.heard import Heard
from bot.conversation.scope import Standing
from bot.conversation.signs import asserted

# Below "urgent", anything that may be a warning still goes to staff, without alarm.
POSSIBLE, POSSIBLE_EMERGENCY = 0.03, 0.15
# Where a question is asked less is believed; a little less where a sign is named that nobody is said to have now, and
# much less where every one is denied.
POSSIBLE_IN_A_QUESTION, POSSIBLE_WHERE_NONE_IS_SAID, POSSIBLE_WHERE_ALL_IS_DENIED = 0.1, 0.06, 0.25


def may_be_warning(heard: Heard) -> bool:
    """Whether staff are to read it, without alarm."""
    if says_nothing(heard):
        return False
    if heard.opinion.emergency >= POSSIBLE_EMERGENCY:
        return True
    if asserted(heard.told):
        return heard.context.is_treated or not heard.asked.topics
    return heard.context.is_treated and heard.opinion.warning >= _least_possible(heard)


def _least_possible(heard: Heard) -> float:
    if heard.says_a_sign and not (heard.is_short and heard.asked.topics):
        return POSSIBLE
    if heard.told and all(t.standing is Standing.DENIED for t in heard.told):
        return POSSIBLE_WHERE_ALL_IS_DENIED
    return POSSIBLE_WHERE_NONE_IS_SAID if heard.told else POSSIBLE_IN_A_QUESTION if heard.asked.topics else POSSIBLE
