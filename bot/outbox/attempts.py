"""Decides claimed messages and puts an attempt on record for those that may go, before anything is handed over.

It calls no gateway. Once its transaction is committed a message counts as having possibly left us, whatever happens.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, and_, col, not_, select

from bot.care.model import QuietHours
from bot.errors import DatabaseAway
from bot.outbox.alarms import raise_alarm
from bot.outbox.backoff import CRASH_LOOK_UP_AFTER
from bot.outbox.decide import SUPERSEDED, decide
from bot.outbox.doubts import doubt, is_doubtful, was_doubted
from bot.outbox.facts import Background, facts_of, lock_background
from bot.outbox.lost import TellStaff, left_untold, open_task
from bot.outbox.model import Decision, Drop, Facts, Hold, Kind, Rendered, Send, Sendable, State, StepRules
from bot.outbox.moves import lock_messages
from bot.records.heartbeats import silent_until
from bot.records.numbers import note_outbound
from bot.records.tables import AppointmentRow, Message

log = structlog.get_logger(__name__)

SHORTEST_VALIDITY, LONGEST_VALIDITY = 60, 36_000  # seconds; Twilio's default and maximum is 10 hours

Render = Callable[[Session, Message, datetime], Rendered | Drop]
RulesFor = Callable[[str, str], StepRules]
PlanAgain = Callable[[Session, str, datetime], None]


@dataclass(frozen=True)
class House:
    """How this clinic sends: its zone and quiet hours, its words, its steps' rules, and whom to tell of a failure.

    `render` gives a message's words at the moment of sending, or drops it; `rules` takes (treatment, step id).
    `tell_staff` is called in the transaction that records a failure for good. `plan_again` plans the appointment of
    this id as it now stands; its number and the appointment are locked.
    """

    zone: ZoneInfo
    quiet: QuietHours
    render: Render
    rules: RulesFor
    tell_staff: TellStaff = open_task
    plan_again: PlanAgain | None = None


def record_attempts(
    session: Session, message_ids: Sequence[str], *, worker: str, house: House, now: datetime, probe: bool = False
) -> list[Sendable]:
    """Decide each of these claimed messages; return those to hand over, in the order given, once this is committed.

    What was moved, cancelled or opted out since the claim is not among them: numbers, appointments and messages are
    locked in that order, as every writer does, so the change either comes first and is seen, or waits for us.
    """
    background = lock_background(session, message_ids, worker=worker, house_zone=house.zone, now=now)
    silent = silent_until(session)
    ready = []
    for message_id in message_ids:
        message = background.messages.get(message_id)
        if message is not None:
            sendable = _attempt(session, message, background, silent, house=house, now=now, probe=probe)
            ready += [sendable] if sendable else []
    _tell_of_what_came_too_late(session, background, house, now)
    note_outbound(session, {sendable.to for sendable in ready}, at=now)
    session.flush()
    return ready


def rules_in(background: Background, message: Message, house: House) -> StepRules:
    """What the step of a message says about the moment of sending; a text that is not planned has no wishes."""
    appointment = background.appointments.get(message.appointment_id or "")
    if appointment is None or message.kind != Kind.PLANNED:
        return StepRules()
    return house.rules(appointment.treatment, message.step)


def give_up_undecided(
    session: Session, message_id: str, error: Exception, *, worker: str, house: House, now: datetime
) -> None:
    """Fail a claimed message that cannot be decided, loudly: it would otherwise hold up its whole batch for ever."""
    message = lock_messages(session, [message_id]).get(message_id)
    if message is None or (message.state, message.claimed_by) != (State.CLAIMED, worker):
        return
    reason = "it could not be decided whether it may go"
    _free(message, now, state=State.FAILED, settled_at=now, reason=reason, rule="not-decided")
    words = f"A text ({message.step!r}) could not be decided ({type(error).__name__}). Read the log of the worker."
    raise_alarm(session, "undecided", words, now=now)
    session.flush()
    try:
        with session.begin_nested():
            house.tell_staff(session, message, reason, now=now)
    except (SQLAlchemyError, DatabaseAway):
        raise
    except Exception:
        # What keeps it from being decided (a patient's unknown time zone) may keep staff from being told as well.
        log.exception("staff could not be told of a text that failed", message=message.id)


def _attempt(
    session: Session,
    message: Message,
    background: Background,
    silent: datetime | None,
    *,
    house: House,
    now: datetime,
    probe: bool,
) -> Sendable | None:
    if message.state != State.CLAIMED:
        return None  # planning again for a text before it in the batch has kept it for later, or ended it
    facts = facts_of(message, background, quiet=house.quiet, rules=rules_in(background, message, house))
    decision, rendered = _decide(session, message, facts, background, house=house, now=now)
    superseded = isinstance(decision, Drop) and decision.rule == SUPERSEDED
    if superseded and _planned_again(session, message, background, house, now):
        return None
    match decision:
        case Send() | Hold() if is_doubtful(message, silent):
            doubt(message, now)
        case Send():
            sendable = _record(message, rendered, now, probe=probe)
            background.remember_told(message)
            return sendable
        case Hold(until=until, why=why):
            _free(message, now, state=State.SCHEDULED, due_at=until, reason=why, rule="held")
        case Drop(state=state, reason=reason, rule=rule):
            _free(message, now, state=state, settled_at=now, reason=reason, rule=rule)
            if state is State.FAILED:
                house.tell_staff(session, message, reason, now=now)
    return None


def _tell_of_what_came_too_late(session: Session, background: Background, house: House, now: datetime) -> None:
    """After an outage a human says what matters and can no longer be texted, all of a patient's at once."""
    lost: dict[str | None, list[tuple[Message, str]]] = {}
    for message in sorted(background.messages.values(), key=lambda message: (message.due_at, message.position)):
        untold = rules_in(background, message, house).untold if message.state == State.EXPIRED else None
        if untold:
            lost.setdefault(message.patient_id, []).append((message, untold))
    for texts in lost.values():
        first = texts[0][0]
        words = left_untold(first.reason or "it came too late", [untold for _, untold in texts])
        house.tell_staff(session, first, words, now=now)


