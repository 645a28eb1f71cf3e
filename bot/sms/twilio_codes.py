"""Every Twilio error code we know, what it means and what to do next, in one table. It must not act on any of them.

Source: Twilio's error dictionary and guides; a code is here because it can reach a clinic that sends SMS.
"""

from dataclasses import dataclass

from bot.sms.gateway import Kind


def classify(code: int | None, http_status: int | None = None) -> "CodeInfo":
    """What a code means; for a code that is not in the table the HTTP status decides.

    `http_status` is None for a code that came by status callback. An unknown refusal is permanent with an alarm: trying
    it again for ever costs money and hides the news. A 5xx is ambiguous whatever its code says, for Twilio may have
    created the message before it failed.
    """
    if http_status is not None and (http_status >= 500 or http_status == 408):
        known = TABLE.get(code)
        return known if known and known.kind is Kind.AMBIGUOUS else _server_failed(code, http_status)
    if code in TABLE:
        return TABLE[code]
    return _unlisted(code, http_status)


@dataclass(frozen=True)
class CodeInfo:
    """One code: its kind, the words staff read, what they can do, how many more tries make sense, alarm or not.

    `further_tries` is None where it is worth trying as long as the text is useful. `alarm` asks for a human who runs
    the system, not for one who looks after the patient.
    """

    code: int | None
    kind: Kind
    words: str
    remedy: str
    further_tries: int | None = 0
    alarm: bool = False


def _server_failed(code: int | None, http_status: int) -> CodeInfo:
    words = f"Twilio failed while taking the text (HTTP {http_status})"
    return CodeInfo(code, Kind.AMBIGUOUS, words, "Nothing to do: it is looked up at Twilio before it is sent again.")


def _unlisted(code: int | None, http_status: int | None) -> CodeInfo:
    named = f"code {code}" if code is not None else f"HTTP {http_status}"
    if http_status in (401, 403) or (code is None and http_status is not None and http_status in NOT_THE_API):
        words = f"Something other than Twilio's API answered, or it refused our account ({named})"
        remedy = "See to the account in the Twilio console; check TWILIO_ACCOUNT_SID."
        return CodeInfo(code, Kind.CONFIGURATION, words, remedy, None, True)
    if http_status == 429:
        return CodeInfo(code, Kind.RETRY, "Twilio asked us to slow down", "Nothing to do: it is sent again.", None)
    words = f"Twilio refused the text for a reason we do not know ({named})"
    return CodeInfo(code, Kind.PERMANENT, words, f"Look up {_page(code)}, and call the patient.", 0, True)


def _page(code: int | None) -> str:
    return f"https://www.twilio.com/docs/api/errors/{code}" if code is not None else "the Twilio console's error log"


def _permanent(code: int, words: str, remedy: str) -> CodeInfo:
    return CodeInfo(code, Kind.PERMANENT, words, remedy)


def _ours(code: int, words: str, remedy: str) -> CodeInfo:
    return CodeInfo(code, Kind.PERMANENT, words, remedy, alarm=True)


def _configuration(code: int, words: str, remedy: str) -> CodeInfo:
    return CodeInfo(code, Kind.CONFIGURATION, words, remedy, further_tries=None, alarm=True)


def _retry(code: int, words: str, remedy: str, tries: int | None = None) -> CodeInfo:
    return CodeInfo(code, Kind.RETRY, words, remedy, further_tries=tries)


def _ambiguous(code: int, words: str) -> CodeInfo:
    return CodeInfo(code, Kind.AMBIGUOUS, words, "Nothing to do: it is looked up at Twilio before it is sent again.")


# What answers so without a code is not Twilio's API, or not at the address we think.
NOT_THE_API = frozenset({*range(300, 400), 404, 405})

_CHECK_NUMBER = "Ask the patient for their mobile number and correct it."
_CALL = "Call the patient instead."
_WAIT = "Nothing to do: it is sent again while it is still useful."
_WEB = "Check PUBLIC_BASE_URL, and that the web process runs."
_BUG = "Report it to whoever runs the bot: the text was built wrongly."
_CONSOLE = "Put it right in the Twilio console; sending resumes by itself."

