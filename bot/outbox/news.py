"""What a status that Twilio reports means for the message it is about: onward only, never back.

It stores no receipt and asks Twilio nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.outbox.alarms import CONFIGURATION, ONE_RECIPIENT, REGISTRATION, clear_alarm, raise_alarm, stop_sending
from bot.outbox.backoff import handset_wait, pause, while_useful
from bot.outbox.lost import TellStaff
from bot.outbox.model import STOP_CONFIRMATION, Kind, State
from bot.outbox.moves import back, end
from bot.outbox.store import OPTED_OUT, suppress_for_number
from bot.records.numbers import ensure_numbers, lock_numbers, record_opt_out
from bot.records.tables import Alarm, Message, Receipt
from bot.sms.gateway import Kind as Refusal
from bot.sms.twilio_codes import CodeInfo, classify

# Twilio's statuses as ours, in rank; the ones before `sent` tell nothing that acceptance did not.
ONWARD = {
    "scheduled": State.ACCEPTED,
    "accepted": State.ACCEPTED,
    "queued": State.ACCEPTED,
    "sending": State.ACCEPTED,
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "partially_delivered": State.DELIVERED,
    "read": State.DELIVERED,
    "undelivered": State.UNDELIVERED,
    "failed": State.FAILED,
    "canceled": State.CANCELLED,
}
WAITING_FOR_NEWS = frozenset({State.ACCEPTED, State.SENT})
# A daily cap ends at midnight Pacific time, which is never more than a few of these away.
DAILY_CAP_WAIT = timedelta(hours=6)


def apply_news(
    session: Session, message: Message, status: str, error_code: int | None, *, now: datetime, tell_staff: TellStaff
) -> bool:
    """Move a locked message on by one reported status; False where that is no news.

    For a failure that may be an opt-out (code 21610) lock the number before the message.
    """
    state = ONWARD.get(status)
    if state is None or message.state not in WAITING_FOR_NEWS or state == message.state or state is State.ACCEPTED:
        return False
    match state:
        case State.SENT:
            message.state, message.updated_at = State.SENT, now
        case State.DELIVERED:
            end(message, State.DELIVERED, None, None, now)
        case _:
            _did_not_arrive(session, message, state, error_code, now, tell_staff)
    if state in (State.SENT, State.DELIVERED):
        _carriers_take_our_texts(session, message, now)
    return True


def apply_waiting_receipts(
    session: Session, messages: Sequence[Message], *, now: datetime, tell_staff: TellStaff
) -> None:
    """Apply the receipts that came before we knew whose they are."""
    by_sid = {message.sid: message for message in messages if message.sid}
    if not by_sid:
        return
    early = select(Receipt).where(col(Receipt.sid).in_(by_sid), col(Receipt.message_id).is_(None))
    for receipt in session.exec(early.order_by(col(Receipt.received_at))).all():
        receipt.message_id = by_sid[receipt.sid].id
        apply_news(
            session, by_sid[receipt.sid], receipt.status, receipt.error_code, now=now, tell_staff=tell_staff
        )


def opt_out_by_carrier(session: Session, message: Message, words: str, *, now: datetime, tell_staff: TellStaff) -> None:
    """Twilio refused a text because its recipient said STOP to it: our state follows, with everything pending.

    Staff hear of it once; of every alert that was refused so, for its escalation is another's to take. Late news of a
    text that was handed over before START says nothing about now: that text alone is over.
    """
    phone = message.to_phone
    ensure_numbers(session, [phone])
    number = lock_numbers(session, [phone])[phone]
    if number.opted_in_at and message.attempted_at and number.opted_in_at > message.attempted_at:
        _refused_before_start(session, message, now, tell_staff)
        return
    end(message, State.SUPPRESSED, words, OPTED_OUT, now)
    first = record_opt_out(session, phone, at=now, words=None, via="twilio 21610")
    suppress_for_number(session, phone, reason="Twilio says that the patient has opted out (STOP)", now=now)
    if first or message.kind == Kind.ALERT:
        tell_staff(session, message, words, now=now)


def _refused_before_start(session: Session, message: Message, now: datetime, tell_staff: TellStaff) -> None:
    words = "Twilio refused it, for START was texted only afterwards"
    end(message, State.FAILED, words, f"twilio-{message.error_code}", now)
    if message.step != STOP_CONFIRMATION:
        tell_staff(session, message, words, now=now)


def _did_not_arrive(
    session: Session, message: Message, state: State, code: int | None, now: datetime, tell_staff: TellStaff
) -> None:
    info = classify(code)
    message.error_code = code
    match info.kind:
        case Refusal.OPT_OUT:
            opt_out_by_carrier(session, message, info.words, now=now, tell_staff=tell_staff)
            return
        case Refusal.CONFIGURATION if code in ONE_RECIPIENT:
            raise_alarm(session, f"{CONFIGURATION}-{code}", f"{info.words}. {info.remedy}", now=now)
            wait: timedelta | None = _wait(message, info)
        case Refusal.CONFIGURATION:
            stop_sending(session, REGISTRATION, info, now=now, probed=_after_alarm(session, message))
            wait = pause(message.attempts)
        case Refusal.RETRY:
            wait = _wait(message, info)
        case _:
            wait = None
    at = now + wait if wait else None
    at = while_useful(at, useful_until=message.useful_until, planned_for=message.planned_for) if at else None
    if at:
        back(message, at, info.words, now)
        return
    if code and info.alarm and info.kind is not Refusal.CONFIGURATION:
        raise_alarm(session, f"twilio-{code}", f"{info.words}. {info.remedy}", now=now)
    words = info.words if code else "The carrier did not deliver it and gave no reason"
    end(message, state, words, f"twilio-{code}" if code else f"twilio-{state}", now)
    tell_staff(session, message, words, now=now)


def _wait(message: Message, info: CodeInfo) -> timedelta | None:
    """The wait before the next try after a failure on the way; None where trying again makes no more sense."""
    failures = message.details.get("failures", 0) + 1
    message.details = message.details | {"failures": failures}
    if info.further_tries is not None and failures > info.further_tries:
        return None
    return DAILY_CAP_WAIT if info.code in (30023, 63038) else handset_wait(failures)


def _after_alarm(session: Session, message: Message) -> bool:
    alarm = session.exec(select(Alarm).where(col(Alarm.kind) == REGISTRATION, col(Alarm.cleared_at).is_(None))).first()
    return bool(alarm and message.attempted_at and message.attempted_at > alarm.raised_at)


def _carriers_take_our_texts(session: Session, message: Message, now: datetime) -> None:
    if _after_alarm(session, message):
        clear_alarm(session, REGISTRATION, now=now)
