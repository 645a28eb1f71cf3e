"""Twilio's Messages API over HTTP, trouble included. It must not decide what a message means, only carry it."""

import asyncio
import base64
import hmac
import json
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sms.standin import listing, shapes
from bot.sms.standin.acceptance import Refusal, first
from bot.sms.standin.faults import Fault
from bot.sms.standin.serving import hang_up

if TYPE_CHECKING:
    from bot.sms.standin.standin import StandIn

Work = Callable[[], Response]

_RUNNING = ("accepted", "queued", "scheduled", "sending")


def routes(standin: "StandIn") -> list[Route]:
    """The routes of one account's messages; every other address is answered 404 in Twilio's shape."""
    rest = _Rest(standin)
    base = f"/{shapes.VERSION}/Accounts/{{account}}/Messages"
    return [
        Route(f"{base}.json", rest.collection, methods=["GET", "POST"]),
        Route(f"{base}/{{sid}}.json", rest.item, methods=["GET", "POST", "DELETE"]),
        Route(f"{base}/{{sid}}/Feedback.json", rest.feedback, methods=["POST"]),
    ]


def refused(refusal: Refusal) -> Response:
    return answer(refusal.http_status, shapes.error(refusal.http_status, refusal.code, refusal.message))


def answer(http_status: int, body: dict[str, Any]) -> Response:
    return Response(json.dumps(body), http_status, media_type="application/json")


_MISSING = Refusal(404, 20404, "The requested resource was not found.")
_UNAUTHENTICATED = Refusal(401, 20003, "Authenticate")
_FAILED = Refusal(500, 20500, "An internal server error has occurred.")
_TOO_MANY = Refusal(429, 20429, "Too Many Requests")
_UNFINISHED = Refusal(409, 20009, "The message has not finished; it can neither be deleted nor redacted.")
_NOT_CANCELABLE = Refusal(409, 30409, "The message is not scheduled, so it cannot be canceled.")
_WRONG_UPDATE = Refusal(400, 20001, "An update takes Status=canceled or an empty Body.")
_WRONG_OUTCOME = Refusal(400, 20001, "Outcome must be confirmed or unconfirmed.")


class _Rest:
    def __init__(self, standin: "StandIn") -> None:
        self._standin = standin
        pair = f"{standin.account_sid}:{standin.auth_token}"
        self._expected = b"Basic " + base64.b64encode(pair.encode())

    async def collection(self, request: Request) -> Response:
        denied = self._denied(request)
        if denied is not None:
            return denied
        if request.method == "POST":
            form = await _form(request)
            return await self._troubled("create", request, lambda: self._create(form))
        return await self._troubled("list", request, lambda: self._list(request))

    async def item(self, request: Request) -> Response:
        denied = self._denied(request)
        if denied is not None:
            return denied
        sid = request.path_params["sid"]
        match request.method:
            case "POST":
                return self._update(sid, await _form(request))
            case "DELETE":
                return self._delete(sid)
        return await self._troubled("fetch", request, lambda: self._fetch(sid))

    async def feedback(self, request: Request) -> Response:
        denied = self._denied(request)
        if denied is not None:
            return denied
        message = self._standin.ledger.get(request.path_params["sid"])
        outcome = first(await _form(request), "Outcome") or "confirmed"
        if message is None:
            return refused(_MISSING)
        if outcome not in ("confirmed", "unconfirmed"):
            return refused(_WRONG_OUTCOME)
        return answer(200, shapes.feedback(self._standin.account_sid, message, outcome))

    def _denied(self, request: Request) -> Response | None:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, self._expected):
            return refused(_UNAUTHENTICATED)
        return None if request.path_params["account"] == self._standin.account_sid else refused(_MISSING)

    async def _troubled(self, operation: str, request: Request, work: Work) -> Response:
        """Do the work and answer, unless a fault of this operation stands in the way before or after it."""
        fault = self._standin.faults.draw(operation)
        if fault is None:
            return work()
        self._standin.journal.note("fault", operation=operation, fault=fault.kind)
        before = await _before(fault, request, self._standin.faults.retry_after)
        return before if before is not None else await _after(fault, request, work(), self._standin.closing)

    def _create(self, form: dict[str, list[str]]) -> Response:
        made = self._standin.create(form)
        if isinstance(made, Refusal):
            return refused(made)
        return answer(201, shapes.message(self._standin.account_sid, made))

    def _list(self, request: Request) -> Response:
        now = asyncio.get_running_loop().time()
        page = listing.page(self._standin.account_sid, self._standin.ledger, dict(request.query_params), at=now)
        return refused(page) if isinstance(page, Refusal) else answer(200, page)

    def _fetch(self, sid: str) -> Response:
        message = self._standin.ledger.get(sid)
        return refused(_MISSING) if message is None else answer(200, shapes.message(self._standin.account_sid, message))

    def _update(self, sid: str, form: dict[str, list[str]]) -> Response:
        message = self._standin.ledger.get(sid)
        if message is None:
            return refused(_MISSING)
        status, body = first(form, "Status"), form.get("Body")
        if status == "canceled" and body is None:
            if message.status != "scheduled":
                return refused(_NOT_CANCELABLE)
            self._standin.lives.cancel(message)
        elif body == [""] and not status:
            if message.status in _RUNNING:
                return refused(_UNFINISHED)
            self._standin.redact(message)
        else:
            return refused(_WRONG_UPDATE)
        return answer(200, shapes.message(self._standin.account_sid, message))

    def _delete(self, sid: str) -> Response:
        message = self._standin.ledger.get(sid)
        if message is None:
            return refused(_MISSING)
        if message.status in _RUNNING:
            return refused(_UNFINISHED)
        message.in_records = False
        return Response(status_code=204)


async def _before(fault: Fault, request: Request, retry_after: float | None) -> Response | None:
    match fault.kind:
        case "error_before":
            return refused(_FAILED)
        case "throttle":
            response = refused(_TOO_MANY)
            if retry_after is not None:
                response.headers["Retry-After"] = f"{retry_after:g}"
            return response
        case "drop_before":
            return await hang_up(request)
    return None


async def _after(fault: Fault, request: Request, response: Response, closing: asyncio.Event) -> Response:
    match fault.kind:
        case "slow":
            with suppress(TimeoutError):
                await asyncio.wait_for(closing.wait(), fault.after)
        case "error_after":
            return refused(_FAILED)
        case "drop_after":
            return await hang_up(request)
        case "unreadable":
            return Response("<html><body>Bad gateway", response.status_code, media_type="text/html")
    return response


async def _form(request: Request) -> dict[str, list[str]]:
    body = (await request.body()).decode("utf-8", errors="replace")
    return parse_qs(body, keep_blank_values=True)
