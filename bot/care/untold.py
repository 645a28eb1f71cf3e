"""What a patient will not have been asked or told when she comes, or leaves, for staff to do it in person. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.care.model import Timeline


@dataclass(frozen=True)
class Untold:
    """In staff's words, as the timeline has them: what was not asked or told before, and what is not texted in time
    after.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def untold(timeline: Timeline, *, flags: Mapping[str, bool], told: Collection[str]) -> Untold:
    """What is missing where the steps `told` reach the patient and `flags` are known of her.

    A step that goes instead of another before the treatment says what that one would have; after it, it comes late.
    """
    instead = {step.instead_of for step in timeline.steps if step.id in told}
    missing = [
        step
        for step in timeline.steps
        if step.untold
        and not step.corrects
        and step.id not in told
        and not (step.only and not flags.get(step.only))
        and not (step.asks and step.asks in flags)
        and not (step.id in instead and not step.hangs_on_end)
    ]
    return Untold(
        tuple(step.untold for step in missing if step.untold and not step.hangs_on_end),
        tuple(step.untold for step in missing if step.untold and step.hangs_on_end),
    )
