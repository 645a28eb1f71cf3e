"""Judges what was said: every text true of its appointment at the hand-over, and every change told. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from bot.records.tables import Message
from tests.chaos.evidence import Evidence, Standing
from tests.chaos.reading import Attempt, attempt_behind, attempts_of, name_of, planned

TELL_THE_START = frozenset({"welcome", "moved", "called-off"})
# The clock of the worker that chose the words is up to a second from the witness's.
CLOCKS_DIFFER_BY = timedelta(seconds=2)


def words_not_true(evidence: Evidence) -> Iterator[str]:
    """A text of the plan that is not, word for word, what was to be said when it was handed over."""
    attempts = attempts_of(evidence)
    for created in evidence.created:
        message = planned(evidence, created)
        if message is None:
            continue
        attempt = attempt_behind(evidence, created, attempts[message.id])
        if attempt is not None and attempt.standing is not None:
            right = _words(evidence, message, attempt, attempt.standing)
            first = next(right)
            if created.body != first and created.body not in right:
                yield f"{name_of(evidence, message.id)} said {created.body[:70]!r}, and not {first[:70]!r}"


def changes_not_told(evidence: Evidence) -> Iterator[str]:
    """Whoever was told when her treatment is, and not that it was moved or called off since."""
    told = _last_told(evidence)
    ends = {row.id: row for row in evidence.appointments.values()}
    for appointment_id, (step, standing) in told.items():
        row = ends.get(appointment_id)
        if row is None or standing.phone in evidence.town.stopping:
            continue
        if row.status == "cancelled" and step != "called-off":
            yield f"{row.external_id}: {standing.phone} was never told that it is off"
        elif row.status == "booked" and standing.starts_at != row.starts_at:
            yield f"{row.external_id}: {standing.phone} was told {standing.starts_at}, and it is {row.starts_at}"


def _words(evidence: Evidence, message: Message, attempt: Attempt, standing: Standing) -> Iterator[str]:
    at = attempt.entry.at + evidence.clock_ahead_for
    # Whether it is a number's first text, which says how to stop, hangs on what has left before it, not on this one.
    for is_first in (False, True):
        for moment in (at, at - CLOCKS_DIFFER_BY, at + CLOCKS_DIFFER_BY):
            yield evidence.says(message, standing, moment, is_first)


def _last_told(evidence: Evidence) -> dict[str, tuple[str, Standing]]:
    """By appointment: the last text taken at her number of today that gives the start, and what stood then."""
    attempts = attempts_of(evidence)
    taken: defaultdict[str, list[tuple[int, str, Standing]]] = defaultdict(list)
    for created in evidence.created:
        message = planned(evidence, created)
        if message is None or message.step not in TELL_THE_START:
            continue
        attempt = attempt_behind(evidence, created, attempts[message.id])
        if attempt is not None and attempt.standing is not None and attempt.standing.phone == created.to:
            told = (attempt.entry.seq, message.step, attempt.standing)
            taken[message.appointment_id or ""].append(told)
    last = {appointment: max(each, key=lambda told: told[0]) for appointment, each in taken.items()}
    return {appointment: (step, standing) for appointment, (_, step, standing) in last.items()}
