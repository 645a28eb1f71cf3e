"""What a visitor of the demo can do: book, text as somebody, report the end, move the clock.

Each goes the way it would go in earnest (API or webhook); only the clock is moved by hand.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from starlette.responses import JSONResponse

from bot import clock
from bot.errors import BadRequest
from bot.web.demo import samples
from bot.web.demo.cast import Visit, count_visits, find_visit
from bot.web.demo.clockwork import play_until, play_until_next_text
from bot.web.demo.stage import Stage

Act = Callable[[Stage, dict[str, Any]], Awaitable[JSONResponse]]

MOST_CHARACTERS = 1600
LONGEST_STEP = 7 * 24 * 60  # minutes
UNDER_WAY_FOR = timedelta(minutes=40)


async def book(stage: Stage, asked: dict[str, Any]) -> JSONResponse:
    """Book a sample patient (`sample`), or one of the visitor's own (`name`, local `start`, `flags`)."""
    now, zone = clock.now(), stage.parts.clinic.zone
    if "sample" in asked:
        body = samples.sample_booking(samples.sample(str(asked["sample"])), now=now, zone=zone)
    else:
        body = samples.own_booking(asked, await asyncio.to_thread(count_visits, stage), now=now, zone=zone)
    status, said = await stage.call_api("POST", "/api/appointments", body)
    return JSONResponse(said if status >= 400 else {"external_id": body["external_id"]}, status)


async def text(stage: Stage, asked: dict[str, Any]) -> JSONResponse:
    """Text the clinic's number as whoever holds `number`."""
    number, body = asked.get("number"), asked.get("body")
    if not isinstance(number, str) or not number.startswith("+"):
        raise BadRequest("number", number, "Pick a phone to text from.")
    if not isinstance(body, str) or not 0 < len(body) <= MOST_CHARACTERS:
        raise BadRequest("body", str(body)[:20], f"Write 1 to {MOST_CHARACTERS} characters.")
    status = await stage.text(number, body)
    if status is None or status >= 300:
        why = f"The bot answered the webhook with {status}." if status else "The bot did not answer the webhook."
        return JSONResponse({"why": why}, 502)
    return JSONResponse({})


async def end(stage: Stage, asked: dict[str, Any]) -> JSONResponse:
    """Report by the API that the treatment of `patient` ended at this minute."""
    visit = await _visit(stage, asked)
    ended_at = clock.now().replace(second=0, microsecond=0)
    body = {"procedure_ended_at": ended_at.isoformat()}
    status, said = await stage.call_api("PATCH", f"/api/appointments/{visit.external_id}", body)
    return JSONResponse(said if status >= 400 else {}, status)


async def move(stage: Stage, asked: dict[str, Any]) -> JSONResponse:
    """Move the clock: `by` minutes, or `to` "next" (text), "treatment" or a local day and time."""
    match asked:
        case {"by": int(minutes)} if 0 < minutes <= LONGEST_STEP and minutes is not True:
            going = play_until(stage, clock.now() + timedelta(minutes=minutes))
        case {"to": "next"}:
            going = play_until_next_text(stage, (await _visit(stage, asked)).phone)
        case {"to": "treatment"}:
            going = play_until(stage, _under_way_at(await _visit(stage, asked)))
        case {"to": str(local)}:
            going = play_until(stage, samples.local_moment("to", local, stage.parts.clinic.zone))
        case _:
            raise BadRequest("to", asked.get("to", asked.get("by")), "Give `by` in minutes, or `to`.")
    async with stage.at_rest():
        await going
    return JSONResponse({})


def _under_way_at(visit: Visit) -> datetime:
    """A moment at which the treatment is well under way but not over."""
    return min(visit.starts_at + UNDER_WAY_FOR, visit.ends_at)


async def _visit(stage: Stage, asked: dict[str, Any]) -> Visit:
    return await asyncio.to_thread(find_visit, stage, str(asked.get("patient") or ""))


ACTS: dict[str, Act] = {"book": book, "text": text, "end": end, "clock": move}
