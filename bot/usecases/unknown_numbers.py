"""A text from a number without appointment: danger and opt-outs count as from anyone, the rest goes to staff.

What is said while a case is open is passed on to it, and answered once a day; once it is closed a text opens a new one.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from bot.content.render import fill
from bot.conversation.model import Command, Context, Kind, Reading, Urgency
from bot.conversation.understand import understand
from bot.escalation import desk
from bot.records.tables import Inbound, Message
from bot.usecases.clinic import Clinic
from bot.usecases.escalations import tell_staff
from bot.usecases.opt_outs import ask_to_call, has_opted_out, take_start, take_stop, taken_for
from bot.usecases.said import Said
from bot.usecases.who import is_a_loop

ONCE_A = timedelta(days=1)
WARNING = "warning signs from an unknown number"
IDLE = (Kind.CHITCHAT, Kind.WRONG_NUMBER, Kind.AUTO_REPLY)


def answer_unknown(session: Session, clinic: Clinic, row: Inbound, now: datetime) -> Said:
    """Read it as from somebody under treatment: who it is can be found out later, a warning cannot wait for that."""
    some_days_ago = now - timedelta(days=3)
    context = Context(now, some_days_ago, some_days_ago, clinic.zone, media_count=row.media_count)
    reading = understand(row.body or "", context=context, vocabulary=clinic.any_vocabulary)
    kept = {"kind": str(reading.kind), "signs": list(reading.signs), "topics": list(reading.topics)}
    match taken_for(row) or reading.command:
        case Command.STOP:
            return _stopped(session, clinic, row, reading, kept, now)
        case Command.START:
            take_start(session, clinic, row, now=now)
            return Said(_unless_quiet(session, clinic, row, "started", now), "opted in", kept)
        case Command.HELP:
            return Said(_unless_quiet(session, clinic, row, "help", now), "help", kept)
    if reading.is_warning:
        _tell(session, clinic, row, reading.urgency or Urgency.URGENT, WARNING, now)
        key = "unknown number in danger" if reading.urgency is Urgency.EMERGENCY else "unknown number"
        words = _unless_quiet(session, clinic, row, key, now)
        return Said(words, "warning from an unknown number", kept, is_warning=True)
    case = desk.unresolved_of(session, row.from_phone)
    taken = case is not None and case.state == desk.ACKNOWLEDGED
    lately = case is not None and _answered_lately(session, clinic, row, now)
    if (reading.kind in IDLE and not taken) or is_a_loop(session, row, now):
        return Said(None, "unknown number", kept)
    _tell(session, clinic, row, Urgency.ROUTINE, "text from an unknown number", now)
    words = None if lately or taken else _unless_quiet(session, clinic, row, "unknown number", now)
    return Said(words, "unknown number", kept)


def _stopped(
    session: Session, clinic: Clinic, row: Inbound, reading: Reading, kept: Mapping[str, Any], now: datetime
) -> Said:
    first = take_stop(session, row, now=now)
    if reading.is_warning:
        _tell(session, clinic, row, reading.urgency or Urgency.URGENT, WARNING, now)
    elif first:
        ask_to_call(session, clinic, row.from_phone, now=now, words=row.body or "", inbound_id=row.id)
    return Said(for_anyone(clinic, "stopped") if first else None, "opted out", kept, stops=True)


def _tell(session: Session, clinic: Clinic, row: Inbound, urgency: Urgency, reason: str, now: datetime) -> None:
    words, phone = row.body or "", row.from_phone
    reason = f"{reason}, {phone}"
    tell_staff(
        session, clinic, urgency=urgency, reason=reason, phone=phone, patients=[], words=words, now=now,
        inbound_id=row.id,
    )  # fmt: skip


def _unless_quiet(session: Session, clinic: Clinic, row: Inbound, key: str, now: datetime) -> str | None:
    quiet = has_opted_out(session, row.from_phone) or is_a_loop(session, row, now)
    return None if quiet else for_anyone(clinic, key)


def _answered_lately(session: Session, clinic: Clinic, row: Inbound, now: datetime) -> bool:
    told = select(Message.id).where(
        Message.to_phone == row.from_phone,
        Message.body == for_anyone(clinic, "unknown number"),
        col(Message.attempted_at) > now - ONCE_A,
    )
    return session.exec(told.limit(1)).first() is not None


def for_anyone(clinic: Clinic, key: str) -> str:
    """One of the clinic's texts to patients, where nothing is known of her."""
    words = fill(clinic.any_content.patients[key], clinic.values()).text
    return f"{clinic.name}: {' '.join(words.split())}"
