"""`/metrics`: figures for Prometheus, read from the database when asked for. Nobody's number, name or words."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlmodel import Session, col, func, select

from bot.errors import DatabaseAway
from bot.outbox.model import State
from bot.records.heartbeats import last_beat_at
from bot.records.tables import Alarm, EscalationRow, Inbound, Message
from bot.web.refusals import Path, Refusal, Refusals
from bot.wiring import Parts

router = APIRouter(tags=["operation"])


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Figures in Prometheus' text format."""
    held: Metrics = request.app.state.metrics
    return Response(generate_latest(held.registry), media_type=CONTENT_TYPE_LATEST)


class Metrics:
    """The counters of one web process, and what is read from the database at each look."""

    def __init__(self, parts: Parts):
        self._parts = parts
        self._refusals = Refusals(parts.database, parts.settings.public_base_url)
        self.registry = CollectorRegistry()
        self._refused = Counter(
            "needling_webhooks_refused_total", "Webhooks answered 403", ["reason"], registry=self.registry
        )
        self.malformed = Counter(
            "needling_webhooks_malformed_total", "Genuine webhooks without what Twilio sends", registry=self.registry
        )
        self._genuine = Counter("needling_webhooks_taken_total", "Webhooks taken in", registry=self.registry)
        for reason in Refusal:
            self._refused.labels(reason)
        self.registry.register(FromDatabase(parts))

    def refused(self, refusal: Refusal, path: Path) -> None:
        """Count a webhook that was not let in."""
        self._refused.labels(refusal).inc()
        self._refusals.refused(refusal, path, self._parts.now())

    def genuine(self, path: Path) -> None:
        """Count a webhook that was taken in."""
        self._genuine.inc()
        self._refusals.genuine(path, self._parts.now())


class FromDatabase(Collector):
    """What the database knows, at the moment of asking; where it is away, only that it is."""

    def __init__(self, parts: Parts):
        self._parts = parts

    def describe(self) -> Iterable[Metric]:
        """Nothing: the figures are not known before they are read."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Every figure afresh."""
        now = self._parts.now()
        try:
            with self._parts.database.session() as session:
                found = [_messages(session), _escalations(session), *_ages(session, now), *_counts(session)]
        except DatabaseAway:
            found = None
        yield GaugeMetricFamily("needling_database_up", "1 while the database answers", value=int(found is not None))
        yield from found or ()


def _messages(session: Session) -> Metric:
    counted = dict(session.exec(select(Message.state, func.count()).group_by(Message.state)).all())
    family = GaugeMetricFamily("needling_messages", "Messages by state", labels=["state"])
    for state in State:
        family.add_metric([state], counted.get(state, 0))
    return family


def _escalations(session: Session) -> Metric:
    wanted = select(EscalationRow.urgency, EscalationRow.state, func.count()).where(EscalationRow.state != "resolved")
    family = GaugeMetricFamily("needling_escalations", "Escalations not resolved", labels=["urgency", "state"])
    for urgency, state, count in session.exec(wanted.group_by(EscalationRow.urgency, EscalationRow.state)):
        family.add_metric([urgency, state], count)
    return family


def _ages(session: Session, now: datetime) -> Iterator[Metric]:
    oldest = session.exec(select(func.min(col(Message.due_at))).where(Message.state == State.SCHEDULED)).one()
    overdue = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
    yield GaugeMetricFamily("needling_oldest_due_seconds", "Age of the longest overdue message", value=overdue)
    waiting = select(func.min(col(EscalationRow.opened_at))).where(EscalationRow.state == "open")
    opened_at = session.exec(waiting).one()
    age = (now - opened_at).total_seconds() if opened_at else 0.0
    yield GaugeMetricFamily("needling_oldest_open_escalation_seconds", "Since nobody takes it", value=age)
    beaten_at = last_beat_at(session)
    if beaten_at is not None:
        silent = (now - beaten_at).total_seconds()
        yield GaugeMetricFamily("needling_worker_heartbeat_age_seconds", "Since a worker was heard of", value=silent)


def _counts(session: Session) -> Iterator[Metric]:
    unhandled = select(func.count()).select_from(Inbound).where(col(Inbound.handled_at).is_(None))
    yield GaugeMetricFamily("needling_inbound_unhandled", "Texts in, not handled", value=session.exec(unhandled).one())
    alarms = select(func.count()).select_from(Alarm).where(col(Alarm.cleared_at).is_(None))
    yield GaugeMetricFamily("needling_alarms_open", "Alarms for the operator", value=session.exec(alarms).one())
