"""The answer to an inbound text, in TwiML. It must not decide what is said."""

import re
from xml.sax.saxutils import escape, quoteattr

CONTENT_TYPE = "text/xml"


def reply(text: str | None, *, status_callback: str | None = None) -> str:
    """TwiML that sends `text` back, or that sends nothing (None, or nothing but blanks).

    Serve it as CONTENT_TYPE: as text/plain Twilio would text the XML itself to the patient. `status_callback` is where
    Twilio reports what became of the reply; TwiML replies carry no SID back to us any other way.
    """
    words = _FORBIDDEN_IN_XML.sub("", text or "")
    if not words.strip():
        return f"{_PROLOGUE}<Response />"
    callback = f" statusCallback={quoteattr(status_callback)}" if status_callback else ""
    return f"{_PROLOGUE}<Response><Message{callback}><Body>{escape(words)}</Body></Message></Response>"


_PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>'

# one such character makes the whole document unreadable, and the patient gets no answer
_FORBIDDEN_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
