"""Whose text it may be: the patient, her treatments and words, and which of our questions it answers. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.content.model import Content
from bot.conversation.vocabulary import Vocabulary
from bot.conversation.which_question import named_question
from bot.records.tables import AppointmentRow, Patient
from bot.usecases.clinic import Clinic
from bot.usecases.open_questions import ABOUT, ASKS, Asked, OpenQuestions
from bot.usecases.who import that_matter


@dataclass(frozen=True)
class Sender:
    """Whose text it is and how it bears on their care: their treatments, the words, the question it may answer.

    `unanswered` are questions besides, asked before it, which no bare yes or no answers.
    """

    patient: Patient
    appointments: Sequence[AppointmentRow]
    content: Content
    vocabulary: Vocabulary
    asked: Asked | None
    unanswered: Sequence[Asked] = ()
    may_ask_again: bool = False

    def asks_again(self, step: str | None) -> Mapping[str, str]:
        """What the outbox keeps beside a reply that asks this older question again, to know what answers it."""
        asked = next((a for a in self.unanswered if a.step == step), None)
        return {ASKS: asked.step, ABOUT: asked.appointment_id} if asked else {}


def sender_of(
    clinic: Clinic,
    patient: Patient,
    rows: Sequence[AppointmentRow],
    questions: OpenQuestions,
    text: str,
    now: datetime,
) -> Sender:
    """Whose text it may be. It answers what we asked her last, or the older question of ours that it names."""
    matter = that_matter(rows, now)
    treatment = matter[0].treatment if matter else next(iter(clinic.contents))
    vocabulary = clinic.vocabularies[treatment]
    older = [asked for asked in questions.older if asked.patient_id == patient.id]
    last = questions.last if questions.last and questions.last.patient_id == patient.id else None
    named = named_question(text, last.step if last else None, [a.step for a in older], vocabulary=vocabulary)
    asked = next((a for a in older if a.step == named), last)
    return Sender(
        patient, matter, clinic.contents[treatment], vocabulary, asked,
        unanswered=[a for a in (*older, *([last] if last else [])) if a != asked],
        may_ask_again=not questions.more_to_come,
    )  # fmt: skip
