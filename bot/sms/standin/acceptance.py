"""Whether Twilio takes a message or refuses it, and with which code. Pure; it must not create anything.

Refusals follow Twilio's error dictionary and the magic numbers of its test credentials.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

Form = Mapping[str, list[str]]

GOOD_SENDER = "+15005550006"
_TO_MAGIC = {"+15005550001": 21211, "+15005550002": 21612, "+15005550003": 21408, "+15005550004": 21610}
_TO_MAGIC |= {"+15005550009": 21614}
_FROM_MAGIC = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}

_WORDS = {
    21211: "The 'To' number {to} is not a valid phone number.",
    21212: "The 'From' number {from_} is not a valid phone number or sender.",
    21408: "Sending to the region of the 'To' number {to} is not enabled.",
    21606: "The 'From' number {from_} does not belong to the account or cannot send this.",
    21610: "The recipient {to} has opted out of messages from this sender.",
    21611: "The queue of the 'From' number {from_} is full.",
    21612: "The 'To' number {to} cannot be reached by SMS.",
    21614: "The 'To' number {to} is not a mobile number.",
}

_CHOICES = {
    "ProvideFeedback": ("true", "false"),
    "ForceDelivery": ("true", "false"),
    "SmartEncoded": ("true", "false"),
    "SendAsMms": ("true", "false"),
    "ContentRetention": ("retain", "discard"),
    "AddressRetention": ("retain", "obfuscate"),
    "TrafficType": ("free",),
    "RiskCheck": ("enable", "disable"),
    "ScheduleType": ("fixed",),
}


def accept(form: Form, rules: "Rules") -> "Draft | Refusal":
    """The message that this create makes, or the first reason to refuse it."""
    for check in _CHECKS:
        refusal = check(form, rules)
        if refusal is not None:
            return refusal
    return Draft(
        to=first(form, "To"),
        from_=first(form, "From") or None,
        messaging_service_sid=first(form, "MessagingServiceSid") or None,
        body=first(form, "Body"),
        media=tuple(form.get("MediaUrl", ())),
        status_callback=first(form, "StatusCallback") or None,
        validity_for=int(first(form, "ValidityPeriod") or 36000),
        send_at=_send_at(form),
    )


@dataclass(frozen=True)
class Rules:
    """What this account owns, this moment, and who has opted out (with `late_opt_out` found out only afterwards)."""

    number: str
    messaging_service_sid: str | None
    now: datetime
    opted_out: Callable[[str], bool]
    late_opt_out: bool = False


@dataclass(frozen=True)
class Draft:
    """A message that may be created. `send_at` is set for a scheduled one; `validity_for` in seconds."""

    to: str
    from_: str | None
    messaging_service_sid: str | None
    body: str
    media: tuple[str, ...]
    status_callback: str | None
    validity_for: int
    send_at: datetime | None


@dataclass(frozen=True)
class Refusal:
    """An answer in Twilio's error shape."""

    http_status: int
    code: int
    message: str


def first(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "")


def callback_is_valid(url: str) -> bool:
    """Twilio's rule for callback addresses, but that here the loopback is welcome. Hosts may hold no underscore."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return len(url) <= 4000 and parts.scheme in ("http", "https") and bool(host) and "_" not in host


def _named(code: int, form: Form) -> Refusal:
    return Refusal(400, code, _WORDS[code].format(to=first(form, "To"), from_=first(form, "From")))


def _recipient(form: Form, rules: Rules) -> Refusal | None:
    to = first(form, "To")
    if not to:
        return Refusal(400, 21604, "A 'To' phone number is required.")
    if to in _TO_MAGIC:
        return _named(_TO_MAGIC[to], form)
    return None if re.fullmatch(r"\+[1-9][0-9]{6,14}", to) else _named(21211, form)


def _sender(form: Form, rules: Rules) -> Refusal | None:
    service, sender = first(form, "MessagingServiceSid"), first(form, "From")
    if service:
        return _service(service, rules)
    if not sender:
        return Refusal(400, 21603, "A 'From' number or a 'MessagingServiceSid' is required.")
    if sender in _FROM_MAGIC:
        return _named(_FROM_MAGIC[sender], form)
    if sender in (rules.number, GOOD_SENDER):
        return None
    return _named(21606 if re.fullmatch(r"\+[1-9][0-9]{6,14}", sender) else 21212, form)


def _service(service: str, rules: Rules) -> Refusal | None:
    if not re.fullmatch(r"MG[0-9a-fA-F]{32}", service):
        return Refusal(400, 21705, "The Messaging Service SID is not valid.")
    if rules.messaging_service_sid not in (None, service):
        return Refusal(404, 21701, "The Messaging Service does not exist.")
    return None


def _content(form: Form, rules: Rules) -> Refusal | None:
    body, media = first(form, "Body"), form.get("MediaUrl", [])
    if not body and not media and not first(form, "ContentSid"):
        return Refusal(400, 21602, "A message body, a media URL or a content SID is required.")
    if len(body) > 1600:
        return Refusal(400, 21617, "The message body exceeds the 1600 character limit.")
    if len(media) > 10:
        return Refusal(400, 21623, "A message takes ten media URLs at most.")
    if not all(re.match(r"https?://[^/\s]+", url) for url in media):
        return Refusal(400, 21620, "A media URL is not valid.")
    return None


def _callback(form: Form, rules: Rules) -> Refusal | None:
    url = first(form, "StatusCallback")
    if url and not callback_is_valid(url):
        return Refusal(400, 21609, "The 'StatusCallback' URL is not a valid URL.")
    return None


def _choices(form: Form, rules: Rules) -> Refusal | None:
    for name, allowed in _CHOICES.items():
        value = first(form, name)
        if value and value.lower() not in allowed:
            return Refusal(400, 20001, f"Parameter {name} must be one of {', '.join(allowed)}.")
    return None


def _validity(form: Form, rules: Rules) -> Refusal | None:
    value = first(form, "ValidityPeriod")
    if value and not (re.fullmatch(r"[0-9]{1,6}", value) and 1 <= int(value) <= 36000):
        return Refusal(400, 90007, "ValidityPeriod must be between 1 and 36000 seconds.")
    return None


def _schedule(form: Form, rules: Rules) -> Refusal | None:
    kind, at = first(form, "ScheduleType"), first(form, "SendAt")
    if not kind and not at:
        return None
    if not kind or not at:
        return Refusal(400, 35111, "A scheduled message needs both 'ScheduleType' and 'SendAt'.")
    if not first(form, "MessagingServiceSid"):
        return Refusal(400, 35118, "A scheduled message needs a 'MessagingServiceSid'.")
    moment = _send_at(form)
    if moment is None or not timedelta(seconds=300) <= moment - rules.now <= timedelta(days=35):
        return Refusal(400, 35114, "'SendAt' must be ISO 8601 in UTC, 300 seconds to 35 days ahead.")
    return None


def _send_at(form: Form) -> datetime | None:
    try:
        return datetime.strptime(first(form, "SendAt"), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _opt_out(form: Form, rules: Rules) -> Refusal | None:
    return _named(21610, form) if not rules.late_opt_out and rules.opted_out(first(form, "To")) else None


_CHECKS = (_recipient, _sender, _content, _callback, _choices, _validity, _schedule, _opt_out)
