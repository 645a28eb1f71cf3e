"""Notices when Twilio's own webhooks begin to be refused, and tells whoever runs the installation.

A single refusal is a stranger at the door; several signed ones mean that our address or token is wrong, and that
patients' texts are being lost.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from sqlmodel import Session

from bot.errors import DatabaseAway
from bot.outbox.alarms import clear_alarm, raise_alarm
from bot.records.database import Database
from bot.sms.signature import public_url

log = structlog.get_logger(__name__)

A_RISE = 5
WITHIN = timedelta(minutes=10)
TOLD_AGAIN_AFTER = timedelta(minutes=1)


class Refusal(StrEnum):
    """Why a webhook is refused."""

    NO_SIGNATURE = "no signature"
    WRONG_SIGNATURE = "wrong signature"
    OTHER_ACCOUNT = "other account"


class Path(StrEnum):
    """Which webhook. Its address comes from the console for texts, and from us, with each text, for news of them."""

    INBOUND = "inbound"
    STATUS = "status"


# One each: that Twilio's news reaches us says nothing about the address that the console has.
ALARMS = {Path.INBOUND: "refused webhooks", Path.STATUS: "refused callbacks"}
LOSSES = {Path.INBOUND: "texts may be lost", Path.STATUS: "nobody hears whether texts arrive"}


class Refusals:
    """Counts signed refusals in a moving window, each webhook by itself. One per web process, for several threads."""

    def __init__(self, database: Database, public_base_url: str):
        self._database, self._address = database, _shown(public_base_url)
        self._recent: dict[Path, deque[datetime]] = {path: deque(maxlen=A_RISE) for path in Path}
        self._told_at: dict[Path, datetime] = {}
        self._known_to_fit: set[Path] = set()

    def refused(self, refusal: Refusal, path: Path, now: datetime) -> None:
        """Count one; the fifth within ten minutes raises the alarm."""
        log.warning("a webhook was refused", reason=refusal, webhook=path)
        # Whoever sends no signature is not Twilio, and so says nothing about our settings.
        if refusal is Refusal.NO_SIGNATURE:
            return
        recent = self._recent[path]
        recent.append(now)
        if len(recent) == A_RISE and now - recent[0] <= WITHIN and self._may_tell(path, now):
            self._write(lambda session: raise_alarm(session, ALARMS[path], self._words(path), now=now))

    def genuine(self, path: Path, now: datetime) -> None:
        """One that fits: whatever was wrong has been mended.

        The first of each process clears the alarm too, for mending a setting starts the process again.
        """
        if path in self._known_to_fit and not self._recent[path]:
            return
        self._recent[path].clear()
        self._told_at.pop(path, None)
        if self._write(lambda session: clear_alarm(session, ALARMS[path], now=now)):
            self._known_to_fit.add(path)

    def _may_tell(self, path: Path, now: datetime) -> bool:
        if path in self._told_at and now - self._told_at[path] < TOLD_AGAIN_AFTER:
            return False
        self._told_at[path] = now
        return True

    def _write(self, body: Callable[[Session], object]) -> bool:
        try:
            self._database.write(body, safe_to_repeat=True)
        except DatabaseAway:
            log.error("the alarm about refused webhooks could not be written")
            return False
        return True

    def _words(self, path: Path) -> str:
        return (
            f"Webhooks at /twilio/{path} with a signature that does not fit are being refused, and {LOSSES[path]}. "
            f"Check that PUBLIC_BASE_URL ({self._address}) is exactly how the addresses at Twilio begin, and that "
            f"TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (the primary one) are this account's."
        )


def _shown(public_base_url: str) -> str:
    # What an alarm says is read by anybody who asks /healthz.
    shown = public_url(public_base_url, "", "").rstrip("/")
    return shown if shown == public_base_url else f"{shown}, its user and password not shown here"
