"""What the bot cannot read at all, and so must not take for small talk. Reads nothing itself."""

LAST_LATIN = "\u024f"
DISTRESS = frozenset(
    "\U0001f62d\U0001f622\U0001f630\U0001f631\U0001f628\U0001f627\U0001f912\U0001f915\U0001f635\U0001fa78"
)


def is_beyond_us(text: str) -> bool:
    """Another script, or a face in distress: nobody may take what cannot be read for small talk."""
    letters = [c for c in text if c.isalpha()]
    foreign = sum(c > LAST_LATIN for c in letters)
    return foreign * 2 > len(letters) or any(c in DISTRESS for c in text)
