"""Texts through Twilio's REST API, by Twilio's own client. It must not try anything twice, or log numbers or words.

Twilio has no idempotency key, so every end of a send is folded into one outcome that says whether it may have left.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from bot.sms.gateway import (
    Accepted,
    GatewayAway,
    Kind,
    Listed,
    Outcome,
    Outgoing,
    Rejected,
    Throttled,
    Unknown,
    Unreachable,
)
from bot.sms.twilio_codes import classify
from bot.sms.twilio_http import OneAttempt, TooMany

_PAGE_OF_ONE = 100  # a patient's two weeks are some 40 texts: one page
_PAGE_OF_ALL = 1000  # Twilio's maximum

# what a broken network or an answer that is not Twilio's can raise inside Twilio's client
_NOT_HEARD = (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError, AttributeError)


class TwilioGateway:
    """A Gateway to one Twilio account. The connections open with the first call and belong to that event loop."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        sender: str | None,
        messaging_service_sid: str | None,
        api_base: str | None,
        timeout_after: float = 10.0,
    ) -> None:
        """`sender` is E.164; `api_base` another base URL than Twilio's; `timeout_after` is seconds for a whole call."""
        if not sender and not messaging_service_sid:
            raise ValueError("sender, messaging_service_sid: both empty. Give one of them, or no text can be sent.")
        self._sender = sender
        self._origin = {"messaging_service_sid": messaging_service_sid} if messaging_service_sid else {"from_": sender}
        self._http = OneAttempt(timeout_after)
        # TWILIO_REGION or TWILIO_EDGE in the environment would rewrite the host of every call, a loopback one too
        no_region = {"TWILIO_REGION": "", "TWILIO_EDGE": ""}
        self._client = Client(account_sid, auth_token, http_client=self._http, environment=no_region)
        if api_base:
            self._client.api.base_url = api_base.rstrip("/")

    async def send(self, outgoing: Outgoing) -> Outcome:
        """One POST, one outcome. Whatever is not certainly unsent comes back as Unknown."""
        try:
            message = await self._client.messages.create_async(
                to=outgoing.to,
                body=outgoing.body,
                status_callback=outgoing.status_callback or None,
                validity_period=outgoing.validity_for,
                **self._origin,
            )
        except TooMany as refusal:
            return Throttled(refusal.code, refusal.retry_after)
        except TwilioException as refusal:
            return _refused(refusal)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as failure:
            return Unreachable(type(failure).__name__)
        except _NOT_HEARD as failure:
            return Unknown(type(failure).__name__)
        return _accepted(message)

    async def list_sent(self, *, to: str, since: datetime) -> list[Listed]:
        # no DateSent filter: a text still queued has none, and may be the very one we look for
        found = await self._pages("list of texts to one number", since, to=to, page_size=_PAGE_OF_ONE)
        return [text for text in found if text.direction.startswith("outbound")]

    async def list_inbound(self, *, since: datetime) -> list[Listed]:
        # behind a Messaging Service there are several numbers of ours, so the whole account is read
        which = {"to": self._sender} if self._sender else {}
        found = await self._pages("list of inbound texts", since, page_size=_PAGE_OF_ALL, **which)
        return [text for text in reversed(found) if text.direction == "inbound"]

    async def fetch(self, sid: str) -> Listed | None:
        try:
            return _listed(await self._client.messages(sid).fetch_async())
        except TwilioRestException as refusal:
            if refusal.status == 404:
                return None
            raise GatewayAway("fetch", why=f"HTTP {refusal.status}") from None
        except (TooMany, TwilioException, *_NOT_HEARD) as failure:
            raise GatewayAway("fetch", why=_why(failure)) from None

    async def aclose(self) -> None:
        await self._http.close()

    async def _pages(self, doing: str, since: datetime, **which: Any) -> list[Listed]:
        """Read pages, newest first, to the first text older than `since` (Twilio's times have whole seconds)."""
        since = since.astimezone(UTC).replace(microsecond=0)
        found: list[Listed] = []
        try:
            page = await self._client.messages.page_async(**which)
            while page is not None:
                read = [_listed(message) for message in page]
                found += [text for text in read if text.created_at >= since]
                if not read or read[-1].created_at < since:
                    break
                page = await page.next_page_async()
        except (TooMany, TwilioException, *_NOT_HEARD) as failure:
            raise GatewayAway(doing, why=_why(failure)) from None
        return _once_each(found)


def _refused(refusal: TwilioException) -> Outcome:
    """Fold an HTTP answer of 300 and more; of it only code and status are kept, for its words may hold a number."""
    http_status = getattr(refusal, "status", None)
    if not isinstance(http_status, int):
        return Unknown(type(refusal).__name__)
    # for an answer that is not Twilio's (a proxy's HTML page) the client puts the HTTP status where the code would be
    code = getattr(refusal, "code", None)
    code = code if isinstance(code, int) and code != http_status else None
    info = classify(code, http_status)
    if info.kind is Kind.AMBIGUOUS:
        return Unknown(f"HTTP {http_status}" + (f", code {code}" if code else ""))
    return Rejected(code, http_status, info.kind)


def _accepted(message: Any) -> Outcome:
    """A created message; one without a SID was created all the same, but cannot be followed."""
    if not isinstance(message.sid, str) or not message.sid:
        return Unknown("an answer without a SID")
    # Twilio says "0" while a Messaging Service has not chosen the sender
    return Accepted(message.sid, str(message.status or "queued"), _count(message.num_segments) or None)


def _listed(message: Any) -> Listed:
    """One of Twilio's records; raises ValueError where it lacks what every record has."""
    if not message.sid or not isinstance(message.date_created, datetime):
        raise ValueError("a message without a SID or a date of creation")
    return Listed(
        sid=message.sid,
        to=message.to or "",
        from_=message.from_,
        body=message.body or "",
        status=str(message.status),
        direction=str(message.direction),
        created_at=message.date_created,
        sent_at=message.date_sent,
        error_code=int(message.error_code) if message.error_code else None,
        media_count=_count(message.num_media),
    )


def _count(digits: Any) -> int:
    """Twilio writes its counts as words ("2"); what is none counts for nothing."""
    words = str(digits or "")
    return int(words) if words.isascii() and words.isdigit() else 0


def _once_each(texts: Iterable[Listed]) -> list[Listed]:
    """A text that arrives while we read pushes the others down, and the next page may repeat some."""
    return list({text.sid: text for text in texts}.values())


def _why(failure: BaseException) -> str:
    """The failure without Twilio's own words, which may name a patient's number."""
    response = failure.args[1] if isinstance(failure, TwilioException) and len(failure.args) > 1 else None
    status = getattr(response, "status_code", None) or getattr(failure, "status", None)
    if isinstance(failure, json.JSONDecodeError):
        return "an answer that is not JSON"
    return f"HTTP {status}" if status else type(failure).__name__
