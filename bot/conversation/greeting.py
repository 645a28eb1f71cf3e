"""Takes off what opens a text and says nothing: a greeting, and who is writing. Knows how names are given, and none."""

import re
from collections.abc import Container

_HELLO = (
    r"(?:hi|hey|hello|hiya|howdy|good (?:morning|afternoon|evening|day)|dear [A-Za-z]+|hola"
    r"|buenas?(?: (?:dias|tardes|noches))?)"
)
_THERE = r"(?: (?:there|all|everyone|team|guys|ladies|doctor|doc|dr\.? ?[A-Z]?[a-z]*|maam|sir))?"
# A name is told from "it's red" by its capital letter; after "my name is" anything is one.
_NAME = r"[A-Z][A-Za-z]+(?: [A-Z][A-Za-z.]*){0,2}"
_WHO = (
    rf"(?:(?i:this is|it is|it's|its|i am|i'm|im|soy|habla) {_NAME}(?: here)?"
    rf"|(?i:my name is|me llamo) [A-Za-z]+|{_NAME} here)"
)
_END = r"(?:\s*[,.!:;\u2013\u2014-]+\s*|\s*\n\s*)"
_OPENING = re.compile(
    rf"^\s*(?:(?i:{_HELLO}){_THERE}(?:{_END}|\s+(?={_WHO}))(?:(?P<who>{_WHO}){_END})?|(?P<alone>{_WHO}){_END})"
    r"(?=\S*[A-Za-z])"
)
SHORTEST_REST = 4


def without_greeting(text: str, *, means: Container[str]) -> str:
    """The text without its opening, where something follows that is more than an opening; else the text as it is.

    A word of the vocabulary (`means`) is no name: "It's Worse. My cheek..." loses nothing.
    """
    found = None if text.isupper() else _OPENING.match(text)
    if not found or len(text) - found.end() < SHORTEST_REST:
        return text
    named = re.findall(r"[A-Z][A-Za-z]+", found.group("who") or found.group("alone") or "")
    speaks = any(word.lower() in means for word in named if word.lower() not in _INTRODUCES)
    return text if speaks else text[found.end() :]


_INTRODUCES = frozenset("this is it its i am im my name here soy habla me llamo".split())
