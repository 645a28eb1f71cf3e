"""STOP and START from whatever number: recorded with the time they were sent and the words, and acted on at once.

It answers nobody; a text that reaches us late never undoes what was said after it.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.conversation.commands import is_a_carriers_stop
from bot.conversation.model import Command, Urgency
from bot.escalation import desk
from bot.outbox.store import restore_for_number, suppress_for_number
from bot.records.numbers import lock_numbers, record_opt_in, record_opt_out
from bot.records.tables import AppointmentRow, Inbound
from bot.usecases.clinic import Clinic
from bot.usecases.escalations import tell_staff
from bot.usecases.planning import replan_all
from bot.usecases.who import in_care, treatments_of

CARE_IS_OPEN_FOR = timedelta(days=14)
STOPPED_UNDER_CARE = "has texted STOP while under care, please call"
# A keyword that Twilio was taught and we were not means what Twilio took it for.
OPT_OUT_TYPES = {"STOP": Command.STOP, "START": Command.START}


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


def taken_for(row: Inbound) -> Command | None:
    """What Twilio took the text for, where it told us."""
    return OPT_OUT_TYPES.get(row.opt_out_type or "")


def is_surely_stop(row: Inbound) -> bool:
    """Whether it is STOP for every carrier, whatever else could be read in it."""
    return taken_for(row) is Command.STOP or is_a_carriers_stop(row.body or "")


def ask_to_call(
    session: Session, clinic: Clinic, phone: str, *, now: datetime, words: str = "", inbound_id: str | None = None
) -> None:
    """Who has opted out and still needs care is called instead: staff get a task. Its number is locked.

    Care is open for two weeks after a treatment, and while a case is.
    """
    on_the_number = in_care(treatments_of(session, phone), now)
    everyone = [patient for patient, _ in on_the_number]
    under_care = [patient for patient, rows in on_the_number if any(_is_under_care(each, now) for each in rows)]
    if under_care or desk.unresolved_of(session, phone, [patient.id for patient in everyone]):
        tell_staff(
            session,
            clinic,
            urgency=Urgency.ROUTINE,
            reason=STOPPED_UNDER_CARE,
            phone=phone,
            patients=under_care or everyone,
            words=words,
            now=now,
            inbound_id=inbound_id,
        )


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


def _is_under_care(appointment: AppointmentRow, now: datetime) -> bool:
    treated = appointment.status == "booked" and appointment.starts_at <= now
    return treated and now < appointment.starts_at + CARE_IS_OPEN_FOR