def _planned_again(session: Session, message: Message, background: Background, house: House, now: datetime) -> bool:
    """Whether the new plan has decided about a text of the old one.

    While an attempt is in doubt a new plan counts the text as gone. Where it then turns out that Twilio never had it,
    dropping it with the old plan would lose it: the appointment is planned once more, with the text as pending.
    """
    if house.plan_again is None or message.appointment_id is None or not was_doubted(message):
        return False
    appointment = background.appointments[message.appointment_id]
    if message.patient_id not in (None, appointment.patient_id) or _has_a_successor(session, message, appointment):
        return False  # it is another patient's now, whose number is not locked, or the new plan has the text
    session.flush()
    house.plan_again(session, message.appointment_id, now)
    session.refresh(message)
    return message.state != State.CLAIMED


def _has_a_successor(session: Session, message: Message, appointment: AppointmentRow) -> bool:
    """Whether a later plan has the same text. One that a plan later still gave up is none: then nobody has it."""
    given_up = and_(col(Message.state) == State.CANCELLED, col(Message.revision) < appointment.revision)
    same = select(Message.id).where(
        col(Message.appointment_id) == message.appointment_id,
        col(Message.step) == message.step,
        col(Message.occurrence) == message.occurrence,
        col(Message.revision) > message.revision,
        not_(given_up),
    )
    return session.exec(same.limit(1)).first() is not None


def _decide(
    session: Session, message: Message, facts: Facts, background: Background, *, house: House, now: datetime
) -> tuple[Decision, Rendered]:
    # Decided twice, for whether the same words went out already can only be asked once there are words.
    nothing = Rendered("")
    first = decide(facts, now)
    if not isinstance(first, Send):
        return first, nothing
    rendered = _words(session, message, house, now)
    if isinstance(rendered, Drop):
        return rendered, nothing
    recurs, zone = facts.rules.recurs, facts.zone
    told_at = background.told_at(message, rendered.body, recurs=recurs, now=now, zone=zone)
    return decide(replace(facts, told_at=told_at), now), rendered


def _words(session: Session, message: Message, house: House, now: datetime) -> Rendered | Drop:
    if message.body is not None and message.kind != Kind.PLANNED:
        return Rendered(message.body, message.said, message.segments)
    try:
        rendered = house.render(session, message, now)
    except (SQLAlchemyError, DatabaseAway):
        raise
    except Exception as error:
        # One text that cannot be put together must not hold up the rest for ever.
        log.exception("a text could not be put into words", message=message.id, step=message.step)
        words = f"The text {message.step!r} could not be put into words ({type(error).__name__}). Run `bot check`."
        raise_alarm(session, "words", words, now=now)
        return Drop(State.FAILED, "its words could not be put together", "not-rendered")
    if isinstance(rendered, Rendered) and not rendered.body.strip():
        return Drop(State.FAILED, "its words were empty", "not-rendered")
    return rendered


def _record(message: Message, rendered: Rendered, now: datetime, *, probe: bool) -> Sendable:
    message.body, message.said, message.segments = rendered.body, dict(rendered.said), rendered.segments
    message.attempts += 1
    message.attempted_at = now
    _free(message, now, state=State.UNKNOWN, look_up_at=now + CRASH_LOOK_UP_AFTER, reason=None, rule=None)
    validity_for = _validity_for(message.useful_until, now)
    return Sendable(message.id, message.attempts, message.to_phone, rendered.body, validity_for, probe)


def _free(message: Message, now: datetime, **change: object) -> None:
    for name, value in {"claimed_by": None, "lease_until": None, "updated_at": now, **change}.items():
        setattr(message, name, value)


def _validity_for(useful_until: datetime | None, now: datetime) -> int | None:
    # A text that waits in Twilio's queue past its usefulness is dropped there, and we hear of it (30036).
    if useful_until is None or useful_until - now >= timedelta(seconds=LONGEST_VALIDITY):
        return None
    return max(int((useful_until - now).total_seconds()), SHORTEST_VALIDITY)
