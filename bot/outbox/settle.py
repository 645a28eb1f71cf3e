"""Writes what became of a hand-over, exactly once an attempt: accepted, back for another try, or over for good.

It hands nothing over. An outcome of an attempt that was settled otherwise meanwhile changes nothing, but one: that
Twilio took the text is a proof, which a look-up that did not find it is not.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from bot.outbox.alarms import CONFIGURATION, ONE_RECIPIENT, clear_alarm, raise_alarm, stop_sending
from bot.outbox.backoff import next_look_up, pause, retry_wait, while_useful
from bot.outbox.lost import TellStaff, open_task
from bot.outbox.model import Kind, Sendable, State
from bot.outbox.moves import back, earlier_sids, end, lock_messages, take_up
from bot.outbox.news import apply_waiting_receipts, opt_out_by_carrier
from bot.outbox.unlisted import TRIES, is_unlisted, refuses_everybody
from bot.records.numbers import ensure_numbers, lock_numbers
from bot.records.tables import Message
from bot.sms.gateway import Accepted, Outcome, Rejected, Throttled, Unknown, Unreachable
from bot.sms.gateway import Kind as Refusal
from bot.sms.twilio_codes import classify

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class NotCalled:
    """The attempt was put on record, and then the carrier was not asked: certainly not sent.

    `decide_anew`: what it was decided on has changed, so that it is decided again at once; else it waits a little.
    """

    why: str
    decide_anew: bool = False


@dataclass(frozen=True)
class Settlement:
    """One hand-over and how it ended."""

    sendable: Sendable
    outcome: Outcome | NotCalled


def settle(
    session: Session, settlements: Sequence[Settlement], *, now: datetime, tell_staff: TellStaff = open_task
) -> None:
    """Write these outcomes in the caller's transaction. Twice is the same as once."""
    opted_out = {s.sendable.to for s in settlements if _is_opt_out(s.outcome)}
    ensure_numbers(session, opted_out)
    lock_numbers(session, opted_out)
    rows = lock_messages(session, [s.sendable.id for s in settlements])
    for settlement in settlements:
        _settle_one(session, rows[settlement.sendable.id], settlement, now, tell_staff)
    apply_waiting_receipts(session, _accepted(rows, settlements), now=now, tell_staff=tell_staff)
    session.flush()


def _settle_one(
    session: Session, message: Message, settlement: Settlement, now: datetime, tell_staff: TellStaff
) -> None:
    sendable, outcome = settlement.sendable, settlement.outcome
    if isinstance(outcome, Accepted):
        _accept(session, message, sendable, outcome, now)
        return
    if message.state != State.UNKNOWN or message.attempts != sendable.attempt or message.sid:
        return
    match outcome:
        case Rejected(kind=Refusal.AMBIGUOUS) | Unknown():
            message.look_up_at = next_look_up(message.attempted_at or now, now, hurry=message.kind == Kind.ALERT) or now
        case Rejected():
            _refused(session, message, sendable, outcome, now, tell_staff)
        case Throttled(retry_after=seconds):
            _try_again(session, message, _wait(message, seconds), "Twilio asked us to slow down", now, tell_staff)
        case Unreachable():
            _try_again(session, message, _wait(message, None), "Twilio could not be reached", now, tell_staff)
        case NotCalled(why, decide_anew=True):
            back(message, message.due_at, why, now)
        case NotCalled(why):
            _try_again(session, message, _wait(message, None), why, now, tell_staff)
    message.updated_at = now


def _accept(session: Session, message: Message, sendable: Sendable, outcome: Accepted, now: datetime) -> None:
    if sendable.probe:
        clear_alarm(session, CONFIGURATION, now=now)
    over = earlier_sids(message)
    if message.sid is None and outcome.sid not in over:
        # Whatever a look-up said meanwhile: Twilio has it, so that it must not go again.
        take_up(message, outcome.sid, sent_at=message.attempted_at or now, now=now)
    if message.sid == outcome.sid:
        message.segments = outcome.segments or message.segments
    elif outcome.sid not in over:
        log.error("Twilio has a text under two SIDs", message=message.id, sid=outcome.sid)


def _refused(
    session: Session, message: Message, sendable: Sendable, refusal: Rejected, now: datetime, tell_staff: TellStaff
) -> None:
    info = classify(refusal.code, refusal.http_status)
    message.error_code = refusal.code
    match refusal.kind:
        case Refusal.OPT_OUT:
            opt_out_by_carrier(session, message, info.words, now=now, tell_staff=tell_staff)
        case Refusal.CONFIGURATION if refusal.code in ONE_RECIPIENT:
            raise_alarm(session, f"{CONFIGURATION}-{refusal.code}", f"{info.words}. {info.remedy}", now=now)
            _try_again(session, message, pause(message.attempts), info.words, now, tell_staff)
        case Refusal.CONFIGURATION:
            stop_sending(session, CONFIGURATION, info, now=now, probed=sendable.probe)
            back(message, message.due_at, info.words, now)
        case Refusal.RETRY:
            _try_again(session, message, _wait(message, None), info.words, now, tell_staff)
        case _ if is_unlisted(refusal.code) and (sendable.probe or message.attempts < TRIES):
            if sendable.probe or refuses_everybody(session, message):
                stop_sending(session, CONFIGURATION, info, now=now, probed=sendable.probe)
                back(message, message.due_at, info.words, now)
            else:
                raise_alarm(session, f"twilio-{refusal.code}", f"{info.words}. {info.remedy}", now=now)
                _try_again(session, message, pause(message.attempts), info.words, now, tell_staff)
        case _:
            if info.alarm:
                raise_alarm(session, f"twilio-{refusal.code}", f"{info.words}. {info.remedy}", now=now)
            end(message, State.FAILED, info.words, f"twilio-{refusal.code or refusal.http_status}", now)
            tell_staff(session, message, info.words, now=now)


def _try_again(
    session: Session, message: Message, wait: timedelta, words: str, now: datetime, tell_staff: TellStaff
) -> None:
    at = while_useful(now + wait, useful_until=message.useful_until, planned_for=message.planned_for)
    if at:
        back(message, at, words, now)
    else:
        reason = f"{words}, {message.attempts} times, until it was too late to be useful"
        end(message, State.EXPIRED, reason, "tried-too-long", now)
        tell_staff(session, message, reason, now=now)


def _wait(message: Message, asked_for: float | None) -> timedelta:
    chance = random.random()  # noqa: S311 - spreads rivals, guards nothing
    return retry_wait(message.attempts, chance, asked_for=asked_for)


def _is_opt_out(outcome: Outcome | NotCalled) -> bool:
    return isinstance(outcome, Rejected) and outcome.kind is Refusal.OPT_OUT


def _accepted(rows: dict[str, Message], settlements: Sequence[Settlement]) -> list[Message]:
    return [rows[s.sendable.id] for s in settlements if isinstance(s.outcome, Accepted)]
