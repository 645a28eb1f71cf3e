"""What the stand-in's answers look like, field by field as Twilio writes them. Pure; it must not decide anything."""

from datetime import datetime
from email.utils import format_datetime
from typing import Any

from bot.sms.standin.ledger import Message

VERSION = "2010-04-01"


def message(account_sid: str, record: Message) -> dict[str, Any]:
    """A message as create, fetch, list and update answer it; counts are strings, times RFC 2822."""
    uri = f"{messages_uri(account_sid)}/{record.sid}"
    return {
        "account_sid": account_sid,
        "api_version": VERSION,
        "body": record.body,
        "date_created": _date(record.created_at),
        "date_sent": _date(record.sent_at),
        "date_updated": _date(record.updated_at),
        "direction": record.direction,
        "error_code": record.error_code,
        "error_message": f"Error {record.error_code}" if record.error_code else None,
        "from": record.from_,
        "messaging_service_sid": record.messaging_service_sid,
        "num_media": str(len(record.media)),
        "num_segments": str(record.segments),
        "price": None if record.sent_at is None else "-0.00790",
        "price_unit": "USD",
        "sid": record.sid,
        "status": record.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": record.to,
        "uri": f"{uri}.json",
    }


def feedback(account_sid: str, record: Message, outcome: str) -> dict[str, Any]:
    return {
        "account_sid": account_sid,
        "date_created": _date(record.updated_at),
        "date_updated": _date(record.updated_at),
        "message_sid": record.sid,
        "outcome": outcome,
        "uri": f"{messages_uri(account_sid)}/{record.sid}/Feedback.json",
    }


def error(http_status: int, code: int, words: str) -> dict[str, Any]:
    return {
        "code": code,
        "message": words,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": http_status,
    }


def messages_uri(account_sid: str) -> str:
    return f"/{VERSION}/Accounts/{account_sid}/Messages"


def callback(account_sid: str, record: Message, status: str, error_code: int | None) -> dict[str, str]:
    """The fields of a status callback; `status` is the one to report, which the message may have left since."""
    fields = {
        "ApiVersion": VERSION,
        "MessageSid": record.sid,
        "SmsSid": record.sid,
        "AccountSid": account_sid,
        "From": record.from_ or "",
        "To": record.to,
        "MessageStatus": status,
        "SmsStatus": status,
    }
    if error_code is not None:
        fields["ErrorCode"] = str(error_code)
    if record.messaging_service_sid:
        fields["MessagingServiceSid"] = record.messaging_service_sid
    if status in ("delivered", "undelivered"):
        fields["RawDlrDoneDate"] = record.updated_at.strftime("%y%m%d%H%M")
    return fields


def inbound(account_sid: str, record: Message, opt_out_type: str | None) -> dict[str, str]:
    """The fields of an inbound webhook; a picture alone has an empty Body, not a missing one."""
    fields = {
        "ToCountry": "US",
        "FromCountry": "US",
        "SmsMessageSid": record.sid,
        "NumMedia": str(len(record.media)),
        "SmsSid": record.sid,
        "SmsStatus": "received",
        "Body": record.body,
        "To": record.to,
        "NumSegments": str(record.segments),
        "MessageSid": record.sid,
        "AccountSid": account_sid,
        "From": record.from_ or "",
        "ApiVersion": VERSION,
    }
    for n, url in enumerate(record.media):
        fields |= {f"MediaUrl{n}": url, f"MediaContentType{n}": "image/jpeg"}
    if record.messaging_service_sid:
        fields["MessagingServiceSid"] = record.messaging_service_sid
    if opt_out_type:
        fields["OptOutType"] = opt_out_type
    return fields


def _date(moment: datetime | None) -> str | None:
    return None if moment is None else format_datetime(moment)
