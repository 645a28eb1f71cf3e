"""Proof that a webhook comes from Twilio. It must not read settings, requests or the wall clock.

The signature is over the URL that Twilio was given, which a server behind a proxy cannot see: it is rebuilt from
PUBLIC_BASE_URL and the raw path and query.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from twilio.request_validator import HMAC_SHA1, RequestValidator, get_signature_algorithm


def public_url(base_url: str, raw_path: bytes | str, query: bytes | str) -> str:
    """The URL as Twilio signed it: base URL (a path prefix is kept), then the path and query as they were on the wire.

    The path must be the undecoded one (`scope["raw_path"]`): an unescaped `%20` breaks the signature. User and password
    in the base URL are left out, as Twilio leaves them out; the port stays.
    """
    parts = urlsplit(base_url)
    host = parts.netloc.rpartition("@")[2]
    path = _text(raw_path).partition("?")[0]
    query_text = _text(query)
    url = f"{parts.scheme}://{host}{parts.path.rstrip('/')}/{path.removeprefix('/')}"
    return f"{url}?{query_text}" if query_text else url


def genuine(
    auth_tokens: Sequence[str],
    url: str,
    form: Mapping[str, object] | str | bytes,
    signature: str | None,
    settings_header: str | None = None,
) -> bool:
    """Whether one of our tokens signed this webhook; never raises, whatever was posted.

    `form` is every field received, blank and repeated ones too (Starlette's FormData, or a mapping to str or to lists
    of str), or the raw body of a JSON post. `settings_header` is X-Twilio-Webhooks-Signature-Settings: we hold no
    shared key, so any algorithm but the token's HMAC-SHA1 is refused. Two tokens are given around a token promotion.
    """
    if not signature or get_signature_algorithm(settings_header).upper() != HMAC_SHA1:
        return False
    fields = _fields(url, form)
    if fields is None:
        return False
    try:
        return any(RequestValidator(token).validate(url, fields, signature) for token in auth_tokens if token)
    except ValueError:  # a port in the URL that is no number
        return False


def _fields(url: str, form: Mapping[str, object] | str | bytes) -> "_Fields | str | None":
    """The form in the shape the validator reads; None where no signature could cover it (an uploaded file)."""
    if isinstance(form, str | bytes):
        # without the hash in the URL nothing binds the body to the signature
        return _text(form, "utf-8") if "bodySHA256=" in urlsplit(url).query else None
    fields = _Fields()
    for name in form:
        values = _values(form, name)
        if not all(isinstance(value, str) for value in values):
            return None
        fields[name] = values
    return fields


def _values(form: Mapping[str, object], name: str) -> list[str]:
    getlist = getattr(form, "getlist", None)
    value = getlist(name) if getlist is not None else form[name]
    return list(value) if isinstance(value, list | tuple) else [value]  # type: ignore[list-item]


class _Fields(dict[str, list[str]]):
    """Repeated fields, as twilio's validator asks for them."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def _text(raw: bytes | str, encoding: str = "latin-1") -> str:
    return raw.decode(encoding, errors="replace") if isinstance(raw, bytes) else raw
