"""A person's text on its way to the bot, and the bot's answer on its way back. It must not create REST messages."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.sms.standin import answers, segments, shapes
from bot.sms.standin.answers import Reading, Text
from bot.sms.standin.faults import Faults
from bot.sms.standin.journal import Journal
from bot.sms.standin.ledger import Ledger, Message
from bot.sms.standin.opt_outs import OptOuts
from bot.sms.standin.poster import Posted, Poster

_HOPS = 5  # redirects followed before it counts as a loop


@dataclass(frozen=True)
class InboundResult:
    """What became of a text. `http_status` is None where the bot was not reached; the texts are the bot's alone."""

    sid: str
    http_status: int | None
    reply_texts: tuple[str, ...]


@dataclass(frozen=True)
class Alert:
    """A line of Twilio's error log: our webhook failed, with one of the 11xxx and 12xxx codes."""

    code: int
    sid: str
    url: str
    http_status: int | None
    at: datetime


class SendReply(Protocol):
    """Creates an outbound message that answers an inbound one; `by_carrier` keeps it out of the account's records."""

    def __call__(self, inbound: Message, text: Text, *, by_carrier: bool = False) -> None: ...


@dataclass
class Inbox:
    """Takes texts in. `webhook_url` None means that nobody is told; they stand in the list all the same."""

    account_sid: str
    number: str
    now: Callable[[], datetime]
    ledger: Ledger
    poster: Poster
    faults: Faults
    journal: Journal
    opt_outs: OptOuts
    chance: random.Random
    send_reply: SendReply
    webhook_url: str | None
    fallback_url: str | None = None

    def __post_init__(self) -> None:
        self.alerts: list[Alert] = []
        self._meanings: dict[str, str] = {}

    async def text(self, message: Message) -> InboundResult:
        """Record a text, let the carrier answer its keywords, then tell the bot and send what it answers."""
        self.ledger.add(message)
        meaning, answer = self.opt_outs.hear(message.from_ or "", message.body)
        if meaning:
            self._meanings[message.sid] = meaning
        fault = self.faults.draw("inbound")
        kind = fault.kind if fault else None
        self.journal.note(
            "inbound", sid=message.sid, from_=message.from_, body=message.body, meaning=meaning, fault=kind
        )
        if answer is not None:
            self.send_reply(message, Text(answer), by_carrier=True)
        if kind == "lost" or self.webhook_url is None:
            return InboundResult(message.sid, None, ())
        result = await self._tell(message, honoured=True)
        if kind == "repeated":
            await self._tell(message, honoured=False)
        return result

    async def redeliver(self, message: Message) -> InboundResult:
        """The same webhook once more, as after a lost answer; what the bot says to it is read but not sent."""
        return await self._tell(message, honoured=False)

    async def _tell(self, message: Message, *, honoured: bool) -> InboundResult:
        opt_out_type = self._meanings.get(message.sid) if self.opt_outs.advanced else None
        fields = shapes.inbound(self.account_sid, message, opt_out_type)
        token = self.chance.getrandbits(128)
        posted, url, reading = await self._ask(self.webhook_url or "", fields, token)
        if reading.alert and self.fallback_url and honoured:
            self._alert(message, reading.alert, url, posted.http_status)
            more = {"ErrorCode": str(reading.alert), "ErrorUrl": url}
            posted, url, reading = await self._ask(self.fallback_url, fields | more, token)
        texts = list(reading.texts)
        for _ in range(_HOPS):
            if reading.redirect is None:
                break
            posted, url, reading = await self._ask(reading.redirect, fields, token)
            texts += reading.texts
        self._finish(message, posted, url, reading, texts, honoured=honoured)
        return InboundResult(message.sid, posted.http_status, tuple(text.body for text in texts))

    async def _ask(self, url: str, fields: dict[str, str], token: int) -> tuple[Posted, str, Reading]:
        posted = await self.poster.post(url, fields, token=token)
        return posted, url, answers.read(posted, url)

    def _finish(
        self, message: Message, posted: Posted, url: str, reading: Reading, texts: Sequence[Text], *, honoured: bool
    ) -> None:
        self.journal.note(
            "inbound_webhook",
            sid=message.sid,
            http_status=posted.http_status,
            tries=posted.tries,
            honoured=honoured,
            replies=[text.body for text in texts],
        )
        if reading.alert:
            self._alert(message, reading.alert, url, posted.http_status)
        if honoured:
            for text in texts:
                self.send_reply(message, text)

    def _alert(self, message: Message, code: int, url: str, http_status: int | None) -> None:
        self.alerts.append(Alert(code, message.sid, url, http_status, self.now()))
        self.journal.note("alert", code=code, sid=message.sid, url=url, http_status=http_status)


def received(sid: str, from_: str, to: str, body: str, *, media: Sequence[str], at: datetime) -> Message:
    """An inbound message as Twilio records it the moment it arrives; its date of sending is that of the webhook."""
    return Message(
        sid=sid,
        direction="inbound",
        from_=from_,
        to=to,
        body=body,
        status="received",
        created_at=at,
        updated_at=at,
        sent_at=at,
        segments=segments.count(body)[0],
        media=tuple(media),
    )
