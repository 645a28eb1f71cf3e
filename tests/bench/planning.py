"""How long a plan takes, beside reading the clock times of its steps alone, which any plan must do."""

import time
from datetime import timedelta
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from bot.care.model import Appointment
from bot.care.planner import plan
from bot.care.timing import resolve
from bot.content.planned import words_of
from tests.bench.clinic import NOW, parts_on, sqlite_in

ROUNDS = 300


def report() -> None:
    """Print milliseconds a plan and the ratios."""
    with TemporaryDirectory() as folder:
        parts = parts_on(sqlite_in(folder))
        timeline = parts.clinic.any_content.timeline
        starts_at = NOW + timedelta(days=20)
        zone = ZoneInfo("America/New_York")
        flags = {"cold_sores": True, "eyes": True, "prp": True}
        appointment = Appointment(NOW, starts_at, starts_at + timedelta(hours=1), zone, flags=flags)
        floor = _each(lambda: [resolve(m, appointment) for s in timeline.steps for m in s.when])
        planned = _each(lambda: plan(timeline, appointment, now=NOW))
        texts = plan(timeline, appointment, now=NOW).texts
        values = {"clinic": "Bright Skin", "phone": "(212) 555-0123", "name": "Maria"}

        def render() -> None:
            for text in texts:
                step = timeline.step(text.step)
                assert step is not None
                words_of(step, timeline, appointment=appointment, now=text.due_at, values=values)

        rendered = _each(render)
    print(f"clock times of all steps   {floor:8.3f} ms   1.0 x")
    print(f"a whole plan               {planned:8.3f} ms   {planned / floor:.1f} x")
    print(f"the words of its {len(texts)} texts  {rendered:8.3f} ms   {rendered / floor:.1f} x")


def _each(work: object) -> float:
    begun = time.perf_counter()
    for _ in range(ROUNDS):
        work()  # type: ignore[operator]
    return (time.perf_counter() - begun) / ROUNDS * 1000
