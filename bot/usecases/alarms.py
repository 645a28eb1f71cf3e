"""Tells the first member of staff who is reached of each alarm, once, and lists what is open. It mends nothing.

Such a text waits like any other while sending rests, and is what tries first whether it works again.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.content.render import clock_time, day_name
from bot.content.segments import thrifty
from bot.outbox.alarms import close_old, open_alarms, untold
from bot.outbox.model import Kind, NewMessage, Priority
from bot.outbox.store import enqueue
from bot.records.database import Database
from bot.records.tables import Alarm
from bot.usecases.clinic import Clinic
from bot.usecases.staff_opt_outs import reachable

STEP = "alarm"
LONGEST = 459  # three segments


@dataclass(frozen=True)
class OpenAlarm:
    """One alarm as whoever runs the bot reads it; times are the clinic's."""

    kind: str
    words: str
    since: str
    rests_until: str | None


def tell_of_alarms(clinic: Clinic, database: Database, *, now: datetime) -> int:
    """Text the first of the staff who is reached about what is new; returns how many were told of.

    What is a day old is closed.
    """

    def body(session: Session) -> int:
        close_old(session, now=now)
        new = untold(session, now=now) if clinic.staff else []
        for alarm in new:
            alarm.told_at = now
        to = reachable(session, clinic, now=now)[0].phone if new else ""
        enqueue(session, [_text(clinic, alarm, to, now) for alarm in new], now=now)
        return len(new)

    return database.write(body, safe_to_repeat=True)


def list_alarms(database: Database, zone: ZoneInfo) -> list[OpenAlarm]:
    """What is open, the oldest first, in times of this zone."""

    with database.session() as session:
        return [_as_read(alarm, zone) for alarm in open_alarms(session)]


def _as_read(alarm: Alarm, zone: ZoneInfo) -> OpenAlarm:
    def local(at: datetime) -> str:
        here = at.astimezone(zone)
        return f"{day_name(here)} {clock_time(here)}"

    rests_until = local(alarm.holds_until) if alarm.holds_until else None
    return OpenAlarm(alarm.kind, alarm.words, local(alarm.raised_at), rests_until)


def _text(clinic: Clinic, alarm: Alarm, to: str, now: datetime) -> NewMessage:
    words = thrifty(f"{clinic.name}: to whoever runs the bot. {alarm.words}")[:LONGEST]
    return NewMessage(Kind.ALERT, to, STEP, now, body=words, priority=Priority.TIME_CRITICAL)
