"""The web application: its routes, and what every answer has in common. It opens no port and starts no worker.

Errors are JSON and never text/plain, which Twilio would send to the patient as a text.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import BadRequest, Conflict, DatabaseAway, NotFound
from bot.web import api, health, metrics, twilio_hooks
from bot.web.patience import ANSWER_WITHIN, Patience
from bot.web.schemas import ErrorsOut, shown, told
from bot.wiring import Parts

log = structlog.get_logger(__name__)

BODY_LIMIT = 256 * 1024  # bytes; a webhook has some 2,000, an appointment some 500
TRY_AGAIN_AFTER = 5  # seconds
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
}
# The pages of FastAPI that show the API's description fetch their scripts and begin them inline.
DOCS_POLICY = (
    "default-src 'self'; img-src 'self' data: https://fastapi.tiangolo.com; frame-ancestors 'none'; "
    "script-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net; style-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net"
)


def create_app(parts: Parts, *, answer_within: float = ANSWER_WITHIN) -> FastAPI:
    """The application on these parts; whatever takes longer than `answer_within` seconds is answered 503."""
    app = FastAPI(
        title="Needling Bot",
        summary="Appointments in; the care sheet, answers and alerts out, as texts.",
        description=__doc__.splitlines()[0] if __doc__ else "",
        redirect_slashes=False,
        docs_url="/docs",
        redoc_url=None,
        responses={422: {"model": ErrorsOut, "description": "A value cannot be used."}},
    )
    app.state.parts = parts
    app.state.metrics = metrics.Metrics(parts)
    for router in (twilio_hooks.router, api.router, health.router, metrics.router):
        app.include_router(router)
    _answer_errors(app)
    secure = parts.settings.public_base_url.startswith("https://")
    app.add_middleware(Patience, answer_within=answer_within)
    app.add_middleware(Frame, secure=secure)
    return app


class Frame:
    """Around every request: a limit on what is read, and headers on what is answered."""

    def __init__(self, app: ASGIApp, *, secure: bool):
        self._app = app
        self._headers = HEADERS | ({"strict-transport-security": "max-age=31536000"} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; one that is too large is answered here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = self._headers | ({"content-security-policy": DOCS_POLICY} if scope["path"] == "/docs" else {})

        async def send_framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                more = [(k.encode(), v.encode()) for k, v in headers.items() if k.encode() not in given]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        if _declared_length(scope) > BODY_LIMIT:
            await _too_large()(scope, receive, send_framed)
            return
        await self._app(scope, _limited(receive), send_framed)


def _declared_length(scope: Scope) -> int:
    digits = dict(scope["headers"]).get(b"content-length", b"0")
    return int(digits) if digits.isdigit() else 0


def _limited(receive: Receive) -> Receive:
    """A body that comes in pieces without saying its length ends with an error at the limit."""
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > BODY_LIMIT:
            raise HTTPException(413, f"The body is larger than {BODY_LIMIT} bytes.")
        return message

    return limited


def _too_large() -> JSONResponse:
    return _errors(413, [told("body", "", f"It is larger than {BODY_LIMIT} bytes. Send one appointment at a time.")])


def _answer_errors(app: FastAPI) -> None:
    """Each error of ours becomes the status that fits, with field, value and remedy."""

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return _errors(422, api.explained(request, error.errors()))

    @app.exception_handler(BadRequest)
    async def bad(_: Request, error: BadRequest) -> JSONResponse:
        return _errors(422, [told(error.field, shown(error.value), error.remedy)])

    @app.exception_handler(NotFound)
    async def not_found(_: Request, error: NotFound) -> JSONResponse:
        return _errors(404, [told(error.what, shown(error.key), "Check the spelling, or create it first.")])

    @app.exception_handler(Conflict)
    async def conflict(_: Request, error: Conflict) -> JSONResponse:
        return _errors(409, [told("", "", str(error))])

    @app.exception_handler(DatabaseAway)
    async def away(_: Request, error: DatabaseAway) -> JSONResponse:
        log.error("the database is away", why=str(error))
        remedy = f"The database does not answer; nothing was written. Try again in {TRY_AGAIN_AFTER} seconds."
        return _errors(503, [told("", "", remedy)], {"Retry-After": str(TRY_AGAIN_AFTER)})

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        # FastAPI answers 400 to JSON that cannot be read for another reason than a misplaced character.
        if error.status_code == 400 and isinstance(error.__cause__, ValueError | RecursionError):
            return _errors(422, [api.no_object()])
        return _errors(error.status_code, [told("", request.url.path[:80], str(error.detail))], error.headers)

    @app.exception_handler(Exception)
    async def unforeseen(_: Request, error: Exception) -> JSONResponse:
        return _errors(500, [told("", "", "This should not happen, and is in the log. Try again, or tell us.")])


def _errors(status: int, errors: Sequence[dict[str, str]], headers: Any = None) -> JSONResponse:
    return JSONResponse({"errors": list(errors)}, status_code=status, headers=headers)
