"""Asks the quick readers of a text once: the rules for signs, topics, commands and everyday matters, and the ear.

Weighs nothing.
"""

from bot.conversation.commands import command, wish_for_no_more
from bot.conversation.everyday import everyday
from bot.conversation.model import Command, Context
from bot.conversation.scope import Scene
from bot.conversation.second_opinion.ear import Ear
from bot.conversation.second_opinion.features import Found
from bot.conversation.second_opinion.hearing import hearing_of
from bot.conversation.signs import told_signs
from bot.conversation.topics import asked_about
from bot.conversation.vocabulary import Vocabulary


def findings(scene: Scene, context: Context, vocabulary: Vocabulary, by_ear: Ear) -> Found:
    """Return what the rules and the ear find in a text, not yet weighed."""
    asked = asked_about(scene, vocabulary=vocabulary)
    told = told_signs(scene, asked, context=context, vocabulary=vocabulary)
    said = command(scene.plain)
    wish = None if said else wish_for_no_more(scene.plain)
    is_stop = wish is not None or (said is not None and said[0] is Command.STOP)
    kinds = [*everyday(scene), *(("opt out",) if is_stop else ())]
    return Found(scene, told, asked, kinds, context, hearing_of(scene, context, by_ear), said, wish)
