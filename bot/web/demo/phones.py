"""What the two phones of the page show: their bubbles with local times, and what may be typed on them. Reads only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.clinic_words import spoken_number
from bot.sms.standin import Bubble
from bot.web.demo import suggest
from bot.web.demo.cast import Visit
from bot.web.demo.house import ON_CALL
from bot.web.demo.stage import Stage
from bot.web.demo.texts import day_and_clock

ARRIVED = ("sent", "delivered", "read")


def patient_phone(stage: Stage, visit: Visit, scene: suggest.Scene, now: datetime) -> dict[str, Any]:
    """The phone of this patient."""
    chips = suggest.patient_chips(scene, now)
    return {"name": visit.name, **_phone(stage, visit.phone, visit.zone), "chips": chips}


def staff_phones(
    stage: Stage, cases: Sequence[suggest.Case], under_way: Sequence[suggest.Scene], now: datetime
) -> list[dict[str, Any]]:
    """The phone of everybody on the staff, in the order they are asked."""
    zone = stage.parts.clinic.zone
    at = day_and_clock(now, zone)[1]
    return [
        {
            "name": person.name,
            "role": role,
            **_phone(stage, person.phone, zone),
            "chips": suggest.staff_chips(cases, under_way, whose=person.name, clock=at),
        }
        for person, role in zip(stage.parts.clinic.staff, ON_CALL, strict=True)
    ]


def on_phone(stage: Stage, number: str) -> list[Bubble]:
    """Everything on the phone with this number, oldest first; what never arrived is not on it."""
    bubbles = stage.standin.conversation(number)
    return [bubble for bubble in bubbles if bubble.direction == "from_phone" or bubble.status in ARRIVED]


def _phone(stage: Stage, number: str, zone: ZoneInfo) -> dict[str, Any]:
    bubbles = [_bubble(bubble, zone) for bubble in on_phone(stage, number)]
    return {"number": number, "shown": spoken_number(number), "bubbles": bubbles}


def _bubble(bubble: Bubble, zone: ZoneInfo) -> dict[str, Any]:
    day, at = day_and_clock(bubble.at, zone)
    mine = bubble.direction == "from_phone"
    return {"mine": mine, "body": bubble.body, "day": day, "at": at, "status": bubble.status}
