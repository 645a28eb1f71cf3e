"""Signed webhooks to the bot, with Twilio's timeouts and retry rule. It must not know what a webhook is about.

The rule comes from the fragment of the webhook's URL (`#rc=3&rp=all`); by default only a failure to connect is tried
again, once: a 500 or a slow answer loses the webhook.
"""

import re
from asyncio import get_running_loop
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urldefrag, urlsplit, urlunsplit
from uuid import UUID

import aiohttp
from twilio.request_validator import RequestValidator


class Poster:
    """Posts forms as Twilio does. The connections open with the first post."""

    def __init__(self, auth_token: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, fields: Mapping[str, str], *, token: int) -> "Posted":
        """Post until answered or given up; `token` becomes the idempotency token that all tries share."""
        address, fragment = urldefrag(url)
        rule = Rule.read(fragment)
        headers = {
            "X-Twilio-Signature": self._validator.compute_signature(_without_user(address), fields),
            "I-Twilio-Idempotency-Token": str(UUID(int=token & (1 << 128) - 1)),
            "User-Agent": "TwilioProxy/1.1",
        }
        give_up_at = get_running_loop().time() + rule.total_for
        tries = 0
        while True:
            tries += 1
            left = give_up_at - get_running_loop().time()
            posted = await self._try(address, fields, headers, rule.limits(left), tries)
            if not rule.again(posted, tries) or get_running_loop().time() >= give_up_at:
                return posted

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _try(
        self, url: str, fields: Mapping[str, str], headers: dict[str, str], limits: aiohttp.ClientTimeout, tries: int
    ) -> "Posted":
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        try:
            async with self._session.post(
                url, data=fields, headers=headers, timeout=limits, allow_redirects=False
            ) as answer:
                text = await answer.text(errors="replace")
                return Posted(answer.status, answer.headers.get("Content-Type"), text, tries, None)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL):
            return Posted(None, None, "", tries, "ct")
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Posted(None, None, "", tries, "rt")


@dataclass(frozen=True)
class Posted:
    """How a webhook ended. `failed` is "ct" (no connection) or "rt" (no whole answer) where there is no HTTP status."""

    http_status: int | None
    content_type: str | None
    text: str
    tries: int
    failed: str | None

    @property
    def failures(self) -> frozenset[str]:
        """The words of a retry rule that this end falls under; empty for success."""
        if self.failed:
            return frozenset({self.failed, "all"})
        match (self.http_status or 0) // 100:
            case 4:
                return frozenset({"4xx", "all"})
            case 5:
                return frozenset({"5xx", "all"})
        return frozenset()


@dataclass(frozen=True)
class Rule:
    """Connection overrides, in seconds; `retries` 0 to 5 after failures that `on` names."""

    connect_for: float = 5.0
    read_for: float = 15.0
    total_for: float = 15.0
    retries: int = 1
    on: frozenset[str] = frozenset({"ct"})

    @classmethod
    def read(cls, fragment: str) -> "Rule":
        """The rule in a URL's fragment; what is missing or out of range keeps Twilio's default."""
        given = {name: values[-1] for name, values in parse_qs(fragment).items()}
        words = frozenset(given.get("rp", "ct").lower().split(","))
        return cls(
            connect_for=_within(given.get("ct"), 100, 10_000, 5000) / 1000,
            read_for=_within(given.get("rt"), 100, 15_000, 15_000) / 1000,
            total_for=_within(given.get("tt"), 100, 15_000, 15_000) / 1000,
            retries=_within(given.get("rc"), 0, 5, 1),
            on=words if words <= {"4xx", "5xx", "ct", "rt", "all"} else frozenset({"ct"}),
        )

    def limits(self, left: float) -> aiohttp.ClientTimeout:
        left = max(left, 0.001)
        return aiohttp.ClientTimeout(
            total=left, sock_connect=min(self.connect_for, left), sock_read=min(self.read_for, left)
        )

    def again(self, posted: Posted, tries: int) -> bool:
        return tries <= self.retries and bool(posted.failures & self.on)


def _within(text: str | None, lowest: int, highest: int, default: int) -> int:
    if text is None or not re.fullmatch(r"[0-9]{1,6}", text):
        return default
    return int(text) if lowest <= int(text) <= highest else default


def _without_user(url: str) -> str:
    """User and password go into Basic auth and out of what is signed; the port stays in."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
