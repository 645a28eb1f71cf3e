"""Stories as text files: how an appointment begins, what happens to it, and every text that goes out, in order.

    # The caption.
    zone: America/New_York          (this is the default)
    booked: Tue 2026-02-10 10:00
    start: Tue 2026-03-10 14:00
    end: Tue 2026-03-10 15:00
    flags: cold_sores=no prp=yes

    Tue 2026-02-10 10:00   welcome   | Tue Mar 10 | 2:00 PM      (words that the text must hold)
    * Thu 2026-02-12 09:00 moves to Thu 2026-03-12 10:00
    Thu 2026-02-12 09:00   moved

All times are on the wall of `zone`, and a wrong weekday is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.care.model import Appointment, Status
from tests.care.story import Sent, Story

SETTINGS = ("zone", "booked", "start", "end", "flags")


@dataclass(frozen=True)
class Script:
    """One story file; events are the lines that begin with `*`."""

    caption: str
    begins: Mapping[str, str]
    lines: tuple[str, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The patient's."""
        return ZoneInfo(self.begins.get("zone", "America/New_York"))

    @property
    def expected(self) -> list[str]:
        """The lines without the words a text must hold."""
        return [_squeezed(line.split("|")[0]) for line in self.lines]


def read_script(path: Path) -> Script:
    """The story in this file."""
    written = [line.rstrip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    begins = dict(_setting(line) for line in written if line.split(":")[0] in SETTINGS)
    lines = [line for line in written if not line.startswith("#") and line.split(":")[0] not in SETTINGS]
    return Script(" ".join(line.strip("# ") for line in written if line.startswith("#")), begins, tuple(lines))


def tell(script: Script) -> tuple[list[str], list[Sent]]:
    """Live the events through: every line as it should stand in the file, and the texts in the same order."""
    story = Story.begin(booking(script))
    lines: list[str] = []
    for event in (line for line in script.lines if line.startswith("*")):
        before = len(story.sent)
        story.pass_to(instant(event[2:22], script.zone))
        lines += _told(story.sent[before:], script.zone)
        lines.append(_squeezed(event))
        happen(event[23:], story, script.zone)
    before = len(story.sent)
    story.pass_to(story.appointment.starts_at + timedelta(days=30))
    return lines + list(_told(story.sent[before:], script.zone)), story.sent


def wrong_words(script: Script, sent: list[Sent]) -> Iterator[str]:
    """Every text that lacks words the file says it must hold."""
    texts = [line for line in script.lines if not line.startswith("*")]
    for line, text in zip(texts, sent, strict=True):
        for snippet in line.split("|")[1:]:
            if snippet.strip() not in text.words:
                yield f"{text.step} should say {snippet.strip()!r}: {text.words}"


def booking(script: Script) -> Appointment:
    """The appointment as the story begins."""
    flags = dict(flag.split("=") for flag in script.begins.get("flags", "").split())
    return Appointment(
        booked_at=instant(script.begins["booked"], script.zone),
        starts_at=instant(script.begins["start"], script.zone),
        ends_at=instant(script.begins["end"], script.zone),
        zone=script.zone,
        flags={name: value == "yes" for name, value in flags.items()},
    )


def instant(written: str, zone: ZoneInfo) -> datetime:
    """ "Tue 2026-03-10 14:00" on the wall of `zone`, in UTC."""
    at = datetime.strptime(written[4:20], "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    assert f"{at:%a}" == written[:3], f"{written} is a {at:%A}"
    return at.astimezone(UTC)


def happen(event: str, story: Story, zone: ZoneInfo) -> None:
    """One event in the words of the files."""
    match event.split():
        case ["moves", "to", *when]:
            start = instant(" ".join(when), zone)
            length = story.appointment.ends_at - story.appointment.starts_at
            story.change(starts_at=start, ends_at=start + length)
        case ["is", "cancelled"]:
            story.change(status=Status.CANCELLED)
        case ["is", "booked", "again"]:
            story.change(status=Status.BOOKED)
        case ["does", "not", "come"]:
            story.change(status=Status.NO_SHOW)
        case ["ended", "at", *when]:
            story.change(ended_at=instant(" ".join(when), zone))
        case ["answers", flag, ("yes" | "no") as value]:
            story.change(flags={**story.appointment.flags, flag: value == "yes"})
        case ["plans", "again"]:
            story.replan()
        case _:
            raise AssertionError(f"no such event: {event}")


def _told(texts: list[Sent], zone: ZoneInfo) -> Iterator[str]:
    for sent in texts:
        yield f"{sent.at.astimezone(zone):%a %Y-%m-%d %H:%M} {sent.step}"


def _setting(line: str) -> tuple[str, str]:
    key, _, value = line.partition(":")
    return key, value.strip()


def _squeezed(line: str) -> str:
    return " ".join(line.split())
