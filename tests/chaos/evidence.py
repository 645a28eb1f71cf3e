"""What a run leaves behind: the stand-in's journal, the database, and the witness in it. Judges nothing."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import text
from sqlmodel import col, select

from bot.outbox.model import State
from bot.records.database import Database
from bot.records.tables import AppointmentRow, EscalationRow, Inbound, Message, Number, Patient
from tests.chaos.town import Town


@dataclass(frozen=True)
class Created:
    """The stand-in took a text; `message_id` is ours, from its status callback, None where it had none."""

    at: datetime
    to: str
    body: str
    message_id: str | None


@dataclass(frozen=True)
class Standing:
    """An appointment as it stood from one committed change to the next."""

    revision: int
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    status: str
    flags: Mapping[str, bool]
    phone: str


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
    standing: Standing | None = None


WITNESS = "SELECT seq, what, id, phone, revision, at, standing FROM audit ORDER BY seq"
Says = Callable[[Message, Standing, datetime, bool], str]


@dataclass(frozen=True)
class Before:
    """What waited when the run began, by when it was due, and how the appointments stood."""

    due: Mapping[str, datetime]
    booked: Mapping[str, Standing]


@dataclass(frozen=True)
class Evidence:
    """Everything the checker may look at. `clock_ahead_for` is how far the run's clock was ahead of the machine's.

    `due_by` and the rows' times are on the run's clock, the witness's on the machine's. `seeded` are the messages that
    waited when the run began, and when each was due then; `planned` is when a plan made during the run wanted one to
    leave; `booked` is how the appointments stood. `says` gives the words of a planned message for an appointment that
    stands so, at a moment, as a number's first text or not. `carrier_answered` are the phones whose keyword the carrier
    answered itself. `machine_lag` is the longest that the stand-in took to answer a bare question.
    """

    town: Town
    created: Sequence[Created]
    heard: Sequence[Heard]
    messages: Mapping[str, Message]
    seeded: Mapping[str, datetime]
    booked: Mapping[str, Standing]
    says: Says
    inbound: Mapping[str, Inbound]
    escalations: Sequence[EscalationRow]
    numbers: Mapping[str, Number]
    appointments: Mapping[str, AppointmentRow]
    planned: Mapping[str, datetime]
    witnessed: Sequence[Witnessed]
    began_at: datetime
    due_by: datetime
    clock_ahead_for: timedelta
    carrier_answered: frozenset[str] = frozenset()
    machine_lag: timedelta = timedelta(0)


def read(
    town: Town,
    journal: Path,
    database: Database,
    *,
    before: Before,
    says: Says,
    began_at: datetime,
    due_by: datetime,
    clock_ahead_for: timedelta,
    machine_lag: timedelta,
) -> Evidence:
    """Gather the evidence of a run that is over."""
    events = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    with database.session() as session:
        seen = session.connection().execute(text(WITNESS)).all()
        return Evidence(
            town=town,
            created=[_created(e) for e in events if e["event"] == "created" and not e["by_carrier"]],
            heard=_heard(events),
            messages={row.id: row for row in session.exec(select(Message))},
            seeded=before.due,
            booked=before.booked,
            says=says,
            inbound={row.sid: row for row in session.exec(select(Inbound))},
            escalations=list(session.exec(select(EscalationRow))),
            numbers={row.phone: row for row in session.exec(select(Number))},
            appointments={row.id: row for row in session.exec(select(AppointmentRow))},
            planned={row[2]: _moment(row[6]) for row in seen if row[1] == "planned"},
            witnessed=[
                Witnessed(*row[:5], at=_moment(row[5]), standing=_standing(row[4], row[6]))
                for row in seen
                if row[1] != "planned"
            ],
            began_at=began_at,
            due_by=due_by,
            clock_ahead_for=clock_ahead_for,
            carrier_answered=frozenset(e["to"] for e in events if e["event"] == "created" and e["by_carrier"]),
            machine_lag=machine_lag,
        )


def read_before(database: Database) -> Before:
    """What the run starts from."""
    with database.session() as session:
        waiting = session.exec(select(Message.id, Message.due_at).where(Message.state == State.SCHEDULED))
        joined = select(AppointmentRow, Patient.phone).join(
            Patient, col(Patient.id) == col(AppointmentRow.patient_id)
        )  # fmt: skip
        booked = {
            row.id: Standing(
                row.revision, row.starts_at, row.ends_at, row.ended_at, row.status, dict(row.flags), phone
            )
            for row, phone in session.exec(joined)
        }
        return Before(dict(waiting.all()), booked)


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
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _standing(revision: int | None, details: str | None) -> Standing | None:
    if details is None:
        return None
    found = json.loads(details)
    return Standing(
        revision=revision or 0,
        starts_at=_moment(found["starts_at"]),
        ends_at=_moment(found["ends_at"]),
        ended_at=_moment(found["ended_at"]) if found["ended_at"] else None,
        status=found["status"],
        flags=found["flags"],
        phone=found["phone"],
    )
