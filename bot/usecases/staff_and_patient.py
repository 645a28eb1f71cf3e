"""A number that is both a staff member's and a patient's: is this text an order, or is it about her own skin?

Reads only. A danger is never taken for an order that was misspelt.
"""

from datetime import datetime

from sqlmodel import Session

from bot.conversation.model import Context
from bot.conversation.understand import understand
from bot.escalation.commands import Ended, NotUnderstood, Reply, StaffCommand, read_command
from bot.records.patients import BEARS_ON_CARE_FOR
from bot.records.tables import AppointmentRow, Inbound
from bot.usecases.clinic import Clinic
from bot.usecases.treatment_end import is_of_today
from bot.usecases.who import that_matter, treatments_of


def speaks_as_patient(session: Session, clinic: Clinic, row: Inbound, now: datetime) -> bool:
    """Whether this text from a staff number is to be read as a patient's."""
    appointments = [each for _, rows in treatments_of(session, row.from_phone) for each in rows]
    if not appointments:
        return False
    command = read_command(row.body or "")
    if not may_be_no_order(session, clinic, command, row.sent_at):
        return False
    in_care = any(each.status == "booked" and each.ends_at > now - BEARS_ON_CARE_FOR for each in appointments)
    if isinstance(command, NotUnderstood) and in_care:
        return True
    return _is_danger(clinic, row, that_matter(appointments, now) or appointments, now)


def may_be_no_order(session: Session, clinic: Clinic, command: StaffCommand, sent_at: datetime) -> bool:
    """ "R u open today" and "done with my cleanser" only look like orders; with a code or a known name they are."""
    match command:
        case NotUnderstood():
            return True
        case Reply(code=None, words=words):
            return bool(words)
        case Ended(name=name):
            return bool(name) and not is_of_today(session, clinic, name, sent_at=sent_at)
    return False


def _is_danger(clinic: Clinic, row: Inbound, appointments: list[AppointmentRow], now: datetime) -> bool:
    nearest = appointments[0]
    context = Context(now, nearest.starts_at, nearest.ends_at, clinic.zone, media_count=row.media_count)
    return understand(row.body or "", context=context, vocabulary=clinic.any_vocabulary).is_warning
