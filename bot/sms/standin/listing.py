"""One page of the list of messages, with Twilio's filters and relative page addresses. It must not change anything."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from bot.sms.standin.acceptance import Refusal
from bot.sms.standin.ledger import Ledger, Message
from bot.sms.standin.shapes import message, messages_uri


def page(account_sid: str, ledger: Ledger, query: Mapping[str, str], *, at: float) -> dict[str, Any] | Refusal:
    """The page that the query asks for, newest first; `at` is the loop's time, which decides what the list shows yet.

    A text that was not sent yet has no date of sending and so is not found by DateSent: the harder reading, since
    Twilio does not say.
    """
    asked = _asked(query)
    if isinstance(asked, Refusal):
        return asked
    found, more_older, more_newer = _cut(ledger, asked, at)
    uri = f"{messages_uri(account_sid)}.json"
    start = asked.page * asked.size
    return {
        "page": asked.page,
        "page_size": asked.size,
        "start": start if found else 0,
        "end": start + len(found) - 1 if found else 0,
        "uri": _uri(uri, query, asked, asked.page, query.get("PageToken")),
        "first_page_uri": _uri(uri, query, asked, 0, None),
        "next_page_uri": _uri(uri, query, asked, asked.page + 1, f"PA{found[-1].sid}") if more_older else None,
        "previous_page_uri": _uri(uri, query, asked, asked.page - 1, f"PB{found[0].sid}") if more_newer else None,
        "messages": [message(account_sid, record) for record in found],
    }


@dataclass(frozen=True)
class _Asked:
    to: str | None
    from_: str | None
    sent: tuple[tuple[str, datetime, datetime], ...]
    size: int
    page: int
    after: str | None
    before: str | None


def _asked(query: Mapping[str, str]) -> _Asked | Refusal:
    size, number = _number(query.get("PageSize", "50")), _number(query.get("Page", "0"))
    if size is None or size < 1 or number is None:
        return Refusal(400, 20001, "Page and PageSize must be whole numbers, PageSize at least 1.")
    if size > 1000:
        return Refusal(400, 20007, "PageSize must not be over 1000.")
    token = query.get("PageToken", "")
    if token and not re.fullmatch(r"P[AB](SM|MM)[0-9a-f]{32}", token):
        return Refusal(400, 20001, "PageToken is not one of ours.")
    sent = []
    for name in ("DateSent", "DateSent<", "DateSent>"):
        if query.get(name):
            moments = _moments(query[name])
            if moments is None:
                return Refusal(400, 20001, f"{name} must be YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ.")
            sent.append((name, *moments))
    after, before = (token[2:] if token.startswith(side) else None for side in ("PA", "PB"))
    return _Asked(query.get("To") or None, query.get("From") or None, tuple(sent), size, number, after, before)


def _number(digits: str) -> int | None:
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else None


def _moments(text: str) -> tuple[datetime, datetime] | None:
    """First and last moment that the filter's date or time stands for."""
    for shape, span in (("%Y-%m-%d", timedelta(days=1)), ("%Y-%m-%dT%H:%M:%SZ", timedelta(seconds=1))):
        try:
            start = datetime.strptime(text, shape).replace(tzinfo=UTC)
            return start, start + span - timedelta(microseconds=1)
        except (ValueError, OverflowError):
            continue
    return None


def _cut(ledger: Ledger, asked: _Asked, at: float) -> tuple[list[Message], bool, bool]:
    """The page's messages, and whether there are older and newer ones beside it."""
    if asked.before is not None:
        edge = ledger.serial(asked.before)
        newer = _shown(ledger.newer(asked.to, asked.from_, than=edge), asked, at)
        found = list(islice(newer, asked.size))[::-1]
        return found, True, asked.page > 0 and next(newer, None) is not None
    below = None if asked.after is None else ledger.serial(asked.after)
    older = _shown(ledger.older(asked.to, asked.from_, than=below), asked, at)
    found = list(islice(older, asked.size))
    return found, next(older, None) is not None, below is not None and bool(found)


def _shown(records: Iterator[Message], asked: _Asked, at: float) -> Iterator[Message]:
    return (record for record in records if record.visible_at <= at and _sent_as_asked(record, asked))


def _sent_as_asked(record: Message, asked: _Asked) -> bool:
    for name, start, end in asked.sent:
        sent_at = record.sent_at
        if sent_at is None:
            return False
        too_early = name != "DateSent<" and sent_at < start
        too_late = name != "DateSent>" and sent_at > end
        if too_early or too_late:
            return False
    return True


def _uri(uri: str, query: Mapping[str, str], asked: _Asked, number: int, token: str | None) -> str:
    kept = {name: value for name, value in query.items() if name not in ("PageSize", "Page", "PageToken")}
    paging = {"PageSize": asked.size, "Page": number} | ({"PageToken": token} if token else {})
    return f"{uri}?{urlencode(kept | paging)}"
