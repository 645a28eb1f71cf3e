"""Notices when Twilio's own webhooks begin to be refused, and tells whoever runs the installation.

A single refusal is a stranger at the door; several signed ones mean that our address or token is wrong, and that
patients' texts are being lost.
"""

from collections import deque
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from bot.errors import DatabaseAway
from bot.outbox.alarms import clear_alarm, raise_alarm
from bot.records.database import Database

log = structlog.get_logger(__name__)

ALARM = "refused webhooks"
A_RISE = 5
WITHIN = timedelta(minutes=10)
TOLD_AGAIN_AFTER = timedelta(minutes=1)


class Refusal(StrEnum):
    """Why a webhook is refused."""

    NO_SIGNATURE = "no signature"
    WRONG_SIGNATURE = "wrong signature"
    OTHER_ACCOUNT = "other account"


class Refusals:
    """Counts signed refusals in a moving window. One per web process; safe to use from several threads."""

    def __init__(self, database: Database, public_base_url: str):
        self._database, self._address = database, public_base_url
        self._recent: deque[datetime] = deque(maxlen=A_RISE)
        self._told_at: datetime | None = None

    def refused(self, refusal: Refusal, now: datetime) -> None:
        """Count one; the fifth within ten minutes raises the alarm."""
        log.warning("a webhook was refused", reason=refusal)
        # Whoever sends no signature is not Twilio, and so says nothing about our settings.
        if refusal is Refusal.NO_SIGNATURE:
            return
        self._recent.append(now)
        if len(self._recent) == A_RISE and now - self._recent[0] <= WITHIN and self._may_tell(now):
            self._write(lambda session: raise_alarm(session, ALARM, self._words(), now=now))

    def genuine(self, now: datetime) -> None:
        """One that fits: whatever was wrong has been mended."""
        if self._recent:
            self._recent.clear()
            self._told_at = None
            self._write(lambda session: clear_alarm(session, ALARM, now=now))

    def _may_tell(self, now: datetime) -> bool:
        if self._told_at is not None and now - self._told_at < TOLD_AGAIN_AFTER:
            return False
        self._told_at = now
        return True

    def _write(self, body: object) -> None:
        try:
            self._database.write(body, safe_to_repeat=True)  # type: ignore[arg-type]
        except DatabaseAway:
            log.error("the alarm about refused webhooks could not be written")

    def _words(self) -> str:
        return (
            f"Webhooks with a signature that does not fit are being refused, and texts may be lost. Check that "
            f"PUBLIC_BASE_URL ({self._address}) is exactly how the addresses at Twilio begin, and that "
            f"TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (the primary one) are this account's."
        )
