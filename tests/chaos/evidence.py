"""What a run leaves behind: the stand-in's journal, the database, and the witness in it. Judges nothing."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import text
from sqlmodel import select

from bot.records.database import Database
from bot.records.tables import AppointmentRow, EscalationRow, Inbound, Message, Number
from tests.chaos.town import Town


@dataclass(frozen=True)
class Created:
    """The stand-in took a text; `message_id` is ours, from its status callback, None where it had none."""

    at: datetime
    to: str
    body: str
    message_id: str | None


@dataclass(frozen=True)
class Heard:
    """A person's text as the stand-in took it in."""

    sid: str
    phone: str
    body: str
    answers: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Witnessed:
    """An entry of the witness; `seq` is the order of the locks, and so of the commits."""

    seq: int
    what: str
    id: str | None
    phone: str | None
    revision: int | None
    at: datetime


@dataclass(frozen=True)
class Evidence:
    """Everything the checker may look at. `clock_ahead_for` is how far the run's clock was ahead of the machine's.

    `due_by` and the rows' times are on the run's clock, the witness's on the machine's. `seeded` are the messages that
    waited when the run began.
    """

    town: Town
    created: Sequence[Created]
    heard: Sequence[Heard]
    messages: Mapping[str, Message]
    seeded: frozenset[str]
    inbound: Mapping[str, Inbound]
    escalations: Sequence[EscalationRow]
    numbers: Mapping[str, Number]
    appointments: Mapping[str, AppointmentRow]
    witnessed: Sequence[Witnessed]
    began_at: datetime
    due_by: datetime
    clock_ahead_for: timedelta


def read(
    town: Town,
    journal: Path,
    database: Database,
    *,
    seeded: frozenset[str],
    began_at: datetime,
    due_by: datetime,
    clock_ahead_for: timedelta,
) -> Evidence:
    """Gather the evidence of a run that is over."""
    events = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    with database.session() as session:
        rows = session.connection().execute(text("SELECT seq, what, id, phone, revision, at FROM audit ORDER BY seq"))
        return Evidence(
            town=town,
            created=[_created(e) for e in events if e["event"] == "created" and not e["by_carrier"]],
            heard=_heard(events),
            messages={row.id: row for row in session.exec(select(Message))},
            seeded=seeded,
            inbound={row.sid: row for row in session.exec(select(Inbound))},
            escalations=list(session.exec(select(EscalationRow))),
            numbers={row.phone: row for row in session.exec(select(Number))},
            appointments={row.id: row for row in session.exec(select(AppointmentRow))},
            witnessed=[Witnessed(*row[:5], at=_moment(row[5])) for row in rows],
            began_at=began_at,
            due_by=due_by,
            clock_ahead_for=clock_ahead_for,
        )


def _created(event: Mapping[str, Any]) -> Created:
    ours = parse_qs(urlsplit(event["status_callback"] or "").query).get("m", [None])[0]
    return Created(datetime.fromisoformat(event["at"]), event["to"], event["body"], ours)


def _heard(events: Sequence[Mapping[str, Any]]) -> list[Heard]:
    answers: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for event in events:
        if event["event"] == "inbound_webhook" and event["http_status"] == 200:
            answers[event["sid"]].append(tuple(event["replies"]))
    texts = [event for event in events if event["event"] == "inbound"]
    return [Heard(e["sid"], e["from_"], e["body"], tuple(answers[e["sid"]])) for e in texts]


def _moment(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
