"""Who may use the API: whoever holds API_KEY. Compares in constant time, so that a key cannot be guessed bit by bit."""

import hmac
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

BEARER = HTTPBearer(auto_error=False, description="The value of API_KEY.")


def check_key(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> None:
    """Raise 401 unless the request carries the API key."""
    key = request.app.state.parts.settings.api_key
    held = given.credentials if given else ""
    if not key or not hmac.compare_digest(held.encode("utf-8", "replace"), key.encode()):
        raise HTTPException(
            401,
            "Send the header `Authorization: Bearer ` with the value of API_KEY.",
            headers={"WWW-Authenticate": "Bearer"},
        )
