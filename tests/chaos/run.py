"""One run from an empty database to a verdict: seed the town, let the storm blow, gather the evidence, check it."""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import structlog
from sqlmodel import col, func, select

from bot import clock
from bot.care.model import Appointment
from bot.clinic_words import contents
from bot.content.planned import words_of
from bot.outbox.model import Kind
from bot.records.database import Database
from bot.records.tables import Message
from bot.settings import read_settings
from bot.usecases import appointment
from bot.usecases.bookings import Booking
from bot.usecases.clinic import Clinic
from bot.wiring import clinic_of
from tests.chaos import audit, evidence
from tests.chaos.aim import HALF, Aim
from tests.chaos.checker import check
from tests.chaos.reading import attempts_of, due_at, is_changed, was_due
from tests.chaos.scene import Scene
from tests.chaos.storm import Limits, Storm, Weather
from tests.chaos.town import BOOKED_AT, OPENS_AT, Resident, Town, build

EXAMPLES = 5
BATCH = 50
# After an outage what has waited leaves first.
RECOVERS_WITHIN = timedelta(seconds=15)


@dataclass(frozen=True)
class Form:
    """How a run is made up. `lasts_for` and `kill_every` are seconds."""

    kind: str
    messages: int
    lasts_for: float
    kill_every: float
    workers: int
    webs: int
    seed: int = 1
    per_second: float = 100.0
    sabotage: str = ""
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Verdict:
    """The figures of a run and what was found against the bars."""

    figures: dict[str, Any]
    found: dict[str, list[str]]

    @property
    def passed(self) -> bool:
        """Whether every bar was met."""
        return not any(self.found.values())


async def run(form: Form, folder: Path | None = None) -> Verdict:
    """Let one storm blow and judge what is left."""
    folder = folder or Path(tempfile.mkdtemp(prefix=f"needling-chaos-{form.kind}-"))
    folder.mkdir(parents=True, exist_ok=True)
    _quiet()
    town = build(form.messages, seed=form.seed, lasts_for=form.lasts_for)
    scene = Scene(
        folder, kind=form.kind, workers=form.workers, webs=form.webs, seed=form.seed, per_second=form.per_second,
        sabotage=form.sabotage,
    )  # fmt: skip
    database = scene.open_database()
    try:
        began = time.monotonic()
        _settle_town(town, _clinic(scene), database)
        seeded_for = time.monotonic() - began
        audit.install(database.engine)
        scene.clock_ahead_for = ahead = (OPENS_AT - clock.now()).total_seconds()
        now = lambda: clock.now() + timedelta(seconds=ahead)  # noqa: E731 - the run's clock
        began_at = now()
        before = evidence.read_before(database)
        scene.start_standin()
        scene.webs.start_all()
        scene.workers.start_all()
        # Whose leases are not released shows in claims that died with their holder.
        aim = Aim(database, seed=form.seed + 2, at_holders=1.0 if form.sabotage == "no-lease" else HALF)
        storm = Storm(scene, town, database, kill_every=form.kill_every, now=now, limits=form.limits, aim=aim)
        weather = await storm.blow()
        proof = evidence.read(
            town, scene.journal, database, before=before, says=_says(_clinic(scene), town), began_at=began_at,
            due_by=weather.judged_at or now(), clock_ahead_for=timedelta(seconds=ahead),
            machine_lag=timedelta(seconds=weather.machine_lag),
        )  # fmt: skip
        found = check(proof)
        figures = _figures(form, weather, proof, database, seeded_for)
        return Verdict(figures | {name: len(lines) for name, lines in found.items()}, found)
    finally:
        database.close()
        scene.close()


def _settle_town(town: Town, clinic: Clinic, database: Database) -> None:
    """Book everybody as the product does, but many in one transaction and without composing the API's answers."""
    for batch in batched(town.residents, BATCH):
        with database.transaction() as session:
            for r in batch:
                booking = Booking(r.appointment, r.name, r.phone, None, "micro-needling", r.starts_at)
                appointment._create(session, clinic, booking, min(BOOKED_AT, r.starts_at - timedelta(hours=1)))


