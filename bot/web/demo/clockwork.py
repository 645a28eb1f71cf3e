"""Moves the demo's clock, only forwards, and lets everything due in between happen at its own time, in order.

It sends nothing itself: at each moment the real worker's steps and chores are run until nothing is left to do.
"""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from bot import clock
from bot.errors import BadRequest
from bot.escalation.desk import OPEN
from bot.outbox.model import Kind, State
from bot.records.tables import EscalationRow, Message
from bot.scheduler import drain
from bot.web.demo.stage import Stage

FARTHEST = timedelta(days=400)


async def play_until(stage: Stage, target: datetime) -> None:
    """Bring the clock to `target`; BadRequest where that is past or absurdly far."""
    now = clock.now()
    if target <= now:
        raise BadRequest("to", target.isoformat(), "The clock only goes forwards; start over to go back.")
    if target > now + FARTHEST:
        raise BadRequest("to", target.isoformat(), "That is more than a year away; choose an earlier day.")
    moment = await asyncio.to_thread(_next_moment, stage, now)
    while moment is not None and moment <= target:
        await _at(stage, moment)
        moment = await asyncio.to_thread(_next_moment, stage, moment)
    await _at(stage, target)


async def play_until_next_text(stage: Stage, phone: str) -> None:
    """Bring the clock to the next planned text that really reaches this phone, or past all there are."""
    before = _received(stage, phone)
    while _received(stage, phone) == before:
        due_at = await asyncio.to_thread(next_text_at, stage, phone)
        if due_at is None:
            return
        if due_at <= clock.now():
            await _at(stage, clock.now())
            if await asyncio.to_thread(next_text_at, stage, phone) == due_at:
                return  # something holds it; its reason stands in the timeline
            continue
        await play_until(stage, due_at)


def next_text_at(stage: Stage, phone: str) -> datetime | None:
    """When the next planned text to this phone is due."""
    wanted = select(func.min(col(Message.due_at))).where(
        col(Message.to_phone) == phone,
        col(Message.kind) == Kind.PLANNED,
        col(Message.state) == State.SCHEDULED,
    )
    with stage.parts.database.session() as session:
        return session.exec(wanted).one()


async def _at(stage: Stage, moment: datetime) -> None:
    if moment > clock.now():
        clock.shift_to(moment)
    await drain(stage.worker.parts, chores=True)
    await stage.standin.settled()


def _next_moment(stage: Stage, after: datetime) -> datetime | None:
    """The next time at which a text is due, a case climbs or something unheard of is looked up."""
    with stage.parts.database.session() as session:
        moments = [
            session.exec(select(func.min(column)).where(col(column) > after, col(of) == state)).one()
            for column, of, state in (
                (Message.due_at, Message.state, State.SCHEDULED),
                (Message.look_up_at, Message.state, State.UNKNOWN),
                (EscalationRow.climb_at, EscalationRow.state, OPEN),
            )
        ]
    return min((at for at in moments if at), default=None)


def _received(stage: Stage, phone: str) -> int:
    return sum(bubble.direction == "to_phone" for bubble in stage.standin.conversation(phone))
