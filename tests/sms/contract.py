"""Twilio's published API description, held against every request and answer that passes."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from twilio.http.response import Response

from bot.sms.twilio_http import OneAttempt

DESCRIPTION = Path(__file__).parents[3] / "shared" / "twilio" / "twilio_api_v2010.json"
_HOST = "http://127.0.0.1:1"


class Contract:
    """The part of the description that speaks of messages; the whole one takes three times as long to load."""

    def __init__(self) -> None:
        document = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
        paths = {path: item for path, item in document["paths"].items() if "/Messages" in path and "Media" not in path}
        for item in paths.values():
            item.pop("servers", None)
        document["paths"], document["servers"] = paths, [{"url": _HOST}]
        schemas = document["components"]["schemas"]
        document["components"]["schemas"] = {name: schemas[name] for name in _needed(paths, schemas)}
        self._api = OpenAPI.from_dict(document)
        self.checked: list[str] = []

    def check(self, request: MockRequest, status: int, text: str) -> None:
        """Raise where the request or the answer is not as described."""
        self._api.validate_request(request)
        self._api.validate_response(request, MockResponse(text.encode(), status))
        self.checked.append(f"{request.method} {status}")


class Checked(OneAttempt):
    """The gateway's own HTTP, with the contract held against everything that succeeds (errors are not described)."""

    def __init__(self, contract: Contract) -> None:
        super().__init__(5.0)
        self._contract = contract

    async def request(self, method: str, url: str, params: Any = None, data: Any = None, **more: Any) -> Response:
        answer = await super().request(method, url, params, data, **more)
        if answer.status_code < 300:
            path, _, query = url.partition("/2010-04-01")[2].partition("?")
            self._contract.check(_described(method, path, query, params, data), answer.status_code, answer.text)
        return answer


def _described(method: str, path: str, query: str, params: Any, data: Any) -> MockRequest:
    sent = dict(parse_qsl(query)) | {name: str(value) for name, value in (params or {}).items()}
    return MockRequest(
        _HOST,
        method.lower(),
        f"/2010-04-01{path}",
        args=sent,
        headers={"Authorization": "Basic given"},  # the description asks that there be one
        data=urlencode(data or {}, doseq=True).encode(),
        content_type="application/x-www-form-urlencoded",
    )


def _needed(part: Any, schemas: dict[str, Any]) -> set[str]:
    """The names of all schemas that a part of the description refers to, through others too."""
    found: set[str] = set()
    left = [part]
    while left:
        match left.pop():
            case {"$ref": str(reference)}:
                name = reference.rpartition("/")[2]
                if name not in found:
                    found.add(name)
                    left.append(schemas[name])
            case dict() as mapping:
                left.extend(mapping.values())
            case list() as items:
                left.extend(items)
    return found
