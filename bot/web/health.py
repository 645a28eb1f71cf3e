"""`/healthz`: whether texts are being sent and taken in right now. It mends nothing and shows nobody's data.

Open alarms are named and fail nothing: a host that starts the process again would not mend them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from bot.errors import DatabaseAway
from bot.outbox.alarms import open_alarms
from bot.records.heartbeats import last_beat_at
from bot.wiring import Parts

FRESH_FOR = timedelta(seconds=30)
NO_WORKER = "no worker is alive; start `bot work`, or `bot serve --with-worker`"
AWAY = {"status": "the database does not answer", "database": "away", "worker": "unknown", "alarms": []}

router = APIRouter(tags=["operation"])


@router.get("/healthz", responses={503: {"description": "The database or the worker is away; `status` says which."}})
def healthz(request: Request) -> JSONResponse:
    """200 only while the database answers and a worker has been heard of within 30 seconds."""
    parts: Parts = request.app.state.parts
    now = parts.now()
    try:
        with parts.database.session() as session:
            beaten_at = last_beat_at(session)
            alarms = [alarm.words for alarm in open_alarms(session)]
    except DatabaseAway:
        return JSONResponse(AWAY, 503, {"Cache-Control": "no-store"})
    if not _is_fresh(beaten_at, now):
        return _said(503, NO_WORKER, worker="away", alarms=alarms)
    return _said(200, "ok", alarms=alarms)


def _is_fresh(beaten_at: datetime | None, now: datetime) -> bool:
    # A clock that is moved back (the demo's, or a correction) must not make a living worker look dead.
    return beaten_at is not None and abs(now - beaten_at) <= FRESH_FOR


def _said(status_code: int, status: str, *, worker: str = "ok", alarms: Sequence[str] = ()) -> JSONResponse:
    body = {"status": status, "database": "ok", "worker": worker, "alarms": list(alarms)}
    return JSONResponse(body, status_code, {"Cache-Control": "no-store"})
