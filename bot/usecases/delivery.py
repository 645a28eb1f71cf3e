"""Twilio's status callback, taken in: one transaction, whatever the order and however often it comes.

The caller has checked the signature and parsed the form; this does not answer Twilio.
"""

from datetime import datetime

from bot.outbox.lost import TellStaff, open_task
from bot.outbox.receipts import Taken, take_in
from bot.records.database import Database
from bot.sms.webhooks import StatusReceipt


def record_receipt(
    database: Database,
    receipt: StatusReceipt,
    message_id: str | None,
    now: datetime,
    *,
    tell_staff: TellStaff = open_task,
) -> Taken:
    """Keep the receipt and move its message on; `message_id` is `m` of the callback's query, or None.

    Raises DatabaseAway; Twilio should then be told to come again (503).
    """
    return database.write(
        lambda session: take_in(
            session,
            sid=receipt.sid,
            status=receipt.status,
            error_code=receipt.error_code,
            message_id=message_id,
            now=now,
            tell_staff=tell_staff,
        ),
        safe_to_repeat=True,
    )
