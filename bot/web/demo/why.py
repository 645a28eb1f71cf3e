"""How the bot read a text, in plain words for the curious. Shows what was kept, and understands nothing itself."""

from typing import Any

from bot.content.model import Content
from bot.records.tables import Inbound

MOST_REASONS = 6
KINDS = {
    "question": "a question",
    "warning": "a warning sign",
    "mixed": "a question and a warning sign",
    "normal_effect": "a normal effect, reported",
    "unclear": "not understood",
    "opt_out": "no more texts, please",
    "opt_in": "texts again, please",
    "off_sheet": "nothing the care sheet speaks of",
    "yes_no": "an answer to our question",
}


def why(inbound: Inbound, content: Content) -> dict[str, Any]:
    """{"short": one line, "lines": [[term, [words, ...]], ...]} about how this text was read."""
    reading = inbound.reading or {}
    kind = str(reading.get("kind") or inbound.outcome or "")
    named = [
        *(content.signs[sign].name for sign in reading.get("signs", ()) if sign in content.signs),
        *(content.topics[topic].name for topic in reading.get("topics", ()) if topic in content.topics),
    ]
    lines: list[tuple[str, list[str]]] = [
        ("Text", [inbound.body or "(no words)"]),
        ("Read as", [_plain(KINDS.get(kind, kind))]),
        ("About", named),
        ("Command", [_plain(str(reading.get("command") or ""))]),
        ("Staff", [_plain(str(reading.get("urgency") or "not needed"))]),
        ("What decided", [_plain(reason) for reason in reading.get("why", ())][:MOST_REASONS]),
        ("Came to", [_plain(inbound.outcome or "")]),
    ]
    about = f": {', '.join(named)}" if named else ""
    return {
        "short": f"{_plain(KINDS.get(kind, kind))}{about}",
        "lines": [[term, said] for term, words in lines if (said := [w for w in words if w])],
    }


def _plain(words: str) -> str:
    return words.replace("_", " ")
