"""Puts the clinic's words together for one patient. Chooses none."""

from bot.care.model import Status
from bot.content.model import Content
from bot.content.render import fill
from bot.conversation.response import Situation


class Speech:
    """The clinic's words for this patient, begun with its name."""

    def __init__(self, content: Content, situation: Situation):
        self.content, self.situation = content, situation
        booked = [a for a in situation.appointments if a.status is Status.BOOKED]
        self.upcoming = next((a for a in booked if a.starts_at > situation.now), None)

    def __call__(self, key: str, **more: str) -> str:
        return self.begun(self.bare(key, **more))

    def bare(self, key: str, **more: str) -> str:
        return self.filled(self.content.patients[key], **more)

    def filled(self, template: str, **more: str) -> str:
        appointment = self.upcoming or next(iter(self.situation.appointments), None)
        values = {**self.situation.values, **more}
        return " ".join(fill(template, values, appointment=appointment, now=self.situation.now).text.split())

    def begun(self, words: str) -> str:
        """With the clinic's name in front, and no capital after its colon but for acronyms."""
        return f"{self.situation.values['clinic']}: {continued(words)}"

    def passed_on(self) -> str:
        first = self("passed on")
        return self("passed on again") if first in self.situation.said_before[-1:] else first


def continued(words: str) -> str:
    """Words that go on after a colon: no capital but for acronyms."""
    return words[:1].lower() + words[1:] if words[1:2].islower() or words[1:2] == " " else words
