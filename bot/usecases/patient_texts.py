"""A patient's text: who she is, what she means, what she is told and who else hears of it, in one transaction.

It understands nothing itself; it gathers what is known, asks the pure parts, and makes what they say happen.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.conversation.model import Command, Context, Kind, Reading, Urgency
from bot.conversation.respond import respond
from bot.conversation.response import Change, Response, Situation
from bot.conversation.understand import understand
from bot.escalation import desk
from bot.records.tables import EscalationRow, Inbound, Message, Patient
from bot.usecases.answered import take_answer
from bot.usecases.clinic import Clinic
from bot.usecases.escalations import relay, tell_staff
from bot.usecases.hand_off import is_handed_off, said_in_hand_off
from bot.usecases.open_questions import Asked, open_questions
from bot.usecases.opt_outs import ask_to_call, has_opted_out, is_surely_stop, take_start, take_stop, taken_for
from bot.usecases.said import Said, in_one, kept_reading
from bot.usecases.sender import Sender, sender_of
from bot.usecases.unknown_numbers import answer_unknown, for_anyone
from bot.usecases.which_patient import Several, named_in, sort_out
from bot.usecases.who import as_seen, in_care, is_a_loop, treatments_of

SAID_BEFORE = timedelta(hours=24)


def answer_patient(session: Session, clinic: Clinic, row: Inbound, now: datetime) -> Said:
    """What to say to this text; everything it changes is written in this session."""
    people = in_care(treatments_of(session, row.from_phone), now)
    if not people:
        return answer_unknown(session, clinic, row, now)
    questions = open_questions(session, clinic, row.from_phone, now=now)
    senders = [sender_of(clinic, patient, rows, questions, row.body or "", now) for patient, rows in people]
    if len(senders) == 1:
        return _answer_one(session, clinic, row, senders[0], row.body or "", [senders[0].patient], now)
    return _answer_several(session, clinic, row, senders, questions.last, now)


def hand_to_staff(session: Session, clinic: Clinic, row: Inbound, now: datetime) -> Said:
    """What remains when understanding failed: a human reads it, and the patient is told so unless she opted out.

    STOP is taken all the same: it is no matter of understanding.
    """
    if is_surely_stop(row) and clinic.staff_member(row.from_phone) is None:
        first = take_stop(session, row, now=now)
        if first:
            ask_to_call(session, clinic, row.from_phone, now=now, words=row.body or "", inbound_id=row.id)
        return Said(for_anyone(clinic, "stopped") if first else None, "opted out", stops=True)
    patients = [patient for patient, _ in treatments_of(session, row.from_phone)]
    _tell(session, clinic, row, patients, Urgency.URGENT, "could not be read by the bot", (), now)
    words = for_anyone(clinic, "passed on")
    return Said(None if has_opted_out(session, row.from_phone) else words, "fault")


def _answer_one(
    session: Session,
    clinic: Clinic,
    row: Inbound,
    sender: Sender,
    text: str,
    about: Sequence[Patient],
    now: datetime,
) -> Said:
    """`text` is what the sender means, if she has said it before; staff are told that it is `about` these patients."""
    reading = _read(clinic, row, sender, text, now)
    case = desk.unresolved_of(session, row.from_phone, [sender.patient.id])
    if case is not None and is_handed_off(case):
        if _leaves_to_staff(reading, sender, now):
            return _handed_on(session, clinic, row, case, sender, reading, about, now)
        sender = replace(sender, may_ask_again=False)
    return _responded(session, clinic, row, sender, reading, about, now)


def _handed_on(
    session: Session,
    clinic: Clinic,
    row: Inbound,
    case: EscalationRow,
    sender: Sender,
    reading: Reading,
    about: Sequence[Patient],
    now: datetime,
) -> Said:
    desk.note_whom(session, case, row.from_phone, [patient.id for patient in about])
    relay(session, clinic, case, row.body or "", _said_kinds(reading), now=now)
    words = None
    if reading.kind is not Kind.CHITCHAT and not has_opted_out(session, row.from_phone):
        words = said_in_hand_off(session, clinic, case, row.from_phone, sender.content, now=now)
    return Said(words, "handed on", kept_reading(reading), case.patient_id)


def _responded(
    session: Session,
    clinic: Clinic,
    row: Inbound,
    sender: Sender,
    reading: Reading,
    about: Sequence[Patient],
    now: datetime,
) -> Said:
    had_opted_out = has_opted_out(session, row.from_phone)
    response = _respond(session, clinic, row, sender, reading, now)
    _make_happen(session, clinic, row, sender, response, now)
    if response.urgency is not None:
        _tell(session, clinic, row, about, response.urgency, response.reason, reading.signs, now)
    has_now, stops = has_opted_out(session, row.from_phone), Change.STOP in response.changes
    # STOP is confirmed once; whoever has opted out is not answered.
    quiet = (had_opted_out or not has_now) if stops else (has_now or is_a_loop(session, row, now))
    return Said(
        None if quiet else response.text,
        response.reason or reading.kind,
        kept_reading(reading),
        about[0].id if len(about) == 1 else None,
        details=sender.asks_again(response.asks_again),
        stops=stops,
        is_warning=reading.is_warning,
    )


def _answer_several(
    session: Session, clinic: Clinic, row: Inbound, senders: Sequence[Sender], asked: Asked | None, now: datetime
) -> Said:
    """Two patients on one phone: danger first, then staff who are in touch, then whoever is meant, or ask which."""
    by_id = {sender.patient.id: sender for sender in senders}
    readings = {sender.patient.id: _read(clinic, row, sender, row.body or "", now) for sender in senders}
    everyone = [sender.patient for sender in senders]
    warned = [s for s in senders if readings[s.patient.id].is_warning]
    if warned:
        loudest = max(warned, key=lambda s: readings[s.patient.id].urgency == Urgency.EMERGENCY)
        return _responded(session, clinic, row, loudest, readings[loudest.patient.id], everyone, now)
    case = desk.unresolved_of(session, row.from_phone, list(by_id))
    if case is not None and is_handed_off(case):
        if all(_leaves_to_staff(readings[s.patient.id], s, now) for s in senders):
            named = named_in(row.body or "", everyone)
            about = named if len(named) == 1 else everyone
            return _handed_on(session, clinic, row, case, senders[0], next(iter(readings.values())), about, now)
    several = Several(
        session=session,
        row=row,
        patients=everyone,
        readings=readings,
        asked_patient=asked.patient_id if asked else None,
    )
    choice = sort_out(several, lambda pid: _respond(session, clinic, row, by_id[pid], readings[pid], now).text, now)
    if choice.all_of:
        each = [by_id[patient_id] for patient_id in choice.all_of]
        return in_one([_answer_one(session, clinic, row, s, choice.text, [s.patient], now) for s in each])
    if choice.patient_id is not None:
        sender = by_id[choice.patient_id]
        about = everyone if choice.is_anyones else [sender.patient]
        return _answer_one(session, clinic, row, sender, choice.text, about, now)
    quiet = has_opted_out(session, row.from_phone) or is_a_loop(session, row, now)
    return Said(
        None if quiet else f"{clinic.name}: {choice.question(clinic)}", "asked which patient", step="which patient",
        details={"inbound": row.id, "confirms": choice.confirms}, reading=kept_reading(next(iter(readings.values()))),
    )  # fmt: skip


def _read(clinic: Clinic, row: Inbound, sender: Sender, text: str, now: datetime) -> Reading:
    zone = clinic.zone_of(sender.patient)
    seen = as_seen(sender.appointments, zone)
    starts_at, ends_at = (seen[0].starts_at, seen[0].end) if seen else (now - timedelta(days=90),) * 2
    flags = frozenset(name for name, holds in (seen[0].flags if seen else {}).items() if holds)
    context = Context(
        now=now,
        starts_at=starts_at,
        ends_at=ends_at,
        zone=zone,
        flags=flags,
        media_count=row.media_count,
        asked=sender.asked.step if sender.asked else None,
    )
    reading = understand(text, context=context, vocabulary=sender.vocabulary)
    by_twilio = taken_for(row)
    if by_twilio in (None, reading.command):
        return reading
    # A keyword of the clinic's own at Twilio is not unclear, whatever it reads like here.
    urgency = reading.urgency if reading.is_warning else None
    return replace(reading, command=by_twilio, urgency=urgency, may_opt_out=False)


def _respond(
    session: Session, clinic: Clinic, row: Inbound, sender: Sender, reading: Reading, now: datetime
) -> Response:
    situation = Situation(
        now=now,
        appointments=as_seen(sender.appointments, clinic.zone_of(sender.patient)),
        values=clinic.values(sender.patient),
        asked=sender.asked.step if sender.asked else None,
        answers_flag=sender.asked.flag if sender.asked else None,
        said_before=_said_before(session, row.from_phone, now),
        unanswered=[a.step for a in sender.unanswered],
        may_ask_again=sender.may_ask_again,
    )
    return respond(reading, sender.content, situation)


def _make_happen(
    session: Session, clinic: Clinic, row: Inbound, sender: Sender, response: Response, now: datetime
) -> None:
    for change, value in response.changes.items():
        match change:
            case Change.STOP:
                if take_stop(session, row, now=now):
                    ask_to_call(session, clinic, row.from_phone, now=now, words=row.body or "", inbound_id=row.id)
            case Change.START:
                take_start(session, clinic, row, now=now)
            case Change.CONFIRM:
                _confirm(session, sender, now)
            case Change.FLAG if sender.asked is not None and sender.asked.flag is not None:
                take_answer(session, clinic, sender.asked, yes=bool(value), now=now)


def _confirm(session: Session, sender: Sender, now: datetime) -> None:
    ahead = [a for a in sender.appointments if a.starts_at > now]
    if ahead:
        ahead[0].confirmed_at = now
        session.add(ahead[0])


def _tell(
    session: Session,
    clinic: Clinic,
    row: Inbound,
    patients: Sequence[Patient],
    urgency: Urgency,
    reason: str,
    signs: Sequence[str],
    now: datetime,
) -> EscalationRow:
    return tell_staff(
        session,
        clinic,
        urgency=urgency,
        reason=reason,
        phone=row.from_phone,
        patients=patients,
        words=row.body or "",
        now=now,
        signs=signs,
        inbound_id=row.id,
    )


def _leaves_to_staff(reading: Reading, sender: Sender, now: datetime) -> bool:
    """What the bot does not answer while staff are in touch; danger, commands and answers to us are still its own."""
    if reading.is_warning or reading.command in (Command.STOP, Command.START, Command.HELP):
        return False
    if reading.command is Command.CONFIRM and any(a.starts_at > now for a in sender.appointments):
        return False
    return not (sender.asked and reading.answer is not None) and reading.kind is not Kind.AUTO_REPLY


def _said_kinds(reading: Reading) -> str:
    return ", ".join(reading.topics) or str(reading.kind)


def _said_before(session: Session, phone: str, now: datetime) -> list[str]:
    wanted = select(Message.body).where(
        Message.to_phone == phone, Message.kind == "reply", col(Message.attempted_at) > now - SAID_BEFORE
    )
    newest = session.exec(wanted.order_by(col(Message.attempted_at).desc()).limit(3)).all()
    return [body for body in reversed(newest) if body]
