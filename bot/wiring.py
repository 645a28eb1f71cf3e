"""The only file that knows every part: from settings to a clinic, a database, a carrier and a worker.

It starts nothing and connects to nothing; what is broken is refused here, before anything runs.
"""

import asyncio
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot import clock, scheduler
from bot.care.model import QuietHours
from bot.clinic_words import contents, spoken_number, vocabulary_of
from bot.content.model import Content
from bot.outbox.attempts import House
from bot.outbox.dispatch import Dispatcher
from bot.outbox.lost import TellStaff
from bot.outbox.model import Kind
from bot.outbox.pace import open_pace
from bot.outbox.store import OPTED_OUT
from bot.records.database import Database, open_database
from bot.records.tables import Message, new_id
from bot.settings import Settings
from bot.sms.gateway import Gateway
from bot.sms.twilio import TwilioGateway
from bot.usecases.alarms import tell_of_alarms
from bot.usecases.alerts import STAFF_REPLY
from bot.usecases.clinic import Clinic, Person
from bot.usecases.escalations import climb, open_task_for
from bot.usecases.missed_texts import answer_unanswered, answered_in_another_life, list_missed, take_in_missed
from bot.usecases.opt_outs import ask_to_call
from bot.usecases.planning import plan_again, render_planned, step_rules
from bot.usecases.retention import prune
from bot.usecases.untold import tell_of_untold

CLIMB_EVERY = timedelta(seconds=5)
LOOK_FOR_MISSED_EVERY = timedelta(seconds=30)
TELL_OF_ALARMS_EVERY = timedelta(seconds=10)
LOOK_FOR_UNTOLD_EVERY = timedelta(minutes=1)
PRUNE_EVERY = timedelta(days=1)


@dataclass(frozen=True, repr=False)
class Parts:
    """Everything a web process or a worker is made of; `now` gives this moment in UTC."""

    settings: Settings
    clinic: Clinic
    database: Database
    open_gateway: Callable[[], Gateway]
    tell_staff: TellStaff
    now: Callable[[], datetime] = clock.now

    def __repr__(self) -> str:
        """Short, and without the secrets that the settings hold."""
        return f"Parts of {self.clinic.name}"


def wire(settings: Settings) -> Parts:
    """Put the parts together. Raises ContentError where messages/ is broken."""
    clinic = clinic_of(settings, contents(settings))
    return Parts(
        settings=settings,
        clinic=clinic,
        database=open_database(settings.database_url),
        open_gateway=partial(open_gateway, settings),
        tell_staff=tell_staff_of(clinic),
    )


def clinic_of(settings: Settings, contents: dict[str, Content]) -> Clinic:
    """The clinic as the use cases see it."""
    return Clinic(
        name=settings.clinic_name,
        phone=settings.clinic_phone,
        phone_spoken=spoken_number(settings.clinic_phone),
        zone=settings.zone(),
        quiet=QuietHours(*settings.quiet()),
        staff=tuple(Person(name, phone) for name, phone in settings.staff()),
        contents=contents,
        vocabularies={name: vocabulary_of(content) for name, content in contents.items()},
        public_base_url=settings.public_base_url,
        alert_words=settings.alert_words,
        escalation_wait=timedelta(seconds=settings.escalation_wait),
        texts_from=settings.twilio_from,
    )


def tell_staff_of(clinic: Clinic) -> TellStaff:
    """What becomes, at this clinic, of a text that failed for good."""

    def tell_staff(session: Session, message: Message, words: str, *, now: datetime) -> None:
        stopped = message.rule == OPTED_OUT and message.kind != Kind.ALERT
        if stopped:
            ask_to_call(session, clinic, message.to_phone, now=now)
        if not stopped or message.step == STAFF_REPLY:
            open_task_for(session, clinic, message, words, now=now)

    return tell_staff


def worker_of(parts: Parts, gateway: Gateway) -> scheduler.Parts:
    """A worker on these parts; the caller runs it, and closes the gateway."""
    worker = f"{socket.gethostname()}-{os.getpid()}-{new_id()[:6]}"
    dispatcher = Dispatcher(
        parts.database,
        gateway,
        house=_house(parts),
        pace=open_pace(parts.database, parts.settings.messages_per_second),
        worker=worker,
        now=parts.now,
        callback_base=parts.settings.public_base_url,
    )
    missed = partial(_take_in_missed, parts, gateway)
    return scheduler.Parts(
        database=parts.database,
        gateway=gateway,
        dispatcher=dispatcher,
        worker=worker,
        now=parts.now,
        chores=(
            scheduler.Chore("escalations", CLIMB_EVERY, partial(_climb, parts)),
            scheduler.Chore("untold", LOOK_FOR_UNTOLD_EVERY, partial(_tell_of_untold, parts)),
            scheduler.Chore("missed texts", LOOK_FOR_MISSED_EVERY, missed, before_look_ups=True),
            scheduler.Chore("alarms", TELL_OF_ALARMS_EVERY, partial(_tell_of_alarms, parts)),
            scheduler.Chore("prune", PRUNE_EVERY, partial(_prune, parts)),
        ),
        tell_staff=parts.tell_staff,
    )


def open_gateway(settings: Settings) -> Gateway:
    """A carrier to this account; its connections open with the first text and belong to that event loop."""
    return TwilioGateway(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        sender=settings.twilio_from or None,
        messaging_service_sid=settings.twilio_messaging_service_sid or None,
        api_base=settings.twilio_api_base or None,
    )


def _house(parts: Parts) -> House:
    return House(
        zone=parts.clinic.zone,
        quiet=parts.clinic.quiet,
        render=partial(render_planned, parts.clinic),
        rules=partial(step_rules, parts.clinic),
        tell_staff=parts.tell_staff,
        plan_again=partial(plan_again, parts.clinic),
    )


async def _take_in_missed(parts: Parts, gateway: Gateway) -> None:
    missed = await list_missed(parts.database, gateway, now=parts.now())
    answered = await answered_in_another_life(parts.database, gateway, missed)
    await asyncio.to_thread(
        take_in_missed, parts.clinic, parts.database, missed, now=parts.now(), answered=answered
    )
    await asyncio.to_thread(answer_unanswered, parts.clinic, parts.database, now=parts.now())


async def _climb(parts: Parts) -> None:
    await asyncio.to_thread(climb, parts.clinic, parts.database, now=parts.now())


async def _tell_of_alarms(parts: Parts) -> None:
    await asyncio.to_thread(tell_of_alarms, parts.clinic, parts.database, now=parts.now())


async def _tell_of_untold(parts: Parts) -> None:
    await asyncio.to_thread(tell_of_untold, parts.clinic, parts.database, now=parts.now())


async def _prune(parts: Parts) -> None:
    await asyncio.to_thread(prune, parts.database, kept_for=parts.settings.words_kept_for, now=parts.now())
