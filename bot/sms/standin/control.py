"""How a test in another process texts, reads phones and makes trouble. It must not shadow Twilio's addresses."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sms.standin.faults import Faults
from bot.sms.standin.life import Ending

if TYPE_CHECKING:
    from bot.sms.standin.standin import StandIn


def routes(standin: "StandIn") -> list[Route]:
    """`/standin/...`, JSON in and out; open to whoever reaches the loopback, so it is served nowhere else."""
    control = _Control(standin)
    return [
        Route("/standin/text", control.text, methods=["POST"]),
        Route("/standin/redeliver", control.redeliver, methods=["POST"]),
        Route("/standin/conversation/{number}", control.conversation, methods=["GET"]),
        Route("/standin/alerts", control.alerts, methods=["GET"]),
        Route("/standin/faults", control.faults, methods=["POST"]),
        Route("/standin/script", control.script, methods=["POST"]),
        Route("/standin/webhook", control.webhook, methods=["POST"]),
        Route("/standin/settled", control.settled, methods=["POST"]),
    ]


class _Control:
    def __init__(self, standin: "StandIn") -> None:
        self._standin = standin

    async def text(self, request: Request) -> Response:
        """{"from", "body", "media"}: a person texts the clinic; answers when the bot has."""
        asked = await _asked(request, "from")
        result = await self._standin.text(asked["from"], asked.get("body", ""), media=asked.get("media", ()))
        return _json(asdict(result))

    async def redeliver(self, request: Request) -> Response:
        """{"sid"}: the webhook of this text once more."""
        return _json(asdict(await self._standin.redeliver((await _asked(request, "sid"))["sid"])))

    async def conversation(self, request: Request) -> Response:
        return _json([bubble._asdict() for bubble in self._standin.conversation(request.path_params["number"])])

    async def alerts(self, request: Request) -> Response:
        return _json([asdict(alert) for alert in self._standin.alerts])

    async def faults(self, request: Request) -> Response:
        """A whole new set of faults, as in the file of --faults; {} ends all trouble."""
        self._standin.use_faults(Faults.read(await _asked(request), seed=self._standin.seed))
        return _json({})

    async def script(self, request: Request) -> Response:
        """{"number", "status", "error_code", "always"}: how messages to a number end."""
        asked = await _asked(request, "number", "status")
        ending = Ending(asked["status"], asked.get("error_code"))
        self._standin.script(asked["number"], ending, always=bool(asked.get("always")))
        return _json({})

    async def webhook(self, request: Request) -> Response:
        """{"url"}: where inbound texts are posted from now on; null for nowhere."""
        self._standin.webhook_url = (await _asked(request, "url"))["url"]
        return _json({})

    async def settled(self, request: Request) -> Response:
        """Answers when no message moves and no callback is on its way."""
        await self._standin.settled()
        return _json({"messages": len(self._standin.messages)})


async def _asked(request: Request, *needed: str) -> dict[str, Any]:
    asked = json.loads(await request.body() or b"{}")
    if not isinstance(asked, dict):
        raise ValueError("The body must be a JSON object.")
    for name in needed:
        if name not in asked:
            raise ValueError(f"{name}: missing. Give it in the JSON body.")
    return dict(asked)


def _json(body: Any) -> Response:
    return Response(json.dumps(body, default=str), media_type="application/json")
