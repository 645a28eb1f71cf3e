"""What the clinic can learn from: texts that went to staff unread by the bot, gathered into themes. Reads only."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.records.database import Database
from bot.records.tables import Inbound

LOOK_BACK_FOR = timedelta(days=90)
UNREAD = ("unclear", "off_sheet", "picture", "logistics")
# Words that name no theme, however often they come.
PLAIN_WORDS = frozenset(
    "a about after all am an and any are as ask at be been before but by can could day did do does for from get go got "
    "had has have hello hey hi how i if im in is it its just know like me my need no not now of ok okay on or our out "
    "please pls should so some still than thank thanks that the then there they this to today tomorrow u up ur use "
    "want was we what when where which who why will with would yes you your yours".split()
)
EXAMPLES = 3
WORD = re.compile(r"[a-z][a-z'-]+")


@dataclass(frozen=True)
class Theme:
    """What several unread texts have in common, with some of them; `file` is where words could be added."""

    name: str
    count: int
    examples: tuple[str, ...]
    file: str


def themes(database: Database, *, now: datetime, most: int = 20) -> list[Theme]:
    """The commonest themes of what the bot could not answer in the last 90 days, commonest first."""
    with database.session() as session:
        wanted = select(Inbound).where(col(Inbound.received_at) > now - LOOK_BACK_FOR, col(Inbound.body).is_not(None))
        unread = [row for row in session.exec(wanted) if (row.reading or {}).get("kind") in UNREAD]
    named: dict[str, list[str]] = {}
    unnamed: list[str] = []
    for row in unread:
        known = _known_theme(row)
        if known:
            named.setdefault(known, []).append(row.body or "")
        else:
            unnamed.append(row.body or "")
    found = [_theme(f"not in the sheet: {name}", texts, "answers.yaml") for name, texts in named.items()]
    found += [_theme(word, texts, "questions.yaml") for word, texts in _by_word(unnamed)]
    return sorted(found, key=lambda theme: (-theme.count, theme.name))[:most]


def _known_theme(row: Inbound) -> str | None:
    """A thing patients ask about that the sheet leaves out and the bot knows by name."""
    for reason in (row.reading or {}).get("why", ()):
        _, arrow, decided = str(reason).rpartition(" -> ")
        if arrow and decided.startswith("not in the sheet: "):
            return decided.removeprefix("not in the sheet: ")
    return None


def _by_word(texts: Sequence[str]) -> Iterable[tuple[str, list[str]]]:
    """Texts by the word most of them share; each text counts once, under its commonest word."""
    left = [(text, set(WORD.findall(text.casefold())) - PLAIN_WORDS) for text in texts]
    while left:
        counts = Counter(word for _, words in left for word in words)
        if not counts or max(counts.values()) < 2:
            break
        word = min(counts, key=lambda w: (-counts[w], w))
        yield word, [text for text, words in left if word in words]
        left = [(text, words) for text, words in left if word not in words]
    if left:
        yield "(each once)", [text for text, _ in left]


def _theme(name: str, texts: Sequence[str], file: str) -> Theme:
    return Theme(name, len(texts), tuple(dict.fromkeys(" ".join(t.split()) for t in texts))[:EXAMPLES], file)
