"""The difference between what is planned and what should be: which rows to keep, cancel and add. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.care.model import PlannedText


@dataclass(frozen=True)
class Difference:
    """What to do with the pending texts: `keep` pairs a pending one with how it should now read."""

    keep: tuple[tuple[PlannedText, PlannedText], ...]
    cancel: tuple[PlannedText, ...]
    add: tuple[PlannedText, ...]


def difference(pending: Sequence[PlannedText], wanted: Sequence[PlannedText], *, now: datetime) -> Difference:
    """Keep what stands for the same text at the same moment, cancel the other pending ones, add what is missing.

    A pending text that is already due keeps its own due time, so that planning again never makes it later.
    """
    left = {_key(p): p for p in pending}
    keep, add = [], []
    for text in wanted:
        match = left.pop(_key(text), None)
        if match is None:
            add.append(text)
        else:
            is_due = match.due_at <= now and text.due_at <= now
            keep.append((match, replace(text, due_at=match.due_at) if is_due else text))
    return Difference(tuple(keep), tuple(left.values()), tuple(add))


def _key(text: PlannedText) -> tuple[object, ...]:
    return text.step, text.occurrence, text.planned_for, text.carries
