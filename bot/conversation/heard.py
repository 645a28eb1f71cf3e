"""Everything the readers found in one text, weighed: what the decisions about it are made from. Decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.answers_to_us import Answered
from bot.conversation.model import Command, Context, Reason
from bot.conversation.scope import Scene, Standing
from bot.conversation.second_opinion.features import Found
from bot.conversation.second_opinion.opinion import Opinion
from bot.conversation.signs import Told
from bot.conversation.topics import Asked


@dataclass(frozen=True)
class Heard:
    """The findings, the second opinion on them, and the command and the answer to our question that they hold."""

    found: Found
    opinion: Opinion
    command: Command | None
    answer: Answered | None
    why: tuple[Reason, ...]

    @property
    def context(self) -> Context:
        return self.found.context

    @property
    def scene(self) -> Scene:
        return self.found.scene

    @property
    def told(self) -> Sequence[Told]:
        return self.found.told

    @property
    def asked(self) -> Asked:
        return self.found.asked

    @property
    def is_short(self) -> bool:
        return self.found.is_short

    @property
    def says_a_sign(self) -> bool:
        """Whether any sign, sure or not, is said of the patient herself and now."""
        return any(t.standing is Standing.SAID for t in self.told)
