"""How many segments a text costs and in which encoding, as the carrier counts. It must not depend on how we count.

This count is kept apart from the bot's own on purpose: two independent ones can check each other.
"""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[]~|€")


def count(body: str) -> tuple[int, str]:
    """Segments and "GSM-7" or "UCS-2". An empty text (a picture alone) still is one."""
    if all(character in _BASIC or character in _EXTENDED for character in body):
        return _parts([2 if character in _EXTENDED else 1 for character in body], alone=160, joined=153), "GSM-7"
    return _parts([2 if ord(character) > 0xFFFF else 1 for character in body], alone=70, joined=67), "UCS-2"


def _parts(costs: list[int], *, alone: int, joined: int) -> int:
    """Fill part after part; a character of two units is never cut, it moves to the next part as a whole."""
    if sum(costs) <= alone:
        return 1
    parts, used = 1, 0
    for cost in costs:
        if used + cost > joined:
            parts, used = parts + 1, 0
        used += cost
    return parts
