"""Why a text was answered as it was: plain words first, then what the machinery noted. Understands nothing itself."""

import re
from html import unescape
from typing import Any

from bot.care.model import Appointment
from bot.content.model import Content
from bot.records.tables import Inbound
from bot.web.demo.grounds import Grounds, grounds

KINDS = {
    "question": "a question",
    "warning": "a warning sign",
    "mixed": "a question and a warning sign",
    "normal_effect": "a normal effect, reported",
    "off_sheet": "something the care sheet does not speak of",
    "logistics": "about the visit itself",
    "unclear": "not understood",
    "opt_out": "no more texts, please",
    "opt_in": "texts again, please",
    "help": "a request for help",
    "yes_no": "an answer to our question",
    "confirm": "a confirmation of the appointment",
    "move": "a wish for another time",
    "chitchat": "friendly words that need no answer",
    "wrong_number": "meant for somebody else",
    "auto_reply": "an automatic answer",
    "empty": "a text without words",
    "picture": "a picture",
}
NOT_NEEDED = "not needed"
ASKS_OF_THE_SHEET = ("question", "off_sheet", "unclear", "logistics")
# The patient's own words stand in the reasons as repr() writes them; "perhaps" and the opinions are for the curious.
WORDS_HEARD = re.compile(r"""(?:command|sign|topic|effect): (['"])(.+)\1 -> """)


def why(inbound: Inbound, content: Content, appointment: Appointment, *, case: int | None) -> dict[str, Any]:
    """How this text was read and answered; `case` is the code of the escalation it opened.

    {"short": one line, "lines": [[term, [words, ...], whether they are quoted], ...], "technical": the same without
    the last}
    """
    reading = inbound.reading or {}
    found = grounds(
        unescape(inbound.answer_xml or ""),
        content,
        appointment,
        topics=reading.get("topics", ()),
        signs=reading.get("signs", ()),
        at=inbound.received_at,
    )
    understood, staff = _understood(inbound, content), _staff(inbound, case)
    lines = [
        ("Text", [inbound.body or "(no words)"], False),
        ("Understood", [understood], False),
        ("Going by", [_heard(reading.get("why", ()))], False),
        ("Care sheet", *_sheet(inbound, found, is_left_to_staff=staff != NOT_NEEDED)),
        ("Time", list(found.times), False),
        ("Staff", [staff], False),
    ]
    return {
        "short": understood,
        "lines": [[term, said, quoted] for term, words, quoted in lines if (said := [w for w in words if w])],
        "technical": [[term, said] for term, words in _technical(inbound) if (said := [w for w in words if w])],
    }


def _understood(inbound: Inbound, content: Content) -> str:
    """ "a question about exercise", "a warning sign: discharge"."""
    reading, kind = inbound.reading or {}, _kind(inbound)
    named = [
        *(content.signs[sign].name for sign in reading.get("signs", ()) if sign in content.signs),
        *(content.topics[topic].name for topic in reading.get("topics", ()) if topic in content.topics),
    ]
    if reading.get("command") in ("yes", "no"):
        named.insert(0, reading["command"])
    between = " about " if kind == "question" else ": "
    return KINDS.get(kind, kind.replace("_", " ")) + (between + ", ".join(named) if named else "")


def _heard(reasons: list[str]) -> str:
    heard = dict.fromkeys(match[2] for reason in reasons if (match := WORDS_HEARD.match(reason)))
    return ", ".join(f"\u201c{words}\u201d" for words in heard)


def _sheet(inbound: Inbound, found: Grounds, *, is_left_to_staff: bool) -> tuple[list[str], bool]:
    if not found.quotes and is_left_to_staff and _kind(inbound) in ASKS_OF_THE_SHEET:
        return ["No sentence of it answers this, so a human does."], False
    return list(found.quotes), True


def _staff(inbound: Inbound, case: int | None) -> str:
    urgency = (inbound.reading or {}).get("urgency")
    if case is not None:
        return f"case {case}, {urgency or 'routine'}: they were alerted"
    if inbound.outcome == "handed on":
        return "passed on to whoever has the case"
    told = urgency or (inbound.outcome or "").startswith("asks about")
    return "told, with the case that is open" if told else NOT_NEEDED


def _technical(inbound: Inbound) -> list[tuple[str, list[str]]]:
    reading = inbound.reading or {}
    return [
        ("Kind", [_kind(inbound)]),
        ("Command", [str(reading.get("command") or "")]),
        ("Urgency", [str(reading.get("urgency") or "none")]),
        ("Came to", [inbound.outcome or ""]),
        ("Reasons", [str(reason) for reason in reading.get("why", ())]),
    ]


def _kind(inbound: Inbound) -> str:
    return str((inbound.reading or {}).get("kind") or inbound.outcome or "")
