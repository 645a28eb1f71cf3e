"""The timeline of one patient's texts as the page shows it: sent, to come, and left out with the reason. Reads only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.content.model import Content
from bot.content.segments import measure
from bot.outbox.model import PENDING, State
from bot.usecases.views import AppointmentView, MessageView

SENT, TO_COME, LEFT_OUT = "sent", "to come", "left out"
STATE_WORDS = {
    State.SCHEDULED: "planned",
    State.CLAIMED: "going out",
    State.UNKNOWN: "going out",
    State.ACCEPTED: "sent",
    State.SENT: "sent",
    State.DELIVERED: "delivered",
    State.UNDELIVERED: "not delivered",
    State.FAILED: "failed",
    State.EXPIRED: "not useful any more",
    State.CANCELLED: "not needed",
    State.SUPPRESSED: "stopped",
}


def show_texts(view: AppointmentView, content: Content, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Every text by its time, without those cancelled only to go at another time."""
    # To the minute: texts that left together stay in the order of the timeline.
    ordered = sorted(view.messages, key=lambda message: _when(message).replace(second=0, microsecond=0))
    shown = [_text(message, content, zone) for message in ordered]
    stands = {text["step"] for text in shown if not text["made_way"]}
    return [text for text in shown if not (text["made_way"] and text["step"] in stands)]


def day_and_clock(moment: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """("Sat, Mar 7", "9:00 AM") in this zone."""
    local = moment.astimezone(zone)
    return f"{local:%a}, {local:%b} {local.day}", f"{local.hour % 12 or 12}:{local:%M %p}"


def _text(message: MessageView, content: Content, zone: ZoneInfo) -> dict[str, Any]:
    on, at = day_and_clock(_when(message), zone)
    group = _group(message.state)
    return {
        "id": message.id,
        "step": message.step,
        "title": _title(message.step),
        "group": group,
        "state": STATE_WORDS.get(State(message.state), message.state),
        "on": on,
        "at": at,
        "text": message.text,
        "size": _size(message.text) if message.text else None,
        "glimpse": message.reason or (message.text or "").partition(": ")[2],
        "reason": message.reason,
        "made_way": message.state == State.CANCELLED,
        "quotes": _quotes([message.step, *message.carries], content),
    }


def _title(step: str) -> str:
    """A step's id as a heading: "ask-cold-sores" as "Question: cold sores"."""
    words = step.replace("-", " ")
    return f"Question: {words.removeprefix('ask ')}" if words.startswith("ask ") else words.capitalize()


def _when(message: MessageView) -> datetime:
    return message.sent_at or message.due_at


def _group(state: str) -> str:
    if state in PENDING:
        return TO_COME
    return LEFT_OUT if state in (State.EXPIRED, State.CANCELLED, State.SUPPRESSED) else SENT


def _size(text: str) -> str:
    segments = measure(text).segments
    return f"{len(text)} characters, {segments} segment{'s' if segments > 1 else ''}"


def _quotes(steps: Sequence[str], content: Content) -> list[str]:
    found = [content.timeline.step(step) for step in steps]
    return list(dict.fromkeys(quote for step in found if step for quote in step.source))
