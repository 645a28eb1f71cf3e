"""Plays a conversation file on a real clinic and writes down what everyone received.

A file is read from the top. Lines that do something:

    @ Tue 2026-03-10 18:00          the clock goes on to this local time, and everything due on the way happens
    + book Maria Gomez, +12125550140, 2026-03-10 14:00, 15:00, cold_sores prp
    + change A-1 starts_at=2026-03-12 14:00 | status=cancelled | procedure_ended_at=2026-03-10 14:40 | eyes=yes
    > can I exercise                the patient texts (the number booked last, or `+ on NUMBER`)
    kim> A 1                        a member of staff texts

and lines that were seen:

    < text to the patient      kim< text to staff      ! urgent: discharge (a case opened or became louder)
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot import clock
from bot.records.tables import EscalationRow
from bot.sms.standin import Bubble
from bot.sms.standin.serving import loopback
from bot.web.demo.clockwork import play_until
from bot.web.demo.house import ZONE
from bot.web.demo.stage import Stage, house, staged

ACTS = ("@ ", "+ ", "> ")
STAFF = ("kim", "lee")


def acts_in(text: str) -> Iterator[str]:
    """The lines that do something, comments and blank lines included as they stand."""
    for line in text.splitlines():
        if line.startswith(ACTS) or re.match(r"(kim|lee)> ", line) or not line.strip() or line.startswith("#"):
            yield line


def played(text: str) -> str:
    """The conversation as it really goes: the same acts, with everything that was seen after each."""
    return asyncio.run(_played(text))


async def _played(text: str) -> str:
    switch = _Switch()
    async with loopback(switch) as base_url, house(base_url) as parts, staged(parts) as stage:
        switch.app = stage.app
        # The worker is run step by step, so that what it sends is seen after the act that brought it about.
        async with stage.at_rest():
            scene = _Scene(stage)
            lines: list[str] = []
            for act in acts_in(text):
                lines.append(act)
                if act.strip() and not act.startswith("#"):
                    await scene.do(act)
                    lines += await scene.seen()
    clock.reset()
    return "\n".join(lines) + "\n"


class _Switch:
    """An address before there is an app behind it: the app needs to know the address first."""

    app = None

    async def __call__(self, scope, receive, send):  # type: ignore[no-untyped-def]
        assert self.app is not None
        await self.app(scope, receive, send)


@dataclass
class _Scene:
    stage: Stage
    phone: str = ""
    booked: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    cases: dict[int, str] = field(default_factory=dict)

    async def do(self, act: str) -> None:
        mark, _, rest = act.partition(" ")
        match mark:
            case "@":
                await play_until(self.stage, _local(rest))
            case "+":
                await self._order(rest)
            case ">":
                await self._text(self.phone, rest)
            case _:
                await self._text(self._staff()[mark.rstrip(">")], rest)

    async def seen(self) -> list[str]:
        """What arrived since the last look: cases first, then texts in the order they went."""
        await play_until(self.stage, clock.now().replace(microsecond=0) + _SECOND)
        lines = [f"! {urgency}: {reason}" for urgency, reason in await asyncio.to_thread(self._new_cases)]
        fresh = []
        for name, number in {"": self.phone, **self._staff()}.items():
            bubbles = self.stage.standin.conversation(number) if number else []
            start = self.counts.get(number, 0)
            self.counts[number] = len(bubbles)
            fresh += [(b.at, f"{name}< {b.body}") for b in bubbles[start:] if _arrived(b)]
        return lines + [line for _, line in sorted(fresh, key=lambda each: each[0])]

    async def _order(self, order: str) -> None:
        verb, _, rest = order.partition(" ")
        match verb:
            case "book":
                await self._book(*(part.strip() for part in rest.split(",")))
            case "change":
                external_id, _, changes = rest.partition(" ")
                await self._call("PATCH", f"/api/appointments/{external_id}", _changes(changes))
            case "on":
                self.phone = rest.strip()

    async def _book(self, name: str, phone: str, starts: str, ends: str, *more: str) -> None:
        self.booked, self.phone = self.booked + 1, phone
        zone = ZoneInfo(more[1]) if len(more) > 1 else ZONE
        day = starts.split()[0]
        body = {
            "external_id": f"A-{self.booked}",
            "patient": {"name": name, "phone": phone, "timezone": more[1] if len(more) > 1 else None},
            "treatment": "micro-needling",
            "starts_at": datetime.fromisoformat(starts).replace(tzinfo=zone).isoformat(),
            "ends_at": datetime.fromisoformat(f"{day} {ends}").replace(tzinfo=zone).isoformat(),
            "flags": more[0].split() if more else [],
        }
        await self._call("POST", "/api/appointments", body)

    async def _call(self, method: str, path: str, body: dict[str, object]) -> None:
        status, answer = await self.stage.call_api(method, path, body)
        assert status in (200, 201), f"{method} {path}: {status} {answer}"

    async def _text(self, number: str, body: str) -> None:
        status = await self.stage.text(number, body.replace("\\n", "\n"))
        assert status == 200, f"the webhook answered {status}"

    def _staff(self) -> dict[str, str]:
        return dict(zip(STAFF, (p.phone for p in self.stage.parts.clinic.staff), strict=True))

    def _new_cases(self) -> list[tuple[str, str]]:
        with self.stage.parts.database.session() as session:
            rows = session.exec(select(EscalationRow).order_by(col(EscalationRow.id))).all()
        fresh = [(row.urgency, row.reason) for row in rows if row.id and self.cases.get(row.id) != row.urgency]
        self.cases = {row.id: row.urgency for row in rows if row.id}
        return fresh


def _arrived(bubble: Bubble) -> bool:
    """Whether the phone shows it: a text that the carrier refused (after STOP, say) is not there."""
    return bubble.direction == "to_phone" and bubble.status not in ("failed", "undelivered")


def _changes(words: str) -> dict[str, object]:
    changes: dict[str, object] = {}
    for each in words.split("|"):
        name, _, value = each.strip().partition("=")
        if name.endswith("_at"):
            changes[name] = datetime.fromisoformat(value).replace(tzinfo=ZONE).isoformat()
        elif name == "status":
            changes[name] = value
        else:
            changes["flags"] = [name]
    return changes


def _local(words: str) -> datetime:
    """`Tue 2026-03-10 18:00` in the clinic's zone; the weekday must be right."""
    weekday, _, rest = words.strip().partition(" ")
    moment = datetime.fromisoformat(rest.strip()).replace(tzinfo=ZONE)
    assert f"{moment:%a}" == weekday, f"{rest} is a {moment:%a}, not a {weekday}"
    return moment


_SECOND = timedelta(seconds=1)


def files() -> list[Path]:
    """Every conversation there is."""
    return sorted(Path(__file__).parent.glob("*.txt"))
