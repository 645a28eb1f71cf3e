"""What planning finds too late to be texted and must not stay unsaid: staff are asked to say it.

After-care whose hours an outage has used up, and a change made in the night of which she would hear only when she has
come. It plans nothing.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.care.model import Corrects, PastText, PlannedText, Step, Timeline
from bot.care.replan import Difference
from bot.escalation import desk
from bot.outbox.lost import left_untold
from bot.records.tables import Message, Patient
from bot.usecases.clinic import Clinic
from bot.usecases.escalations import open_task_about, open_task_for

# Not as a text that failed begins, whose task stands for every other text of the number while it is open.
TOO_LATE_TO_TEXT = "too late to text"


def tell_of_what_is_too_late(
    session: Session,
    clinic: Clinic,
    timeline: Timeline,
    patient: Patient,
    *,
    change: Difference,
    left_out: Sequence[Message],
    past: Sequence[PastText],
    now: datetime,
) -> None:
    """Open the tasks that a new plan calls for: of what it gave up, and of a correction that would come too late."""
    given_up = {text.step for text in change.cancel}
    for row in left_out:
        step = timeline.step(row.step)
        if step is None or step.untold is None:
            continue
        if step.hangs_on_end and row.step in given_up and row.rule == "expired":
            open_task_for(session, clinic, row, left_untold(row.reason or "", [step.untold]), now=now)
        elif step.corrects and row.rule == "quiet hours":
            _tell_at_once(session, clinic, patient, step, row.reason or "", now)
    for text in change.add:
        step = timeline.step(text.step)
        if step is not None and step.corrects is Corrects.START and _comes_before_it(text, past, now):
            _tell_at_once(session, clinic, patient, step, "she would come before our text does", now)


def _comes_before_it(correction: PlannedText, past: Sequence[PastText], now: datetime) -> bool:
    """Whether the time she was told last lies before the text that corrects it."""
    told = [text for text in past if text.said_start is not None]
    said = max(told, key=lambda text: text.sent_at).said_start if told else None
    return said is not None and now < said <= correction.due_at


def _tell_at_once(session: Session, clinic: Clinic, patient: Patient, step: Step, reason: str, now: datetime) -> None:
    """Not in the morning, when she is on her way; once while that task is open, however often it is planned again."""
    about = f"{TOO_LATE_TO_TEXT} ({step.id})"
    if step.untold and desk.unresolved_of(session, patient.phone, [patient.id], about=about) is None:
        open_task_about(session, clinic, patient, f"{about}: {left_untold(reason, [step.untold])}", now=now)
