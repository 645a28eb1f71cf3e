"""Every text with real values, for hundreds of appointments: GSM-7, at most two segments, no brace left."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.care.model import Appointment
from bot.care.planner import plan
from bot.content.load import load
from bot.content.model import Content
from bot.content.planned import words_of
from bot.content.segments import measure
from bot.conversation.answer import answer
from tests.content.broken import MESSAGES, TREATMENT

VALUES = {"clinic": "Bright Skin Aesthetics", "phone": "(212) 555-0123", "name": "Alexandra"}
ZONES = ("America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "Europe/London")
FLAGS = ("cold_sores", "prp", "eyes", "accutane", "medicines")


@pytest.fixture(scope="module")
def content() -> Content:
    return load(MESSAGES)[TREATMENT]


def _appointments(how_many: int) -> Iterator[Appointment]:
    """The same ones in every run."""
    chance = random.Random(20260310)
    for _ in range(how_many):
        zone = ZoneInfo(chance.choice(ZONES))
        on = datetime(2026, 1, 1, chance.randint(6, 19), chance.choice((0, 10, 30, 50)), tzinfo=zone)
        start = (on + timedelta(days=chance.randint(0, 720))).astimezone(UTC)
        flags = {flag: chance.random() < 0.5 for flag in FLAGS if chance.random() < 0.6}
        ahead = timedelta(hours=chance.choice((3, 20, 40, 70, 120, 200, 300, 400, 900)))
        yield Appointment(start - ahead, start, start + timedelta(minutes=chance.randint(30, 380)), zone, flags=flags)


def _flaws(text: str, most_segments: int = 2) -> list[str]:
    size = measure(text)
    flaws = [f"{size.encoding} because of {size.forced_by!r}"] if size.encoding != "GSM-7" else []
    flaws += [f"{size.segments} segments"] if size.segments > most_segments else []
    return flaws + [f"{mark!r} left" for mark in ("{", "}", "  ") if mark in text]


def test_every_planned_text_reads_well_for_hundreds_of_appointments(content: Content) -> None:
    rendered: dict[str, int] = {}
    for appointment in _appointments(400):
        texts = plan(content.timeline, appointment, now=appointment.booked_at).texts
        for place, text in enumerate(texts):
            step = content.timeline.step(text.step)
            words = words_of(
                step, content.timeline, appointment=appointment, now=text.due_at, values=VALUES,
                occurrence=text.occurrence, carries=text.carries, is_first=place == 0,
            ).text  # fmt: skip
            assert not _flaws(words), (text.step, words)
            assert words.startswith("Bright Skin Aesthetics: ")
            rendered[text.step] = rendered.get(text.step, 0) + 1
    corrections = {step.id for step in content.timeline.steps if step.corrects}
    assert set(rendered) == {step.id for step in content.timeline.steps} - corrections


def test_every_correction_reads_well_for_hundreds_of_appointments(content: Content) -> None:
    for appointment in _appointments(400):
        for step in content.timeline.steps:
            if step.corrects:
                for now in (appointment.booked_at, appointment.ends_at):
                    filled = words_of(step, content.timeline, appointment=appointment, now=now, values=VALUES)
                    assert not _flaws(filled.text), (step.id, filled.text)


def test_every_answer_reads_well_for_hundreds_of_appointments(content: Content) -> None:
    chance = random.Random(7)
    values = {**VALUES, "prescribed": content.patients["prescribed"]}
    for appointment in _appointments(300):
        now = appointment.starts_at + timedelta(hours=chance.randint(-16 * 24, 16 * 24))
        for topic in content.topics:
            said = answer(topic, content, appointments=[appointment], now=now, values=values)
            assert not _flaws(f"{VALUES['clinic']}: {said.text}"), (topic, said.text)
