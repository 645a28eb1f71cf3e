"""Finds what a text asks the bot itself to do: stop, start, help, confirm, move, yes, no.

Never takes a symptom for a wish.
"""

from bot.conversation.model import Command
from bot.conversation.normalize import Plain
from bot.conversation.opt_out import is_about_care_or_a_visit, opt_out_wish, without_slips

# What carriers take for STOP where it is the whole text.
_CARRIERS_STOP = frozenset("stop stopall unsubscribe cancel end quit revoke optout".split())
_STOP_WORDS = frozenset(
    "stop stopall unsubscribe cancel end quit revoke optout remove delete enough unsub spam "
    "arret alto pare parar basta stopp cancelar abmelden desabonner baja discontinue desist".split()
)
# Other words of the carriers' say too little inside a longer text.
_STOPS_A_CLAUSE = frozenset("stop stopall unsubscribe optout remove discontinue desist unsub".split())
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

    A single word is a command only if it stands alone; a wish in more words is none yet (`wish_for_no_more`).
    """
    words = _spelled_out(plain.typed)
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
    return None


def wish_for_no_more(plain: Plain) -> str | None:
    """The words by which a text that is more than a command asks for no more texts, or None."""
    return opt_out_wish(plain) or _stop_in_a_clause(plain)


def _spelled_out(words: tuple[str, ...]) -> tuple[str, ...]:
    """ "S T O P" is one word."""
    return ("".join(words),) if len(words) > 2 and all(len(word) == 1 for word in words) else words


def _stop_in_a_clause(plain: Plain) -> str | None:
    """The word by which a clause that says nothing else stops: "stop pls, changed clinic"; and not what it is about,
    and not where it is asked of that ("eliquis, stop it?").
    """
    for clause in dict.fromkeys(token.clause for token in plain.tokens):
        tokens = [token for token in plain.tokens if token.clause == clause]
        said = [token.typed for token in tokens]
        rest = [word for word in said if word not in _POLITE]
        asks = len(said) < len(plain.tokens) and plain.is_asked(tokens[-1])
        if len(rest) == 1 and rest[0] in _STOPS_A_CLAUSE and not asks and not is_about_care_or_a_visit(plain):
            return rest[0]
    return " ".join(said) if plain.tokens and said == ["no", "more"] else None


def is_a_carriers_stop(text: str) -> bool:
    """Whether the whole text is a keyword that carriers take for STOP; too simple to fail where reading fails."""
    return text.strip().strip(".!").casefold() in _CARRIERS_STOP


def _single_word(word: str, text: str) -> Command | None:
    raw = text.strip().lower().strip(".!? ")
    if without_slips(word) in _STOP_WORDS:
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
