"""A text comes in: stored before it is understood, understood once, answered once, whatever happens in between.

The answer is TwiML and carries our message's id in its statusCallback; the same webhook again gets the same bytes.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from traceback import extract_tb
from urllib.parse import urlencode

import structlog
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from bot.content.render import fill
from bot.errors import DatabaseAway
from bot.outbox.model import STOP_CONFIRMATION, Kind, NewMessage, Priority
from bot.outbox.store import enqueue, hand_over_reply
from bot.records.database import Database
from bot.records.numbers import ensure_numbers, lock_numbers
from bot.records.tables import Inbound
from bot.sms.twiml import reply as twiml
from bot.sms.webhooks import InboundText
from bot.usecases.clinic import Clinic
from bot.usecases.patient_texts import Said, answer_patient, hand_to_staff
from bot.usecases.staff_and_patient import speaks_as_patient
from bot.usecases.staff_keywords import take_keyword
from bot.usecases.staff_opt_outs import tell_operator
from bot.usecases.staff_texts import obey

log = structlog.get_logger(__name__)

# An answer gives clock times, so it is true whenever it comes; after this long it is no longer what she waits for.
STILL_HELPS_FOR = timedelta(hours=6)


def take_in(clinic: Clinic, database: Database, text: InboundText, *, now: datetime) -> str:
    """Keep the text, do what it asks and return the TwiML to answer with. Raises DatabaseAway."""
    return handle(clinic, database, store(database, text, now=now), now=now)


def handle(
    clinic: Clinic,
    database: Database,
    inbound_id: str,
    *,
    now: datetime,
    by_webhook: bool = True,
    answered: bool = False,
) -> str:
    """Do what a stored text asks, once. Where no webhook waits for the answer it goes out by itself."""
    try:
        return _handle(clinic, database, inbound_id, _understood, now, by_webhook=by_webhook, answered=answered)
    except DatabaseAway:
        raise
    except Exception as error:
        # A fault of ours must not cost a patient her answer: the text is kept, and a human reads it.
        # Its message is not logged, for it may quote the patient.
        where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-5:]]
        log.error("a text could not be understood; it goes to staff", fault=type(error).__name__, where=where)
        return _handle(clinic, database, inbound_id, hand_to_staff, now, by_webhook=by_webhook, answered=answered)


def store(
    database: Database, text: InboundText, *, now: datetime, sent_at: datetime | None = None, via: str = "webhook"
) -> str:
    """The id of the stored text; the same MessageSid is stored once."""

    def write(session: Session) -> str:
        known = session.exec(select(Inbound.id).where(Inbound.sid == text.message_sid)).first()
        if known is not None:
            return known
        row = Inbound(
            sid=text.message_sid,
            from_phone=text.from_,
            to_phone=text.to,
            body=text.body,
            media_count=text.media_count,
            opt_out_type=text.opt_out_type,
            via=via,
            sent_at=sent_at or now,
            received_at=now,
        )
        session.add(row)
        session.flush()
        return row.id

    try:
        return database.write(write, safe_to_repeat=True)
    except IntegrityError:
        return database.write(write, safe_to_repeat=True)


Respond = Callable[[Session, Clinic, Inbound, datetime], Said]


def _handle(
    clinic: Clinic,
    database: Database,
    inbound_id: str,
    respond: Respond,
    now: datetime,
    *,
    by_webhook: bool,
    answered: bool,
) -> str:
    """One transaction: everything the text changes, and the answer. A second call finds the answer of the first."""

    def write(session: Session) -> str:
        row = session.get_one(Inbound, inbound_id)
        ensure_numbers(session, [row.from_phone])
        number = lock_numbers(session, [row.from_phone])[row.from_phone]
        session.refresh(row)
        if row.answer_xml is not None:
            return row.answer_xml
        number.last_inbound_at = now
        said = respond(session, clinic, row, now)
        row.answer_xml = twiml(None) if answered else _answer(session, clinic, row, said, now, by_webhook=by_webhook)
        row.handled_at, row.outcome, row.reading = now, said.outcome, said.reading
        row.patient_id = said.patient_id
        session.add_all([row, number])
        return row.answer_xml

    return database.write(write, safe_to_repeat=True)


def _understood(session: Session, clinic: Clinic, row: Inbound, now: datetime) -> Said:
    person = clinic.staff_member(row.from_phone)
    if person is None:
        return answer_patient(session, clinic, row, now)
    if not speaks_as_patient(session, clinic, row, now):
        return take_keyword(session, clinic, row, now=now) or obey(session, clinic, person, row, now)
    said = answer_patient(session, clinic, row, now)
    tell_operator(session, clinic, now=now)
    return said


def _answer(session: Session, clinic: Clinic, row: Inbound, said: Said, now: datetime, *, by_webhook: bool) -> str:
    """The TwiML; silence where there is nothing to say, Twilio has answered already, or nobody waits for it."""
    if said.text is None or row.opt_out_type is not None:
        return twiml(None)
    late = not by_webhook and not (said.stops or said.is_warning) and now - row.sent_at > STILL_HELPS_FOR
    message = NewMessage(
        kind=Kind.REPLY,
        to_phone=row.from_phone,
        step=STOP_CONFIRMATION if said.stops else said.step,
        due_at=now,
        patient_id=said.patient_id,
        inbound_id=row.id,
        details=said.details,
        body=_outdated(clinic) if late else said.text,
        priority=Priority.NOW,
    )
    if not by_webhook:
        enqueue(session, [message], now=now)
        return twiml(None)
    reply = hand_over_reply(session, message, now=now)
    callback = f"{clinic.public_base_url}/twilio/status?{urlencode({'m': reply.id})}"
    return twiml(said.text, status_callback=callback)


def _outdated(clinic: Clinic) -> str:
    words = fill(clinic.any_content.patients["outdated"], clinic.values()).text
    return f"{clinic.name}: {' '.join(words.split())}"
