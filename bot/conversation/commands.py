"""Finds what a text asks the bot itself to do: stop, start, help, confirm, move, yes, no.

Never takes a symptom for a wish.
"""

from bot.conversation.model import Command
from bot.conversation.normalize import Plain
from bot.conversation.opt_out import opt_out_wish

_STOP_WORDS = frozenset(
    "stop stopall unsubscribe cancel end quit revoke optout remove delete enough unsub spam "
    "arret alto pare parar basta stopp cancelar".split()
)
_STOP_TYPOS = frozenset(
    "stpo sotp tsop stoop stob sto0p stop0 st0p stope atop sstop stip stpp unsubscibe unsubcribe "
    "unsuscribe unsubscribed unsubscrib".split()
)
# Whole messages in other scripts; their letters are not read as words.
_STOP_ELSEWHERE = frozenset(("стоп", "停止", "退订", "توقف", "停"))
_START_WORDS = frozenset("start unstop restart resubscribe subscribe".split())
_HELP_WORDS = frozenset("help info ayuda aide".split())
_CONFIRM_WORDS = frozenset("c confirm confirmed confirming confirmo".split())
_MOVE_WORDS = frozenset("move reschedule rebook mover".split())
_POLITE = frozenset(
    "please thanks thank you now ok the this these it all sir maam hi hello hey dear clinic team "
    "everyone and sorry lol".split()
)


def command(plain: Plain) -> tuple[Command, str] | None:
    """Return the command of a text and the words that made it, or None.

    A single word is a command only if it stands alone.
    """
    words = plain.typed
    rest = tuple(w for w in words if w not in _POLITE) or words
    whole = " ".join(words)
    if plain.text.strip(" .!") in _STOP_ELSEWHERE:
        return Command.STOP, plain.text.strip()
    if len(rest) == 1:
        found = _single_word(rest[0], plain.text)
        if found:
            return found, rest[0]
    if " ".join(rest) in ("opt out", "stop all", "opt-out"):
        return Command.STOP, whole
    return (Command.STOP, wish) if (wish := opt_out_wish(plain)) else None


def _single_word(word: str, text: str) -> Command | None:
    raw = text.strip().lower().strip(".!? ")
    if word in _STOP_WORDS or word in _STOP_TYPOS:
        return Command.STOP
    if word in _START_WORDS:
        return Command.START
    if word in _HELP_WORDS:
        return Command.HELP
    if word in _CONFIRM_WORDS:
        return Command.CONFIRM
    if word in _MOVE_WORDS:
        return Command.MOVE
    if raw in ("y", "yes", "yep", "yeah", "yup", "si"):
        return Command.YES
    if raw in ("n", "no", "nope", "nah"):
        return Command.NO
    return None
