"""Every message the stand-in holds, found by SID, by number and by age without a scan. It must not talk HTTP."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple


class Ledger:
    """Messages in the order of their creation, which is also the order of their serials."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._by_sid: dict[str, Message] = {}
        self._by_to: defaultdict[str, list[Message]] = defaultdict(list)
        self._by_from: defaultdict[str, list[Message]] = defaultdict(list)
        self._hooks: list[Callable[[Change], None]] = []

    def add(self, message: "Message") -> None:
        message.serial = len(self.messages)
        self.messages.append(message)
        self._by_sid[message.sid] = message
        self._by_to[message.to].append(message)
        if message.from_ is not None:
            self._by_from[message.from_].append(message)
        self.tell(Change("created", message))

    def named(self, message: "Message", sender: str) -> None:
        """A Messaging Service has chosen the sender; keeps the index in order although others may have come since."""
        message.from_ = sender
        sent = self._by_from[sender]
        sent.insert(bisect_left(sent, message.serial, key=_serial), message)

    def get(self, sid: str) -> "Message | None":
        """A message of the account's records, or None where it was deleted or never was in them."""
        message = self._by_sid.get(sid)
        return message if message is not None and message.in_records else None

    def serial(self, sid: str) -> int:
        """Where a message stands in the order of creation, a deleted one too; -1 for a SID that never was."""
        return self._by_sid[sid].serial if sid in self._by_sid else -1

    def older(self, to: str | None, from_: str | None, *, than: int | None) -> "Iterator[Message]":
        """Newest first, from just below the serial `than`."""
        shelf = self._shelf(to, from_)
        start = len(shelf) if than is None else bisect_left(shelf, than, key=_serial)
        return (shelf[n] for n in range(start - 1, -1, -1) if _fits(shelf[n], to, from_))

    def newer(self, to: str | None, from_: str | None, *, than: int) -> "Iterator[Message]":
        """Oldest first, from just above the serial `than`."""
        shelf = self._shelf(to, from_)
        start = bisect_right(shelf, than, key=_serial)
        return (shelf[n] for n in range(start, len(shelf)) if _fits(shelf[n], to, from_))

    def conversation(self, number: str) -> "list[Bubble]":
        """What the phone with this number has sent and been sent, oldest first, whatever became of it."""
        own, other = self._by_to.get(number, []), self._by_from.get(number, [])
        return [_bubble(message, number) for message in sorted({*own, *other}, key=_serial)]

    def subscribe(self, hook: "Callable[[Change], None]") -> Callable[[], None]:
        """Call `hook` on every change, in the event loop; returns the function that ends it."""
        self._hooks.append(hook)
        return lambda: self._hooks.remove(hook)

    def tell(self, change: "Change") -> None:
        for hook in tuple(self._hooks):
            hook(change)

    def _shelf(self, to: str | None, from_: str | None) -> "list[Message]":
        if to is not None:
            return self._by_to.get(to, [])
        return self.messages if from_ is None else self._by_from.get(from_, [])


@dataclass(slots=True, eq=False)
class Message:
    """One message as Twilio keeps it. `visible_at` is the loop's time from which lists show it."""

    sid: str
    direction: Literal["inbound", "outbound-api", "outbound-reply"]
    from_: str | None
    to: str
    body: str
    status: str
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None = None
    segments: int = 1
    media: tuple[str, ...] = ()
    error_code: int | None = None
    status_callback: str | None = None
    messaging_service_sid: str | None = None
    validity_for: int = 36000
    send_at: datetime | None = None
    visible_at: float = 0.0
    in_records: bool = True
    serial: int = -1


class Bubble(NamedTuple):
    """One line of a phone's conversation: `direction` is "from_phone" or "to_phone"; `status` is Twilio's word."""

    direction: str
    body: str
    at: datetime
    status: str


class Change(NamedTuple):
    """Something happened to a message: "created", "status" or "redacted"."""

    what: str
    message: Message


def _serial(message: Message) -> int:
    return message.serial


def _fits(message: Message, to: str | None, from_: str | None) -> bool:
    return message.in_records and (to is None or message.to == to) and (from_ is None or message.from_ == from_)


def _bubble(message: Message, number: str) -> Bubble:
    direction = "from_phone" if message.from_ == number else "to_phone"
    return Bubble(direction, message.body, message.created_at, message.status)
