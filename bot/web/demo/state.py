"""Everything the page shows, as one JSON object: people, phones, the timeline, what to try next. Reads only.

Words and times are put together on this side, in local time, so that the page itself has no rules.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import clock
from bot.escalation import desk
from bot.usecases.appointment import show
from bot.web.demo import suggest
from bot.web.demo.cast import Visit, case_opened_by, has_opted_out, last_text_of, visits_in
from bot.web.demo.phones import on_phone, patient_phone, staff_phones
from bot.web.demo.samples import OWN_AT, OWN_DAYS_AHEAD, SAMPLES, TREATMENT
from bot.web.demo.stage import Stage
from bot.web.demo.texts import TO_COME, day_and_clock, show_texts
from bot.web.demo.why import why

OFFERED_FLAGS = ("cold_sores", "prp", "eyes")
FOR_STAFF_ALONE = ("recent_use",)  # what an answer told us, for staff to look into; too long-winded for a heading
OFF = {"cancelled": "cancelled", "no_show": "did not come"}

State = dict[str, Any]


async def show_state(stage: Stage, external_id: str | None) -> State:
    """The page as it stands, with the patient of this id or else the one booked last."""
    return await asyncio.to_thread(_state, stage, external_id, clock.now())


def digest(state: State) -> str:
    """A short name for exactly this state, by which the page says what it has seen."""
    return sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]


def _state(stage: Stage, external_id: str | None, now: datetime) -> State:
    clinic = stage.parts.clinic
    with stage.parts.database.session() as session:
        visits = visits_in(stage, session)
        picked = next((v for v in visits if v.external_id == external_id), visits[-1] if visits else None)
        cases = [suggest.Case(row.id or 0, row.acknowledged_by) for row in desk.unresolved(session)]
        scenes = {visit.external_id: _scene(stage, session, visit) for visit in visits}
        reading = _why(stage, session, picked)
    scene = scenes[picked.external_id] if picked else None
    patient = _patient(stage, picked, scene, now) | {"why": reading} if picked and scene else None
    under_way = [each for each in scenes.values() if each.under_way(now)]
    return {
        "clinic": {"name": clinic.name, "zone": clinic.zone.key},
        "people": _people(visits, picked),
        "patient": patient,
        "staff": staff_phones(stage, cases, under_way, now),
        "treatment": _treatment(picked, now),
        "next": _next(patient),
        "jump": f"{_days_on(1, now, clinic.zone)}T09:00",
        "own_start": f"{_days_on(OWN_DAYS_AHEAD, now, clinic.zone)}T{OWN_AT:%H:%M}",
        "flags": _flags(stage),
        "hint": suggest.hint(scene, cases, on_call=clinic.staff[0].name, now=now),
    }


def _scene(stage: Stage, session: Session, visit: Visit) -> suggest.Scene:
    bubbles = on_phone(stage, visit.phone)
    heard = [bubble.body for bubble in bubbles if bubble.direction == "to_phone"]
    return suggest.Scene(
        first_name=visit.first_name,
        starts_at=visit.starts_at,
        ended_at=visit.ended_at,
        booked=visit.status == "booked",
        opted_out=has_opted_out(session, visit.phone),
        last_words=heard[-1] if heard else "",
        said=[bubble.body for bubble in bubbles if bubble.direction == "from_phone"],
    )


def _why(stage: Stage, session: Session, visit: Visit | None) -> State | None:
    inbound = last_text_of(session, visit.phone) if visit else None
    if inbound is None or visit is None:
        return None
    content = stage.parts.clinic.contents[visit.treatment]
    return why(inbound, content, visit.appointment, case=case_opened_by(session, inbound))


def _people(visits: Sequence[Visit], picked: Visit | None) -> list[State]:
    """The samples, booked or not, and then whoever the visitor has booked."""
    booked = {visit.external_id for visit in visits}
    people = [(sample.key, sample.external_id, sample.name, sample.about) for sample in SAMPLES]
    samples = {sample.external_id for sample in SAMPLES}
    people += [(v.external_id, v.external_id, v.name, "booked by you") for v in visits if v.external_id not in samples]
    return [
        {
            "key": key,
            "name": name,
            "about": about,
            "external_id": external_id if external_id in booked else None,
            "picked": picked is not None and picked.external_id == external_id,
        }
        for key, external_id, name, about in people
    ]


def _patient(stage: Stage, visit: Visit, scene: suggest.Scene, now: datetime) -> State:
    view = show(stage.parts.clinic, stage.parts.database, visit.external_id, now=now)
    content = stage.parts.clinic.contents[visit.treatment]
    return {
        "external_id": visit.external_id,
        "first": visit.first_name,
        "visit": _about_visit(visit, content.timeline.flags),
        "phone": patient_phone(stage, visit, scene, now),
        "texts": show_texts(view, content, visit.zone),
    }


def _about_visit(visit: Visit, names: Mapping[str, str]) -> str:
    on, at = day_and_clock(visit.starts_at, visit.zone)
    ends = "ended" if visit.ended_at else "to"
    times = f"Treatment {on}, {at} {ends} {day_and_clock(visit.ended_at or visit.ends_at, visit.zone)[1]}"
    known = [names.get(flag, flag) for flag, holds in visit.flags.items() if holds and flag not in FOR_STAFF_ALONE]
    off = [OFF[visit.status]] if visit.status in OFF else []
    return " \u00b7 ".join([times, *off, *known])


def _treatment(visit: Visit | None, now: datetime) -> State:
    """What the treatment button says and does: "go" to it, report its "end", or nothing."""
    if visit is None or visit.status != "booked":
        return {"label": "Treatment ends now", "does": None}
    if visit.ended_at is not None:
        return {"label": f"Ended {day_and_clock(visit.ended_at, visit.zone)[1]}", "does": None}
    if now < visit.starts_at:
        return {"label": "To the treatment", "does": "go"}
    if now < visit.starts_at + suggest.UNDER_WAY_FOR:
        return {"label": "Treatment ends now", "does": "end"}
    return {"label": "Treatment is over", "does": None}


def _next(patient: State | None) -> str | None:
    """When the next text goes out, in words."""
    texts: list[State] = patient["texts"] if patient else []
    return next((f"{text['on']}, {text['at']}" for text in texts if text["group"] == TO_COME), None)


def _days_on(days: int, now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date() + timedelta(days=days)


def _flags(stage: Stage) -> list[State]:
    known = stage.parts.clinic.contents[TREATMENT].timeline.flags
    return [{"id": flag, "name": known[flag]} for flag in OFFERED_FLAGS if flag in known]
