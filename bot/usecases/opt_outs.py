"""STOP and START from whatever number: recorded with the time they were sent and the words, and acted on at once.

It answers nobody; a text that reaches us late never undoes what was said after it.
"""

from datetime import datetime

from sqlmodel import Session

from bot.outbox.store import restore_for_number, suppress_for_number
from bot.records.numbers import lock_numbers, record_opt_in, record_opt_out
from bot.records.tables import Inbound
from bot.usecases.clinic import Clinic
from bot.usecases.planning import replan_all
from bot.usecases.who import treatments_of


def has_opted_out(session: Session, phone: str) -> bool:
    """Whether this number may not be texted."""
    return lock_numbers(session, [phone])[phone].opted_out_at is not None


def take_stop(session: Session, row: Inbound, *, now: datetime) -> bool:
    """Nothing more goes to this number; False where that is no news, or she has texted START since."""
    number = lock_numbers(session, [row.from_phone])[row.from_phone]
    if number.opted_in_at is not None and number.opted_in_at > row.sent_at:
        return False
    first = record_opt_out(session, row.from_phone, at=row.sent_at, words=row.body, via="text")
    suppress_for_number(session, row.from_phone, reason="the patient texted STOP", now=now)
    return first


def take_start(session: Session, clinic: Clinic, row: Inbound, *, now: datetime) -> bool:
    """Give back what is still useful; False where she had not opted out, or has texted STOP since.

    What was planned may have changed meanwhile, so it is planned again: a text given back as it was would be of an
    old plan, and would be dropped when its time comes.
    """
    number = lock_numbers(session, [row.from_phone])[row.from_phone]
    if number.opted_out_at is None or number.opted_out_at > row.sent_at:
        return False
    record_opt_in(session, row.from_phone, at=row.sent_at)
    restore_for_number(session, row.from_phone, now=now)
    for patient, _ in treatments_of(session, row.from_phone):
        replan_all(session, clinic, patient, now=now, why="the patient texted START")
    return True
