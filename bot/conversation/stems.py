"""Brings the inflected forms of an English word to one key, so that "flaking" finds "flake". Knows no meanings."""

from functools import lru_cache

_IRREGULAR = dict(
    pair.split("=")
    for pair in """
swollen=swell swelled=swell bled=bleed ran=run went=go gone=gone goes=go going=go felt=feel broke=break
broken=break burnt=burn hurts=hurt slept=sleep wore=wear worn=wear took=take taken=take taking=take
tore=tear torn=tear woke=wake woken=wake grew=grow grown=grow came=come began=begin got=get gotten=get
getting=get did=do done=done doing=do does=do has=have had=have having=have was=was lying=lie laying=lay
dying=dying bruising=bruise oozing=ooze teeth=tooth wept=weep fell=fall fallen=fall kept=keep left=left
made=make said=say told=tell stung=sting blew=blow blown=blow shone=shine lost=lose sent=send bought=buy
drank=drink ate=eat thought=think forgot=forget regretting=regret vomiting=vomit benefiting=benefit
itching=itch aching=ache ached=ache tubing=tub gyms=gym needling=needling feeling=feel meds=med
bleeding=bleed during=during evening=evening morning=morning nothing=nothing something=something
anything=anything everything=everything ceiling=ceiling wedding=wedding clothing=clothing being=be been=be
series=series always=always perhaps=perhaps sometimes=sometimes yes=yes gas=gas pus=pus puss=pus puses=pus
lens=lens scared=scared need=need indeed=indeed red=red bed=bed med=med shed=shed led=led ed=ed speed=speed
feed=feed seed=seed bleed=bleed weed=weed hundred=hundred wicked=wicked naked=naked swing=swing
string=string spring=spring bring=bring sting=sting thing=thing king=king wing=wing sibling=sibling
darling=darling its=its his=his this=this us=us is=is as=as plus=plus news=news less=less abs=abs shes=shes
hes=hes retinals=retinal worried=worried worries=worry tired=tired freaking=freak freaked=freak
stressing=stress pissed=pissed
""".split()
)
_NO_SILENT_E = (
    "er",
    "en",
    "on",
    "or",
    "et",
    "it",
    "al",
    "ow",
    "in",
    "el",
    "ol",
    "ok",
    "ay",
    "oy",
    "ey",
    "ew",
    "ck",
    "x",
)
_VOWELS = "aeiou"


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the key of a lower-case word: plural, -ing and -ed taken off, doubled letters and silent e put right.

    Comparatives stay ("redder" is news, "red" is not), and so do adjectives in -y.
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.isalpha():
        return word
    for ending in ("ing", "ed"):
        base = word[: -len(ending)]
        if word.endswith(ending) and len(base) >= 2 and any(c in "aeiouy" for c in base):
            return _base_of_verb(base, ending)
    return _singular(word)


def _base_of_verb(base: str, ending: str) -> str:
    if ending == "ed" and base.endswith("i"):
        return base[:-1] + "y"
    if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "lszfe":
        return base[:-1]
    if base.endswith(("s", "z", "v", "c", "g", "u")) and not base.endswith(("ss", "zz", "ng")):
        return base + "e"
    if base[-1] == "l" and base[-2] not in _VOWELS + "lrw":
        return base + "e"
    return base + "e" if _wants_silent_e(base) else base


def _wants_silent_e(base: str) -> bool:
    """Whether a short base ends consonant-vowel-consonant, as "shav" of "shaving" does."""
    if len(base) < 3:
        return len(base) == 2
    ends_cvc = base[-1] not in _VOWELS + "wxy" and base[-2] in _VOWELS and base[-3] not in _VOWELS
    return ends_cvc and not (len(base) > 4 and base.endswith(_NO_SILENT_E))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
