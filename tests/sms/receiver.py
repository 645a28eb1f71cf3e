"""A webhook's far end for tests: takes every post, proves its signature, answers what the test asks for."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sms.signature import genuine, public_url
from bot.sms.twiml import CONTENT_TYPE, reply


@dataclass
class Post:
    """One webhook as it arrived."""

    path: str
    query: str
    fields: dict[str, str]
    headers: dict[str, str]
    genuine: bool


@dataclass
class Answer:
    """What to say: a status, a body and its content type (None leaves the header out), after `after` seconds."""

    body: str = ""
    status: int = 200
    content_type: str | None = CONTENT_TYPE
    after: float = 0.0


@dataclass
class Receiver:
    """Answers with `answers` in turn, and an empty TwiML response when they are used up."""

    token: str
    base_url: str = ""
    posts: list[Post] = field(default_factory=list)
    answers: deque[Answer] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.app = Starlette(routes=[Route("/{path:path}", self._take, methods=["POST"])])

    def say(self, *texts: str | Answer) -> None:
        """The next answers: a text becomes the TwiML that sends it."""
        self.answers.extend(text if isinstance(text, Answer) else Answer(reply(text)) for text in texts)

    def statuses(self) -> list[str]:
        return [post.fields["MessageStatus"] for post in self.posts if "MessageStatus" in post.fields]

    async def _take(self, request: Request) -> Response:
        form = await request.form()
        url = public_url(self.base_url, request.scope["raw_path"], request.scope["query_string"])
        signed = genuine([self.token], url, form, request.headers.get("x-twilio-signature"))
        fields: dict[str, Any] = dict(form)
        self.posts.append(Post(request.url.path, request.url.query, fields, dict(request.headers), signed))
        answer = self.answers.popleft() if self.answers else Answer(reply(None))
        await asyncio.sleep(answer.after)
        response = Response(answer.body, answer.status)
        if answer.content_type is not None:
            response.headers["content-type"] = answer.content_type
        return response
