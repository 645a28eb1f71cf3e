"""Who has said STOP, and what the carrier answers to its keywords. It must not know what the bot would answer.

Words and rules are Twilio's defaults for long codes and toll-free numbers, and its Advanced Opt-Out.
"""

from collections.abc import Mapping

STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
HELP_WORDS = frozenset({"HELP", "INFO"})

_STOPPED = "You have successfully been unsubscribed. You will not receive any more messages from this number."
_STARTED = "You have successfully been re-subscribed to messages from this number. Reply HELP for help."
_HELP = "Reply STOP to unsubscribe. Message and data rates may apply."


class OptOuts:
    """The carrier's block list for our number.

    `advanced` stands for Advanced Opt-Out: webhooks then carry OptOutType, and `words` may add keywords, each mapped to
    STOP, START or HELP. `late` lets a create to a blocked number through and fails the message afterwards, as Twilio
    sometimes does. On a toll-free number only START and UNSTOP re-open.
    """

    def __init__(
        self,
        *,
        advanced: bool = False,
        late: bool = False,
        toll_free: bool = False,
        words: Mapping[str, str] | None = None,
    ) -> None:
        self.advanced = advanced
        self.late = late
        self.toll_free = toll_free
        self._words = {word.upper(): meaning for word, meaning in (words or {}).items()} if advanced else {}
        self.blocked: set[str] = set()

    def hear(self, number: str, body: str) -> tuple[str | None, str | None]:
        """Take in a text: its meaning (STOP, START, HELP or None) and the carrier's own answer to it, if any."""
        meaning = self._meaning(body)
        match meaning:
            case "STOP" if number not in self.blocked:
                self.blocked.add(number)
                return meaning, _STOPPED
            case "START" if number in self.blocked:
                self.blocked.discard(number)
                return meaning, _STARTED
            case "HELP" if number not in self.blocked:
                return meaning, _HELP
            case _:
                return meaning, None

    def __contains__(self, number: str) -> bool:
        return number in self.blocked

    def _meaning(self, body: str) -> str | None:
        """The keyword's meaning where it is the whole text, in any case; "OPT OUT" in two words is none."""
        word = body.strip().upper()
        if word in self._words:
            return self._words[word]
        if word in STOP_WORDS:
            return "STOP"
        if word in START_WORDS:
            return None if self.toll_free and word == "YES" else "START"
        return "HELP" if word in HELP_WORDS else None
