"""What Twilio makes of a webhook's answer: texts to send, a place to go on, or an alert. Pure; it must not send."""

from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree import ElementTree

from bot.sms.standin.poster import Posted

_TWIML = ("text/xml", "application/xml", "text/html")


def read(posted: Posted, url: str) -> "Reading":
    """Read an answer to a webhook at `url`. Addresses in it may be relative to that URL.

    text/plain is itself the text, whatever stands in it; a missing content type on a body is an alert and loses the
    reply.
    """
    if posted.http_status is None:
        return Reading(alert=11205 if posted.failed == "ct" else 11200)
    if posted.http_status >= 300:
        return Reading(alert=11200)
    if not posted.text:
        return Reading()
    if not posted.content_type:
        return Reading(alert=11200)
    kind = posted.content_type.partition(";")[0].strip().lower()
    if kind == "text/plain":
        return Reading(texts=(Text(posted.text),))
    return _twiml(posted.text, url) if kind in _TWIML else Reading(alert=12300)


@dataclass(frozen=True)
class Text:
    """One text to send; `to` and `from_` None mean back to where it came from."""

    body: str
    media: tuple[str, ...] = ()
    to: str | None = None
    from_: str | None = None
    status_callback: str | None = None


@dataclass(frozen=True)
class Reading:
    """The outcome of one answer. `alert` is the code in Twilio's error log."""

    texts: tuple[Text, ...] = ()
    redirect: str | None = None
    alert: int | None = None


def _twiml(document: str, url: str) -> Reading:
    try:
        root = ElementTree.fromstring(document)  # noqa: S314 - our own bot's answer, read by our own stand-in
    except ElementTree.ParseError:
        return Reading(alert=12100)
    if root.tag != "Response":
        return Reading(alert=12200)
    texts: list[Text] = []
    for verb in root:
        match verb.tag:
            case "Message":
                texts.append(_message(verb, url))
            case "Redirect":
                return Reading(tuple(texts), redirect=urljoin(url, (verb.text or "").strip()))
            case _:
                return Reading(tuple(texts), alert=12200)
    return Reading(tuple(texts))


def _message(verb: ElementTree.Element, url: str) -> Text:
    body = verb.find("Body")
    words = verb.text if body is None else "".join(body.itertext())
    callback = verb.get("action") or verb.get("statusCallback")  # action wins where both are given
    return Text(
        body=(words or "").strip(),
        media=tuple((media.text or "").strip() for media in verb.findall("Media")),
        to=verb.get("to"),
        from_=verb.get("from"),
        status_callback=urljoin(url, callback) if callback else None,
    )
