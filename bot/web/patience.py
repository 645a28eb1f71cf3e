"""An answer in time though the database hangs: a connection that is silent, and not refused, has no end of its own.

What was begun goes on in its thread and may still be written. Asking again is safe: a webhook is known by its
MessageSid, an appointment by its external_id.
"""

import asyncio

import structlog
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sms import twiml
from bot.web.health import AWAY
from bot.web.schemas import told

log = structlog.get_logger(__name__)

# Twilio waits 15 seconds for a webhook, and a human about as long.
ANSWER_WITHIN = 10.0  # seconds
BOUNDED = ("/twilio/", "/api/", "/healthz", "/metrics")
AGAIN = {"Retry-After": "5"}
REMEDY = (
    "The database does not answer, and whether anything was written is not known. Send the same again in 5 seconds."
)


class Patience:
    """Around every request that asks the database: after `answer_within` seconds it is answered 503."""

    def __init__(self, app: ASGIApp, *, answer_within: float = ANSWER_WITHIN):
        self._app, self._answer_within = app, answer_within

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer for it where it takes too long."""
        if scope["type"] != "http" or not scope["path"].startswith(BOUNDED):
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        handled = asyncio.ensure_future(self._app(scope, receive, answer))
        try:
            await asyncio.wait({handled}, timeout=self._answer_within)
        except asyncio.CancelledError:
            handled.cancel()
            raise
        if handled.done() or answer.has_begun:
            await handled
            return
        answer.is_given_up = True
        # It frees whoever still waits for a thread; one that has a thread is left to the database.
        handled.cancel()
        log.error("a request was given up: the database does not answer", path=scope["path"])
        await _late(scope["path"])(scope, receive, send)


class _Answer:
    """Passes an answer on until somebody else has answered."""

    def __init__(self, send: Send):
        self._send = send
        self.has_begun = self.is_given_up = False

    async def __call__(self, message: Message) -> None:
        if not self.is_given_up:
            self.has_begun = True
            await self._send(message)


def _late(path: str) -> Response:
    if path.startswith("/twilio/"):
        return Response("", 503, AGAIN, media_type=twiml.CONTENT_TYPE)
    body = AWAY if path == "/healthz" else {"errors": [told("", "", REMEDY)]}
    return JSONResponse(body, 503, AGAIN)
