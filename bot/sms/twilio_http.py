"""The HTTP below Twilio's client: one attempt, with a timeout that holds. It must not log, redirect or retry.

Twilio's own asynchronous client ignores its timeout and, asked to retry, posts again after a 5xx: a second text.
"""

import json
from typing import Any

import aiohttp
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response

_CONNECT_AFTER = 5.0  # seconds to get a connection, waiting for a free one included
_CONNECTIONS = 100  # at once; Twilio answers 429 to an account that opens many more


class OneAttempt(AsyncTwilioHttpClient):
    """What Twilio's client calls. Raises aiohttp's errors as they are, TimeoutError, and TooMany for HTTP 429."""

    def __init__(self, timeout_after: float) -> None:
        super().__init__(pool_connections=False)
        self._timeout = aiohttp.ClientTimeout(total=timeout_after, connect=min(_CONNECT_AFTER, timeout_after / 2))
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        session = self._open()
        sent = dict(headers or {})
        if auth is not None:
            sent["Authorization"] = aiohttp.encode_basic_auth(*auth)
        async with session.request(
            method, url, params=params or None, data=data, headers=sent, timeout=self._timeout, allow_redirects=False
        ) as answer:
            text = await answer.text(errors="replace")
        if answer.status == 429:
            raise TooMany(_code(text), _seconds(answer.headers.get("Retry-After")))
        return Response(answer.status, text, answer.headers)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        """The session of this loop; made here because aiohttp needs a running loop to make one."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=_CONNECTIONS)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


class TooMany(Exception):
    """HTTP 429: Twilio did not process the request. `retry_after` in seconds, where it was named."""

    def __init__(self, code: int | None, retry_after: float | None) -> None:
        super().__init__("HTTP 429")
        self.code = code
        self.retry_after = retry_after
        self.status = 429


def _code(text: str) -> int | None:
    try:
        body: Any = json.loads(text)
    except ValueError:
        return None
    code = body.get("code") if isinstance(body, dict) else None
    return code if isinstance(code, int) else None


def _seconds(header: str | None) -> float | None:
    """Retry-After in seconds; its other form, a date, is left to our own backoff."""
    return float(header) if header and header.isascii() and header.isdigit() else None