def batched(residents: Sequence[Resident], size: int) -> Iterator[Sequence[Resident]]:
    """The residents in slices of this size."""
    return (residents[start : start + size] for start in range(0, len(residents), size))


def _clinic(scene: Scene) -> Clinic:
    os.environ.update(scene.settings())
    settings = read_settings()
    return clinic_of(settings, contents(settings))


def _says(clinic: Clinic, town: Town) -> evidence.Says:
    """What the sheet's timeline says to a resident whose appointment stands so: the words alone, no state of a row."""
    names = {resident.phone[-7:]: resident.name.split()[0] for resident in town.residents}
    timeline = clinic.any_content.timeline

    def says(message: Message, standing: evidence.Standing, now: datetime, is_first: bool) -> str:
        step = timeline.step(message.step)
        if step is None:
            return ""
        appointment = Appointment(
            booked_at=BOOKED_AT,
            starts_at=standing.starts_at,
            ends_at=standing.ends_at,
            zone=clinic.zone,
            ended_at=standing.ended_at,
            flags=standing.flags,
        )
        values = clinic.values() | {"name": names[message.to_phone[-7:]]}
        more = {"occurrence": message.occurrence, "carries": message.carries, "is_first": is_first}
        return words_of(step, timeline, appointment=appointment, now=now, values=values, **more).text

    return says


def _figures(
    form: Form, weather: Weather, proof: evidence.Evidence, database: Database, seeded_for: float
) -> dict[str, Any]:
    due = [m for m in proof.messages.values() if was_due(proof, m)]
    with database.session() as session:
        first, last = session.exec(
            select(func.min(col(Message.attempted_at)), func.max(col(Message.attempted_at)))
        ).one()
    made = asdict(weather)
    for name in ("counts", "judged_at", "outages"):
        made.pop(name)
    return {
        "form": f"{form.kind}{' ' + form.sabotage if form.sabotage else ''}",
        "seed": form.seed,
        "due_messages": sum(1 for m in due if m.id in proof.seeded),
        "accepted": len(proof.created),
        "inbound": len(proof.heard),
        "inbound_from_list": sum(1 for row in proof.inbound.values() if row.via == "list"),
        "stops": len(proof.town.stopping),
        "changes": len(proof.town.calls),
        "attempts": sum(1 for entry in proof.witnessed if entry.what == "attempt"),
        "seeded_for": round(seeded_for, 1),
        "sent_for": _seconds(first, last),
        **made,
        **lateness(proof, weather.outages),
        "states": dict(Counter(m.state for m in due)),
        "counts": dict(weather.counts),
    }


def lateness(proof: evidence.Evidence, outages: Sequence[tuple[datetime, datetime]]) -> dict[str, float | None]:
    """How late planned texts were first handed over, in seconds, but for those due in an outage or soon after one."""
    late = []
    for message_id, attempts in attempts_of(proof).items():
        message = proof.messages[message_id]
        wanted_at = max(due_at(proof, message), message.created_at, proof.began_at)
        if message.kind == Kind.PLANNED and not is_changed(proof, message) and not _in_an_outage(wanted_at, outages):
            late.append((attempts[0].entry.at + proof.clock_ahead_for - wanted_at).total_seconds())
    if not late:
        return {"late_median": None, "late_worst": None}
    return {"late_median": round(max(median(late), 0.0), 1), "late_worst": round(max(late), 1)}


def _in_an_outage(at: datetime, outages: Sequence[tuple[datetime, datetime]]) -> bool:
    return any(began_at <= at <= ended_at + RECOVERS_WITHIN for began_at, ended_at in outages)


def _seconds(first: datetime | None, last: datetime | None) -> float | None:
    return round((last - first).total_seconds(), 1) if first and last else None


def _quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))

