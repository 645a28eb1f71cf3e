"""One run from an empty database to a verdict: seed the town, let the storm blow, gather the evidence, check it."""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlmodel import col, func, select

from bot import clock
from bot.clinic_words import contents
from bot.outbox.model import State
from bot.records.database import Database
from bot.records.tables import Message
from bot.settings import read_settings
from bot.usecases import appointment
from bot.usecases.bookings import Booking
from bot.usecases.clinic import Clinic
from bot.wiring import clinic_of
from tests.chaos import audit, evidence
from tests.chaos.checker import check
from tests.chaos.scene import Scene
from tests.chaos.storm import Storm, Weather
from tests.chaos.town import BOOKED_AT, OPENS_AT, Resident, Town, build

EXAMPLES = 5
BATCH = 50


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
    calm_for: float = 120.0


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
        seeded = _waiting(database)
        scene.start_standin()
        scene.webs.start_all()
        scene.workers.start_all()
        storm = Storm(scene, town, database, kill_every=form.kill_every, now=now, calm_for=form.calm_for)
        weather = await storm.blow()
        proof = evidence.read(
            town, scene.journal, database, seeded=seeded, began_at=began_at, due_by=now() - timedelta(seconds=5),
            clock_ahead_for=timedelta(seconds=ahead),
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


def _waiting(database: Database) -> frozenset[str]:
    with database.session() as session:
        return frozenset(session.exec(select(Message.id).where(Message.state == State.SCHEDULED)))


def _figures(
    form: Form, weather: Weather, proof: evidence.Evidence, database: Database, seeded_for: float
) -> dict[str, Any]:
    states = Counter(m.state for m in proof.messages.values() if m.due_at <= proof.due_by)
    with database.session() as session:
        first, last = session.exec(
            select(func.min(col(Message.attempted_at)), func.max(col(Message.attempted_at)))
        ).one()
    made = asdict(weather)
    made.pop("counts")
    return {
        "form": f"{form.kind}{' ' + form.sabotage if form.sabotage else ''}",
        "seed": form.seed,
        "due_messages": sum(1 for m in proof.messages.values() if m.id in proof.seeded and m.due_at <= proof.due_by),
        "accepted": len(proof.created),
        "inbound": len(proof.heard),
        "inbound_from_list": sum(1 for row in proof.inbound.values() if row.via == "list"),
        "stops": len(proof.town.stopping),
        "changes": len(proof.town.calls),
        "attempts": sum(1 for entry in proof.witnessed if entry.what == "attempt"),
        "seeded_for": round(seeded_for, 1),
        "sent_for": _seconds(first, last),
        **made,
        "states": dict(states),
        "counts": dict(weather.counts),
    }


def _seconds(first: datetime | None, last: datetime | None) -> float | None:
    return round((last - first).total_seconds(), 1) if first and last else None


def _quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))

