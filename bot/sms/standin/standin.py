"""One Twilio account on the loopback, put together from its parts. It must not read the wall clock by itself."""

import asyncio
import random
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Router

from bot.sms.standin import control, rest, segments
from bot.sms.standin.acceptance import Draft, Form, Refusal, Rules, accept
from bot.sms.standin.answers import Text
from bot.sms.standin.faults import Faults
from bot.sms.standin.inbound import Alert, InboundResult, Inbox, received
from bot.sms.standin.journal import Journal
from bot.sms.standin.ledger import Bubble, Change, Ledger, Message
from bot.sms.standin.life import Ending, Lives, Pace
from bot.sms.standin.opt_outs import OptOuts
from bot.sms.standin.poster import Poster


class StandIn:
    """A carrier with one number. Serve `app` with `running(standin)`; everything else may be called in that loop.

    `number` is the clinic's, in E.164. Times come from `now`; pauses (the pace, slow answers) are real seconds. The
    same `seed` gives the same SIDs and the same trouble; None gives new ones, which a database that outlives us needs.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        number: str,
        now: Callable[[], datetime],
        seed: int | None = 0,
        webhook_url: str | None = None,
        messaging_service_sid: str | None = None,
        faults: Faults | None = None,
        opt_outs: OptOuts | None = None,
        pace: Pace | None = None,
        log_path: Path | str | None = None,
    ) -> None:
        self.account_sid, self.auth_token, self.number = account_sid, auth_token, number
        self.now, self.seed, self.messaging_service_sid = now, seed, messaging_service_sid
        self.faults = faults if faults is not None else Faults(seed=seed)
        self.opt_outs = opt_outs if opt_outs is not None else OptOuts()
        self.ledger = Ledger()
        self.journal = Journal(log_path, now)
        self.closing = asyncio.Event()
        self._chance = random.Random(seed)  # noqa: S311 - SIDs name messages, they keep no secret
        self._poster = Poster(auth_token)
        shared = (self.ledger, self._poster, self.faults, self.journal, self.opt_outs)
        self.lives = Lives(account_sid, number, now, *shared, pace or Pace(), self._chance)
        self._inbox = Inbox(account_sid, number, now, *shared, self._chance, self._reply, webhook_url)
        self.app = Starlette(exception_handlers={ValueError: _bad_request})
        self.app.router = Router([*rest.routes(self), *control.routes(self)], redirect_slashes=False, default=_nowhere)

    async def text(self, from_: str, body: str, media: Sequence[str] = ()) -> InboundResult:
        """A person texts our number; returns when the bot has answered or Twilio has given up on it."""
        sid = self._sid("MM" if media else "SM")
        message = received(sid, from_, self.number, body, media=media, at=self.now())
        message.messaging_service_sid = self.messaging_service_sid
        return await self._inbox.text(message)

    async def redeliver(self, sid: str) -> InboundResult:
        """Post an inbound text's webhook again, as Twilio may; what it answers is returned but not sent."""
        message = self.ledger.get(sid)
        if message is None or message.direction != "inbound":
            raise ValueError(f"sid: {sid!r} is no inbound text of ours. Take one from text().")
        return await self._inbox.redeliver(message)

    def conversation(self, number: str) -> list[Bubble]:
        """What the phone with this number shows, oldest first, the carrier's own STOP and HELP answers included."""
        return self.ledger.conversation(number)

    def subscribe(self, hook: Callable[[Change], None]) -> Callable[[], None]:
        """Call `hook` on every change of a message, in the event loop; returns the function that ends it."""
        return self.ledger.subscribe(hook)

    def script(self, number: str, *endings: Ending, always: bool = False) -> None:
        """How the next messages to a number end, one ending each; with `always` every one ends like the last given."""
        self.lives.script(number, *endings, always=always)

    def release_scheduled(self) -> None:
        """Send the scheduled messages that are due by now(); for clocks that jump."""
        self.lives.release_scheduled()

    async def settled(self) -> None:
        """Wait until no message moves and no callback is on its way."""
        await self.lives.settled()

    def use_faults(self, faults: Faults) -> None:
        """Make other trouble from here on."""
        self.faults = self.lives.faults = self._inbox.faults = faults

    @property
    def messages(self) -> list[Message]:
        """Every message ever, in the order of creation, those outside the account's records too."""
        return self.ledger.messages

    @property
    def alerts(self) -> list[Alert]:
        """Twilio's error log: what our webhooks did wrong."""
        return self._inbox.alerts

    @property
    def webhook_url(self) -> str | None:
        """Where inbound texts are posted, with overrides in the fragment; None for nowhere."""
        return self._inbox.webhook_url

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self._inbox.webhook_url = url

    @property
    def fallback_url(self) -> str | None:
        """Where an inbound text is posted when its webhook failed."""
        return self._inbox.fallback_url

    @fallback_url.setter
    def fallback_url(self, url: str | None) -> None:
        self._inbox.fallback_url = url

    def create(self, form: Form) -> Message | Refusal:
        """What POST Messages.json does, without the HTTP: take the message and start it, or refuse it."""
        rules = Rules(
            self.number,
            self.messaging_service_sid,
            self.now(),
            self.opt_outs.__contains__,
            late_opt_out=self.opt_outs.late,
        )
        draft = accept(form, rules)
        if isinstance(draft, Refusal):
            self.journal.note("refused", code=draft.code, to=form.get("To"), body=form.get("Body"))
            return draft
        return self._start(self._drafted(draft))

    def redact(self, message: Message) -> None:
        message.body, message.updated_at = "", self.now()
        self.ledger.tell(Change("redacted", message))

    async def aclose(self) -> None:
        """End every pause and every call on its way."""
        self.closing.set()
        await self.lives.aclose()
        await self._poster.aclose()
        self.journal.close()

    def _drafted(self, draft: Draft) -> Message:
        now = self.now()
        by_service = draft.messaging_service_sid is not None and draft.from_ is None
        status = "scheduled" if draft.send_at else "accepted" if draft.messaging_service_sid else "queued"
        return Message(
            sid=self._sid("MM" if draft.media else "SM"),
            direction="outbound-api",
            from_=draft.from_,
            to=draft.to,
            body=draft.body,
            status=status,
            created_at=now,
            updated_at=now,
            segments=0 if by_service else segments.count(draft.body)[0],
            media=draft.media,
            status_callback=draft.status_callback,
            messaging_service_sid=draft.messaging_service_sid,
            validity_for=draft.validity_for,
            send_at=draft.send_at,
        )

    def _reply(self, inbound: Message, text: Text, *, by_carrier: bool = False) -> None:
        now = self.now()
        reply = Message(
            sid=self._sid("MM" if text.media else "SM"),
            direction="outbound-reply",
            from_=text.from_ or inbound.to,
            to=text.to or inbound.from_ or "",
            body=text.body,
            status="queued",
            created_at=now,
            updated_at=now,
            segments=segments.count(text.body)[0],
            media=text.media,
            status_callback=text.status_callback,
            in_records=not by_carrier,
        )
        self._start(reply)

    def _start(self, message: Message) -> Message:
        message.visible_at = asyncio.get_running_loop().time() + self.faults.list_lag
        self.ledger.add(message)
        self.journal.note(
            "created",
            sid=message.sid,
            direction=message.direction,
            to=message.to,
            body=message.body,
            status_callback=message.status_callback,
            by_carrier=not message.in_records,
        )
        self.lives.begin(message)
        return message

    def _sid(self, kind: str) -> str:
        return f"{kind}{self._chance.getrandbits(128):032x}"


async def _nowhere(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
    await rest.refused(Refusal(404, 20404, "The requested resource was not found."))(scope, receive, send)


async def _bad_request(request: Request, error: Exception) -> Response:
    """A control call that could not be read; Twilio's own addresses raise nothing."""
    return Response(str(error), 400, media_type="text/plain")
