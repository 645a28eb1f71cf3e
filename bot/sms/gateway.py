"""The port through which a text leaves: what is asked of a carrier and what it may answer. It must not do any I/O.

A send never raises: each way it can end is a value, and the value says whether sending again is safe.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Gateway(Protocol):
    """A carrier of texts. Every method is safe to call from many tasks of one event loop."""

    async def send(self, outgoing: "Outgoing") -> "Outcome":
        """Hand over one text, exactly one attempt; never raises for anything the carrier or the network does."""
        ...

    async def list_sent(self, *, to: str, since: datetime) -> list["Listed"]:
        """The outbound texts to one number created at or after `since`, newest first, those still queued included.

        Raises GatewayAway when the list could not be read to its end: an absent text proves something only in a whole
        list.
        """
        ...

    async def list_inbound(self, *, since: datetime) -> list["Listed"]:
        """The texts that people sent to our number at or after `since`, oldest first. Raises GatewayAway."""
        ...

    async def fetch(self, sid: str) -> "Listed | None":
        """One text by its SID, or None where the carrier does not have it. Raises GatewayAway."""
        ...

    async def aclose(self) -> None:
        """Close the connections; the gateway may not be used after it."""
        ...


@dataclass(frozen=True)
class Outgoing:
    """One text to hand over: `to` in E.164, `validity_for` in seconds (None leaves the carrier's 10 hours)."""

    to: str
    body: str
    status_callback: str | None
    validity_for: int | None = None


class Kind(StrEnum):
    """What a refusal means for the next step."""

    PERMANENT = "permanent"  # this recipient or these words: never again
    CONFIGURATION = "configuration"  # ours to mend: stop sending, tell a human, lose nothing
    RETRY = "retry"  # certainly not sent: again later
    AMBIGUOUS = "ambiguous"  # perhaps sent: look it up before sending again
    OPT_OUT = "opt_out"  # the recipient said STOP: only their START re-opens


@dataclass(frozen=True)
class Accepted:
    """The carrier took it. `segments` is None while no sender is chosen yet."""

    sid: str
    status: str
    segments: int | None


@dataclass(frozen=True)
class Rejected:
    """The carrier refused it: it was not sent. `code` is Twilio's own, None where the answer carried none."""

    code: int | None
    http_status: int
    kind: Kind


@dataclass(frozen=True)
class Throttled:
    """HTTP 429: not processed, safe to send again. `retry_after` in seconds, where the carrier named it."""

    code: int | None
    retry_after: float | None


@dataclass(frozen=True)
class Unreachable:
    """No connection was made, so nothing was asked: safe to send again."""

    why: str


@dataclass(frozen=True)
class Unknown:
    """Asked and not heard: perhaps sent. To be looked up, never simply sent again."""

    why: str


Outcome = Accepted | Rejected | Throttled | Unreachable | Unknown


@dataclass(frozen=True)
class Listed:
    """A text as the carrier remembers it; times are UTC with whole seconds. A queued text has no `sent_at`."""

    sid: str
    to: str
    from_: str | None
    body: str
    status: str
    direction: str
    created_at: datetime
    sent_at: datetime | None
    error_code: int | None
    media_count: int = 0


class GatewayAway(Exception):
    """The carrier's records could not be read now. Nothing was changed; ask again later."""

    def __init__(self, doing: str, *, why: str) -> None:
        super().__init__(f"Twilio could not be asked ({doing}): {why}. Nothing was changed; it will be asked again.")
        self.doing = doing
        self.why = why
