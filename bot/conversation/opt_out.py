"""Finds the wish for no more texts in plain words. What patients stop, end or cut otherwise is none of its business.

Carriers stop a number only for their own whole-message keywords; the law asks that any clear wording is honoured
(47 CFR 64.1200(a)(10)), so this reads the rest.
"""

import re

from bot.conversation.normalize import Plain

_TEXTS = (
    r"(?:text|texts|texting|texted|message|messages|messaging|msging|reminder|reminders"
    r"|notification|notifications|alerts|sms|spam|spamming"
    r"|texters|mensajes|automated|blasts)"
)
_MORE = r"(?:more|any ?more|any other|further|other|additional|mas)"
_FEW = r"(?:\W+\w+){0,4}?\W+"
_PATTERNS = [
    # an end, and texts
    rf"\b(?:stop|quit|cease|end|cancel|halt|discontinue|suspend|pause|revoke|finish)\b{_FEW}{_TEXTS}\b",
    r"\b(?:stop|quit|cease) (?:texting|messaging|sending|contacting|bothering|spamming|writing"
    r"|blowing|hitting|bugging|pinging)\b",
    rf"\b{_TEXTS}\b(?:\W+\w+){{0,3}}?\W+(?:to )?(?:stop|end|cease)\W*$",
    rf"\b(?:turn|shut|switch)\b(?:\W+\w+){{0,4}}?\W+off\b{_FEW}?{_TEXTS}\b|\b(?:turn|shut"
    rf"|switch)\b{_FEW}{_TEXTS}\b(?:\W+\w+){{0,2}}?\W+off\b",
    rf"\b(?:turn|shut|switch) off\b{_FEW}{_TEXTS}\b",
    rf"\b(?:done|finished|through|over it|had it|fed up)\b.{{0,25}}?\bwith (?:all )?(?:of "
    rf")?(?:these|the|your|this|those) (?:\w+ )?{_TEXTS}\b",
    rf"\b(?:pack|jack|knock)\b(?:\W+\w+){{0,2}}? in\b{_FEW}?(?:the |these |those |your )?{_TEXTS}\b"
    r"|\b(?:pack|jack) it in\b",
    rf"\b(?:{_TEXTS}|smss|msgs?|this phone|this number)\W+(?:please )?(?:remove|delete|unsubscribe)\W*$",
    rf"\b(?:sufficient|plenty of|quite enough|had enough|enough already|nuff already|enough of)\b{_FEW}{_TEXTS}\b",
    rf"\b(?:f\w{{0,5}}|duck|piss|bugger|sod|naff|eff|get) off\b(?:\W+with)?(?:\W+\w+){{0,2}}?\W+{_TEXTS}\b",
    rf"\b(?:give|spare)\b(?:\W+\w+){{0,2}}?\W+(?:the|these|your|all the) {_TEXTS} a (?:rest|break)\b"
    rf"|\bspare (?:me|us|yourselves)\b{_FEW}{_TEXTS}\b",
    rf"\b(?:lay off|knock off|ease off|hold off) (?:on )?(?:with )?(?:the|these|those|your) {_TEXTS}\b",
    r"\b(?:do not|never|not)\W+(?:please )?(?:write|send|text|message)\W+(?:any ?more|anything|again)\b"
    r"(?!\W+(?:in|on) my (?:file|chart|form))",
    r"^(?:khalas|just|yo|bro|bruh|mate|hey|yes|and|enough|basta) stop$",
    # no texts
    rf"\b(?:no|not|never|without)\b(?:\W+\w+){{0,3}}?\W+{_MORE}\b{_FEW}{_TEXTS}\b",
    rf"\bno {_MORE}\W+(?:\w+\W+){{0,2}}{_TEXTS}\b|\bno {_MORE} (?:of (?:these|them|this|those)"
    rf"|please|thanks|thank you|ok)\b",
    rf"\b(?:do not|not|never)\b(?:\W+\w+){{0,2}}?\W+(?:want|need|like|wish|care"
    rf"|require)\b(?:\W+\w+){{0,5}}?\W+{_TEXTS}\b",
    rf"\b(?:no longer|not interested)\b(?:\W+\w+){{0,5}}?\W+(?:{_TEXTS}|receiv\w+)\b",
    r"\b(?:do not|not|never|no)\b(?:\W+\w+){0,2}?\W+(?:text|message|contact|msg|send"
    r"|write)\b(?:\W+\w+){0,3}?\W+(?:me|us|this|here|again|anymore|any ?more|any other|others"
    r"|these|them|those|more)\b",
    r"\b(?:do not|never) (?:want|need|like) (?:these|them|this|those) (?:anymore|any more|no more)\b",
    r"\b(?:do not|never|please not) (?:text|message|contact|msg)(?: me| us)?\W*$",
    rf"\brather\b.{{0,30}}\b(?:than|instead of)\b(?:\W+\w+){{0,2}}?\W+{_TEXTS}\b",
    # off a list
    r"\b(?:take|remove|delete|drop|get|cut|keep|leave) (?:me|us|my (?:phone |cell )?number|my "
    r"name|this number|this phone) (?:off|out|from)\b",
    r"\b(?:remove|delete|erase|lose|forget|block|drop|scratch) (?:me|us|my (?:phone |cell |mobile "
    r")?number|my info|this number|this phone|my contact)\b(?!\W+(?:know|a|if|not|from work|for "
    r"the))",
    rf"\b(?:take|remove|delete|drop)\b(?:\W+\w+){{0,3}}?\W+(?:off|from|out "
    rf"of)\b(?:\W+\w+){{0,3}}?\W+(?:list|database|system|contacts|roster|{_TEXTS})\b",
    rf"\b(?:cut|get) me off\b|\bget off (?:these|this|the|your) (?:\w+ )?(?:{_TEXTS}|list)\b",
    # the words of the law, and plain annoyance
    r"\bopt(?:ing|ed)? (?:me |us )?out\b|\bsign me out\b|\bunsubscri\w*|\bunsuscri\w*|\bunsub\b",
    r"\b(?:revoke|withdraw)\b(?:\W+\w+){0,2}?\W+(?:consent|permission)\b",
    r"\bleave (?:me|my phone|us|this number|this phone) (?:alone|be)\b|\blose my number\b|\bno "
    r"mas (?:mensajes|textos)\b|\bno me (?:mande|manden|envie|envien|escriba|escriban)\b|\bdejen? "
    r"de (?:mandar|enviar|escribir)\w*",
    rf"\b(?:enough|sick|tired|fed up|annoyed)\b(?:\W+\w+){{0,2}}?\W+(?:of|with|by)\b(?:\W+\w+){{0,3}}?\W+{_TEXTS}\b",
    rf"\b(?:enough|too many|so many|these annoying)\b(?:\W+\w+)?\W+{_TEXTS}\b|\benough w(?:ith)? the {_TEXTS}\b",
    rf"\b{_TEXTS}\b(?:\W+\w+){{0,6}}?\W+(?:too many|too much|enough|annoying|no more|leave me "
    rf"alone|pain in the|a pain)\b",
    rf"^(?:please )?no {_TEXTS}(?: please| thanks| thank you)?$",
    r"\b(?:number|person|spam|said|saying|please|patient) stop$",
    r"\b(?:please|pls|kindly|just|now) (?:quit|stop) it\b|^\W*(?:please |kindly |ok |hey |hi "
    r"|just )?stop\b\W*(?:please|thanks|now|it|this|these|all|everything|ok)?\W*(?:please|thanks"
    r"|now)?\W*$",
]
_OPT_OUT = [re.compile(p) for p in _PATTERNS]
# A cheap look before the patterns: almost no text has any of these words.
_MAY_BE = re.compile(
    rf"\b(?:{_TEXTS}|stop|quit|unsub\w*|unsus\w*|opt\w*|remove|delete|erase|number|list|alone"
    rf"|pack|jack|duck|write|longer|receive|interested|consent|permission|mas|me|dejen?|lose|block|forget|send|sending"
    rf"|these|contact|writing)\b"
)
# Words that make the text about a visit or about care, in which stopping or cancelling means something else.
_VISIT = re.compile(
    r"\b(?:appt|appointment|booking|session|visit|treatment|procedure|slot|facial|on (?:mon|tue"
    r"|wed|thu|fri|sat|sun))\w*"
)
_CARE = re.compile(
    r"\b(?:bleed|ooz|itch|cry|leak|weep|taking|take my|using|use|retin|tret|advil|aspirin|medic"
    r"|cream|pain|swell|redness)\w*"
)
_ASKS_OF_CARE = re.compile(
    r"\b(?:should|do|did|must|have to|need to|when|until|till|before|can) i\b(?:\W+\w+){0,3}\W+(?:stop|quit|end)\b"
)


def opt_out_wish(plain: Plain) -> str | None:
    """Return the words by which a text asks for no more texts, or None."""
    text = " ".join(plain.typed)
    if not _MAY_BE.search(text):
        return None
    for pattern in _OPT_OUT:
        found = pattern.search(text)
        if found and not _means_something_else(text, found):
            return found.group()
    return None


def _means_something_else(text: str, found: re.Match[str]) -> bool:
    """Whether the words are about a visit or care, or denied themselves ("don't stop the texts")."""
    words = found.group()
    if re.search(r"\b(?:not|never)\W+$", text[: found.start()]) and words.startswith(("stop", "quit", "cancel", "end")):
        return True
    if re.search(rf"\b{_TEXTS}\b", words):
        return bool(_VISIT.search(words)) or text.startswith("when ")
    return bool(
        _VISIT.search(text[max(0, found.start() - 10) : found.end() + 25])
        or _CARE.search(words)
        or _ASKS_OF_CARE.search(text)
    )
