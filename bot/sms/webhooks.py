"""What Twilio posts to us, read from its form fields. It must not trust, store or answer anything.

Check the signature first: these readers take the fields as they come.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.sms.gateway import Listed

BODY_LIMIT = 5000  # characters kept of a text; SMS ends at 1,600, other channels at 4,096
MOST_MEDIA = 10  # what Twilio attaches at most
_FIELD_LIMIT = 200


def inbound_text(form: Mapping[str, object]) -> "InboundText":
    """A text that a person sent us. The body may be empty (a picture alone). Raises MalformedWebhook."""
    return InboundText(
        message_sid=_required(form, "MessageSid", "SmsMessageSid", "SmsSid"),
        account_sid=_required(form, "AccountSid"),
        from_=_required(form, "From"),
        to=_required(form, "To"),
        body=_storable(_first(form, "Body")),
        media_count=_count(_first(form, "NumMedia")),
        opt_out_type=_opt_out_type(_first(form, "OptOutType")),
        messaging_service_sid=_plain(_first(form, "MessagingServiceSid")) or None,
    )


def listed_text(listed: Listed) -> "InboundText":
    """The same text as Twilio's list has it, read as the webhook's would be. The list does not say how it was meant."""
    return InboundText(
        message_sid=_plain(listed.sid),
        account_sid="",
        from_=_plain(listed.from_ or ""),
        to=_plain(listed.to),
        body=_storable(listed.body),
        media_count=min(listed.media_count, MOST_MEDIA),
        opt_out_type=None,
        messaging_service_sid=None,
    )


def status_receipt(form: Mapping[str, object]) -> "StatusReceipt":
    """News of a text we sent. The status is lower case and may be one we do not know. Raises MalformedWebhook."""
    return StatusReceipt(
        sid=_required(form, "MessageSid", "SmsSid"),
        status=_required(form, "MessageStatus", "SmsStatus").lower(),
        error_code=_error_code(_first(form, "ErrorCode")),
        to=_plain(_first(form, "To")) or None,
    )


@dataclass(frozen=True)
class InboundText:
    """A person's text to us. `opt_out_type` (START, STOP, HELP) means that Twilio has already answered it."""

    message_sid: str
    account_sid: str
    from_: str
    to: str
    body: str
    media_count: int
    opt_out_type: str | None
    messaging_service_sid: str | None


@dataclass(frozen=True)
class StatusReceipt:
    """Twilio's later news of a text we sent; `to` is None where it was not said."""

    sid: str
    status: str
    error_code: int | None
    to: str | None


class MalformedWebhook(ValueError):
    """A webhook lacks a field that Twilio always sends, or the field cannot be what it says."""

    def __init__(self, field: str, *, why: str) -> None:
        super().__init__(f"{field}: {why}. Twilio always sends it; check which address posts here.")
        self.field = field


def _required(form: Mapping[str, object], *names: str) -> str:
    """The first of these fields that holds something; the error names the first field, never its value."""
    value = next((value for name in names if (value := _plain(_first(form, name)))), "")
    if not value:
        raise MalformedWebhook(names[0], why="missing or blank")
    if len(value) > _FIELD_LIMIT:
        raise MalformedWebhook(names[0], why=f"{len(value)} characters, over the limit of {_FIELD_LIMIT}")
    return value


def _first(form: Mapping[str, object], name: str) -> str:
    value = form.get(name)
    if isinstance(value, list | tuple):
        value = value[0] if value else None
    return value if isinstance(value, str) else ""


def _plain(value: str) -> str:
    return _CONTROL.sub("", value).strip()


def _storable(body: str) -> str:
    return _UNSTORABLE.sub("", body)[:BODY_LIMIT]


def _count(digits: str) -> int:
    # int() of a million digits is slow and then refused
    return min(int(digits), MOST_MEDIA) if re.fullmatch(r"[0-9]{1,6}", digits) else 0


def _error_code(digits: str) -> int | None:
    return int(digits) if re.fullmatch(r"[0-9]{1,6}", digits.strip()) and int(digits) else None


def _opt_out_type(word: str) -> str | None:
    word = word.strip().upper()
    return word if word in ("START", "STOP", "HELP") else None


# NUL and lone surrogates cannot be stored by PostgreSQL: one of them would lose the whole text
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
