"""The labelled texts of this folder and the moments they are sent at. Scores nothing."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.conversation.model import Context
from bot.conversation.vocabulary import Vocabulary, build_vocabulary

HERE = Path(__file__).parent
MESSAGES = HERE.parent.parent / "messages" / "micro-needling"
# Those whose texts came last, and were taught to the close reader alone (tests/bench/late_lesson.py).
LATE = (
    "alarmless", "answers-from-doctors", "boards", "bodies", "borders", "consumers", "eves", "farewells", "intake",
    "leavers", "noise", "normal-or-not", "plainspoken", "quitters", "subforum", "terse", "verdict-pages", "wondering",
)  # fmt: skip
# Those whose texts the words and the opinions were made from.
WRITERS = (
    "young", "older", "forum", "second-language", "tricky", "clinic-log", "other", "skin-forum", "sixty-voices",
    "skin-diary", "everyday", "texting", "portal", "stories", "any-number", "questions", "headlines", "scares",
    "diaries", "brands", "dangers", "everybody", "reports", "around", "chatter", "cuttings", "answer-sites",
    "students", "magazines", "pharmacy", "neighbours", "accounts", "phones", "townsfolk", "captions", "consultations",
    "twins", "complaints", "comments", "strays", "undertones", "askers", "patients", "overheard", "aftermath",
    "mirror", "asides", "threads", "pockets", "sirens", "journals", "beside", "small-talk", "retrospects", "headings",
    "histories", "replies", "misread", "oblique", "mending", "check-ins",
    "case-files", "vanity", "unanswered", "vivid", "unsaid", "titles", "good-sense", *LATE,
)  # fmt: skip
# Those whose texts nothing was made from: only they tell how a stranger is understood. Never train on them.
STRANGERS = ("mixture", "review-site", "eight-voices", "inbox", "lives", "dozen")
STARTS_AT = datetime.fromisoformat("2026-03-10T14:00:00-04:00")
ENDS_AT = datetime.fromisoformat("2026-03-10T15:00:00-04:00")
SENT_AT: Mapping[str, str] = {
    "before": "2026-03-05T11:00:00-05:00",
    "morning": "2026-03-10T09:00:00-04:00",
    "day0": "2026-03-10T18:00:00-04:00",
    "day1": "2026-03-11T10:30:00-04:00",
    "days2_7": "2026-03-13T12:00:00-04:00",
    "after7": "2026-03-20T12:00:00-04:00",
}


def texts_of(writer: str) -> list[dict[str, Any]]:
    """Return a writer's labelled texts, in order."""
    lines = (HERE / f"{writer}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def context_in(phase: str, *, asked: str | None = None) -> Context:
    """Return the context of a text sent in a phase: a treatment on Tue 2026-03-10, 14:00-15:00 in New York."""
    sent_at = datetime.fromisoformat(SENT_AT[phase])
    return Context(sent_at, STARTS_AT, ENDS_AT, ZoneInfo("America/New_York"), asked=asked)


@lru_cache(maxsize=1)
def clinic_vocabulary() -> Vocabulary:
    """Return the vocabulary of the clinic's own files."""
    read = [
        yaml.load((MESSAGES / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for name in ("questions.yaml", "warning-signs.yaml")
    ]
    return build_vocabulary(*read)
