"""Twilio's two webhooks: a person's text, and news of a text of ours. Nothing is stored before the signature fits.

What Twilio posts in vain is lost, for it asks again only where PUBLIC_BASE_URL was given to it with `#rc=3&rp=all`.
"""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

import structlog
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.errors import DatabaseAway
from bot.sms import twiml
from bot.sms.signature import genuine, public_url
from bot.sms.webhooks import MalformedWebhook, inbound_text, status_receipt
from bot.usecases.delivery import record_receipt
from bot.usecases.inbound import take_in
from bot.web.refusals import Path, Refusal
from bot.wiring import Parts

log = structlog.get_logger(__name__)

MOST_FIELDS = 1000
TRY_AGAIN_AFTER = "5"  # seconds
FORM = "application/x-www-form-urlencoded"
Form = Mapping[str, list[str]]

router = APIRouter(prefix="/twilio", include_in_schema=False)


@router.post("/inbound")
async def inbound(request: Request) -> Response:
    """A person's text: stored, understood and answered in the TwiML."""

    def handle(parts: Parts, form: Form) -> str:
        return take_in(parts.clinic, parts.database, inbound_text(form), now=parts.now())

    return await _taken(request, Path.INBOUND, handle)


@router.post("/status")
async def status(request: Request) -> Response:
    """News of a text of ours; `m` in the query is our own id of it."""

    def handle(parts: Parts, form: Form) -> str:
        message_id = request.query_params.get("m")
        receipt = status_receipt(form)
        record_receipt(parts.database, receipt, message_id, parts.now(), tell_staff=parts.tell_staff)
        return ""

    return await _taken(request, Path.STATUS, handle)


async def _taken(request: Request, path: Path, handle: Callable[[Parts, Form], str]) -> Response:
    """Check, handle in a thread, answer; every way it can end is typed as XML."""
    parts: Parts = request.app.state.parts
    metrics = request.app.state.metrics
    try:
        form = await _form(request)
        refusal = _refusal(request, parts, form)
        if refusal is not None:
            await run_in_threadpool(metrics.refused, refusal, path)
            return _answer(403)
        answer = await run_in_threadpool(handle, parts, form)
    except MalformedWebhook as problem:
        metrics.malformed.inc()
        log.warning("a webhook lacks what Twilio always sends", field=problem.field)
        return _answer(400)
    except DatabaseAway:
        log.error("the database is away; Twilio is asked to come again")
        return _answer(503, headers={"Retry-After": TRY_AGAIN_AFTER})
    except HTTPException as refused:
        return _answer(refused.status_code)
    except Exception:
        log.exception("a webhook could not be handled", path=request.url.path)
        return _answer(500)
    await run_in_threadpool(metrics.genuine, path)
    return _answer(200 if answer else 204, answer)


async def _form(request: Request) -> Form:
    """Every field received, blank and repeated ones too; read once. Anything but a form has no fields."""
    body = await request.body()
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return {}
    text = body.decode("utf-8", "replace")
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
    except ValueError:
        raise HTTPException(400, "too many fields") from None


def _refusal(request: Request, parts: Parts, form: Form) -> Refusal | None:
    """Why this webhook is not Twilio's, or not ours; None where it is both."""
    settings = parts.settings
    signature = request.headers.get("x-twilio-signature")
    if not signature:
        return Refusal.NO_SIGNATURE
    url = public_url(settings.public_base_url, request.scope["raw_path"], request.scope["query_string"])
    kind = request.headers.get("x-twilio-webhooks-signature-settings")
    if not genuine(settings.auth_tokens(), url, form, signature, kind):
        return Refusal.WRONG_SIGNATURE
    account = form.get("AccountSid", [""])[0]
    if not account:
        raise MalformedWebhook("AccountSid", why="missing or blank")
    return None if account == settings.twilio_account_sid else Refusal.OTHER_ACCOUNT


def _answer(status: int, xml: str = "", headers: Mapping[str, str] | None = None) -> Response:
    return Response(xml, status, headers, media_type=None if status == 204 else twiml.CONTENT_TYPE)