_ROWS = (
    # our account and our settings
    _configuration(10001, "Our Twilio account is not active", "See to the account in the Twilio console."),
    _configuration(20003, "Twilio refuses our account or password", "Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN."),
    _configuration(20005, "Our Twilio account is not active", "See to the account in the Twilio console."),
    _configuration(20006, "Twilio denies our account access", "See to the account in the Twilio console."),
    _configuration(20008, "The token is one for tests only", "Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN."),
    _configuration(20404, "Twilio does not know what we asked for", "Check TWILIO_ACCOUNT_SID and TWILIO_API_BASE."),
    _configuration(21212, "The number we send from is not valid", "Check TWILIO_FROM."),
    _configuration(21408, "Texts to this country are switched off", "Allow the country under Geo permissions."),
    _configuration(21601, "The number we send from cannot text", "Check TWILIO_FROM."),
    _configuration(21603, "No number to send from was given", "Set TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID."),
    _configuration(21606, "The number we send from is not ours or cannot text", "Check TWILIO_FROM."),
    _configuration(21607, "A trial account may not send from this number", "Upgrade the Twilio account."),
    _configuration(21608, "A trial account may text verified numbers only", "Upgrade the Twilio account."),
    _configuration(21609, "Twilio does not accept our callback address", "Check PUBLIC_BASE_URL: no underscore in it."),
    _configuration(21616, "Several of our numbers look like the one we send from", "Write TWILIO_FROM in full: +1..."),
    _configuration(21659, "The number we send from is not Twilio's", "Check TWILIO_FROM; porting may not be done."),
    _configuration(21660, "The number we send from is another account's", "Check TWILIO_FROM, TWILIO_ACCOUNT_SID."),
    _configuration(21661, "The number we send from cannot text", "Check TWILIO_FROM."),
    _configuration(21701, "The Messaging Service does not exist", "Check TWILIO_MESSAGING_SERVICE_SID."),
    _configuration(21703, "The Messaging Service has no number that can send", _CONSOLE),
    _configuration(21704, "The Messaging Service has no number to send from", _CONSOLE),
    _configuration(21705, "The Messaging Service is not valid", "Check TWILIO_MESSAGING_SERVICE_SID."),
    _configuration(30002, "Our Twilio account is suspended", "See to the account in the Twilio console."),
    _configuration(30032, "Our toll-free number is not verified", _CONSOLE),
    _configuration(30034, "Our number is not registered with the US carriers", "Register it for A2P 10DLC."),
    _configuration(30035, "Our number is still being set up by the carriers", "Wait for the registration to finish."),
    _configuration(30450, "Twilio's fraud guard blocked the text", _CONSOLE),
    _configuration(63007, "Our WhatsApp sender is not known", _CONSOLE),
    _configuration(90010, "Our Twilio account is not active", "See to the account in the Twilio console."),
    # taken later
    _retry(20429, "Twilio asked us to slow down", _WAIT),
    _retry(21611, "Ten hours of texts are waiting to leave our number", "Send less at once, or add a number."),
    _retry(30001, "Too many texts were waiting to leave", _WAIT),
    _retry(30003, "The phone could not be reached (off or no signal)", "If it matters now, call the patient.", 2),
    _retry(30008, "The carrier failed without saying why", "If it matters now, call the patient.", 1),
    _retry(30017, "The carrier's network was crowded", _WAIT),
    _retry(30022, "We sent faster than the carriers allow", "Lower MESSAGES_PER_SECOND."),
    _retry(30023, "The carrier's daily limit is reached", "It is sent after midnight Pacific time."),
    _retry(30036, "The text waited too long and was dropped", _WAIT),
    _retry(30047, "It fell in quiet hours and could not be moved", _WAIT),
    _retry(30610, "It fell in Twilio's quiet hours", _WAIT),
    _retry(63018, "The channel asked us to slow down", _WAIT),
    _retry(63038, "The channel's daily limit is reached", _WAIT),
    # perhaps sent
    _ambiguous(20500, "Twilio failed while taking the text"),
    _ambiguous(20503, "Twilio was unavailable while taking the text"),
    _ambiguous(30410, "The carrier did not answer in time"),
    # the recipient
    CodeInfo(21610, Kind.OPT_OUT, "The patient has opted out (STOP)", "Call instead; only their START re-opens texts."),
    _permanent(21211, "This is not a phone number", _CHECK_NUMBER),
    _permanent(21612, "This number cannot be reached by text", _CHECK_NUMBER),
    _permanent(21614, "This is not a mobile number", _CHECK_NUMBER),
    _permanent(30004, "The phone or its carrier blocks our texts", _CALL),
    _permanent(30005, "The number is unknown or no longer in use", _CHECK_NUMBER),
    _permanent(30006, "This is a landline, or its carrier takes no texts", _CHECK_NUMBER),
    _permanent(63003, "The recipient is not on this channel", _CALL),
    _permanent(63016, "WhatsApp allows only templates a day after the last message", _CALL),
    _permanent(63024, "The recipient is not valid on this channel", _CHECK_NUMBER),
    _permanent(63032, "WhatsApp holds this recipient out of messages", _CALL),
    # our words or our code
    _ours(30007, "The carrier's filter took it for spam", "Reword the text, and call the patient."),
    _ours(21602, "The text was empty", _BUG),
    _ours(21604, "No recipient was given", _BUG),
    _ours(21617, "The text was over 1,600 characters", _BUG),
    _ours(21620, "The picture's address was not valid", _BUG),
    _ours(30045, "The text's time limit was out of range", _BUG),
    _ours(90007, "The text's time limit was out of range", _BUG),
    _ours(35111, "The text was scheduled wrongly", _BUG),
    _ours(35114, "The scheduled time is too near, too far or unreadable", _BUG),
    _ours(35115, "The scheduled time is too near", _BUG),
    _ours(35117, "The scheduled time is too far off", _BUG),
    _ours(35118, "A scheduled text needs a Messaging Service", _BUG),
    _ours(35125, "Too many texts are scheduled", _BUG),
    # our webhook, as Twilio's error log names it
    _configuration(11200, "Twilio could not get an answer from us", _WEB),
    _configuration(11205, "Twilio could not connect to us", _WEB),
    _configuration(12100, "Our answer to Twilio was not XML", _BUG),
    _configuration(12200, "Our answer to Twilio was not TwiML", _BUG),
    _configuration(12300, "Our answer to Twilio had the wrong content type", _BUG),
)

TABLE: dict[int | None, CodeInfo] = {row.code: row for row in _ROWS}
