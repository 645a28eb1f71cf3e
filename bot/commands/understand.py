"""`bot understand`: JSON lines in, what each text means and what is answered out. No database, no clock, no account."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from bot.care.model import Appointment
from bot.clinic_words import clinic_values, contents, the_content, vocabulary_of
from bot.commands.times import read_time, read_zone
from bot.content.model import Content
from bot.conversation.model import Context, Reading
from bot.conversation.respond import respond
from bot.conversation.response import Response, Situation
from bot.conversation.understand import understand
from bot.conversation.vocabulary import Vocabulary
from bot.errors import BadRequest
from bot.settings import Settings, read_settings

KEYS = frozenset({"text", "procedure_start", "procedure_end", "now"})
MORE_KEYS = frozenset({"flags", "timezone", "treatment", "asked", "media"})
BOOKED_AHEAD = timedelta(days=30)


def understand_lines(lines: Iterable[bytes], out: TextIO, *, explain: bool) -> int:
    """Answer every line in order; a line that cannot be read is answered with its error. Returns the exit status."""
    settings = read_settings(complete=False)
    reader = _reader(settings)
    status = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            answer = reader.answer(line, explain=explain)
        except BadRequest as error:
            answer, status = {"error": f"line {number}: {error}"}, 1
        print(json.dumps(answer), file=out, flush=True)
    return status


def _reader(settings: Settings) -> "_Reader":
    found = contents(settings, with_patients_words=False)
    try:
        return _Reader(settings, found, {name: vocabulary_of(content) for name, content in found.items()})
    except ValueError:
        contents(settings)  # says which phrase cannot be read
        raise


@dataclass(frozen=True)
class _Reader:
    """What every line is read with."""

    settings: Settings
    contents: dict[str, Content]
    vocabularies: dict[str, Vocabulary]

    def answer(self, line: bytes, *, explain: bool) -> dict[str, object]:
        asked = _parsed(line)
        content = the_content(self.contents, asked.get("treatment"), field="treatment")
        appointment = self._appointment(asked, content)
        now = read_time("now", asked["now"], appointment.zone)
        reading = understand(
            asked["text"],
            context=_context(asked, appointment, now),
            vocabulary=self.vocabularies[content.timeline.treatment],
            explain=explain,
        )
        response = respond(reading, content, self._situation(asked, content, appointment, now))
        told = _told(reading, response, appointment.zone)
        return told | {"why": [str(reason) for reason in reading.why]} if explain else told

    def _appointment(self, asked: dict[str, Any], content: Content) -> Appointment:
        zone = read_zone("timezone", asked["timezone"]) if asked.get("timezone") else self.settings.zone()
        starts_at = read_time("procedure_start", asked["procedure_start"], zone)
        ends_at = read_time("procedure_end", asked["procedure_end"], zone)
        if ends_at <= starts_at:
            raise BadRequest("procedure_end", asked["procedure_end"], "It must lie after procedure_start.")
        flags = dict.fromkeys(_flags(asked, content), True)
        return Appointment(starts_at - BOOKED_AHEAD, starts_at, ends_at, zone, ended_at=ends_at, flags=flags)

    def _situation(self, asked: dict[str, Any], content: Content, appointment: Appointment, now: datetime) -> Situation:
        question = asked.get("asked")
        step = content.timeline.step(question) if question else None
        return Situation(
            now=now,
            appointments=(appointment,),
            values=clinic_values(self.settings),
            asked=question,
            answers_flag=step.asks if step else None,
        )


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        raise BadRequest("line", _shown(line), "Write one JSON object a line.") from None
    if not isinstance(asked, dict):
        raise BadRequest("line", _shown(line), "Write one JSON object a line.")
    for key in sorted(KEYS - set(asked)):
        raise BadRequest(key, None, f"Give each of {', '.join(sorted(KEYS))}.")
    for key in sorted(set(asked) - KEYS - MORE_KEYS):
        raise BadRequest(key, asked[key], f"Known besides are {', '.join(sorted(MORE_KEYS))}.")
    for key in ("text", "treatment", "asked"):
        if not isinstance(asked.get(key, ""), str):
            raise BadRequest(key, asked[key], "Write a string.")
    # Half a surrogate pair can be typed in JSON, but is no character and could not be written out again.
    asked["text"] = asked["text"].encode("utf-8", "replace").decode()
    return asked


def _shown(line: bytes) -> str:
    return line[:40].decode("utf-8", "replace")


def _flags(asked: dict[str, Any], content: Content) -> list[str]:
    flags = asked.get("flags") or []
    known = ", ".join(content.timeline.flags)
    if not isinstance(flags, list) or any(flag not in content.timeline.flags for flag in flags):
        raise BadRequest("flags", flags, f"Write a list of known flags: {known}.")
    return flags


def _context(asked: dict[str, Any], appointment: Appointment, now: datetime) -> Context:
    media = asked.get("media") or 0
    if not isinstance(media, int):
        raise BadRequest("media", media, "Write how many pictures came with the text.")
    return Context(
        now=now,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        zone=appointment.zone,
        flags=frozenset(appointment.flags),
        media_count=media,
        asked=asked.get("asked"),
    )


def _told(reading: Reading, response: Response, zone: ZoneInfo) -> dict[str, object]:
    return {
        "escalation": response.urgency,
        "command": reading.command,
        "topics": list(response.topics),
        "signs": list(reading.signs),
        "answers": [
            {
                "topic": answer.topic,
                "verdict": answer.verdict,
                "until": answer.until.astimezone(zone).isoformat() if answer.until else None,
            }
            for answer in response.answers
        ],
        "reply": response.text or "",
    }
