"""Finds what is neither care nor a command: visits, thanks, wrong numbers, automatic replies. Knows no symptoms."""

from collections.abc import Mapping
from functools import lru_cache

from bot.conversation.phrases import Found, PhraseIndex, compile_phrase
from bot.conversation.scope import Scene

VISIT, MOVE, CONFIRM, WRONG, AUTOMATIC, THANKS = "visit", "move", "confirm", "wrong number", "automatic reply", "thanks"

_PHRASES: Mapping[str, str] = {
    MOVE: """
        reschedule; rebook; resched; cancel; postpone; push back; push it back; push my; push it to; push to next;
        move it; move my; move me; move to; move the/it to; change my/the appointment/time/date/day/hour/slot;
        change the hour; change of date; different day/time; another day/time/date; other day; other time; swap
        to; switch to; switch my; can not make it; can not make my; can not come; can not attend; will not make
        it; not going to make it; not able to make/come/attend; unable to make/attend/come; have to cancel; need
        to cancel; get/got to cancel; something came up; came up at work; got called in; called in; come next week
        instead; next week instead; instead of; later time; earlier time; earlier slot; sooner than; any
        cancellations; any openings; any earlier; squeeze me in; release my slot; miss my appointment; can we do;
        could we do; put my appointment back; bring it forward; bump my appointment; delay my appointment; keep or
        cancel""",
    CONFIRM: """
        i confirm; confirmed; confirming; confirm for; confirm my; i will be there; see you then; see you at; see
        you monday/tuesday/wednesday/thursday/friday/saturday/sunday/tomorrow; see you on; will be there; be there
        at; i am coming; i shall attend; count me in; yes i am coming; still coming""",
    VISIT: """
        running late; running behind; running 5/10/15/20/30; run late; be late; am late; going to be late; few
        minutes late; min late; minute late; minutes late; minute behind; minutes behind; behind schedule; stuck
        in; stuck behind; stuck on; stuck at; traffic; missed my/the bus/train; train/bus is
        late/delayed/cancelled; waiting for my uber; on my way; almost there; outside + door/here; i am here; am
        outside; in the lobby; in the parking; parking; park; where do i park; parking lot; address; directions;
        which building; which floor; what floor; suite; location; located; where are you; where is the clinic;
        downtown; front desk; reception; what time is my; what time am i; what time do i; what time is; when is my
        appointment; when is my next; date of my next; time of my appointment; my appointment at; booked for; down
        for; scheduled for; hours on; your hours; are you open; you open; open on saturday/sunday/weekend; what
        time do you open/close; book + appointment/next/session/second/another/two; booking; schedule my; schedule
        a; schedule another; set up my; make an appointment; new appointment; next appointment; my appointment;
        the appointment + time/where/when/what; consent form; paperwork; receipt; invoice; left my +
        umbrella/glasses/sunglasses/scarf/jacket/charger/phone/earring/hat/bag/keys/wallet/book; forgot my +
        umbrella/glasses/sunglasses/scarf/jacket/charger/phone/earring/bag/keys/wallet; lost and found; change my
        number; new number; my email; email + photos/sent/receipt; wait with me; bring my; come with me; drop off;
        pick up + product/receipt/order; stop by; swing by; pop in; at the door; doors locked; door is locked;
        overslept; alarm did not; car will not start; flat tire; sitter; babysitter; follow up appointment; zip
        code; map; sat nav; gps; earlier than; late for my; late to my; eta""",
    WRONG: """
        wrong number; wrong person; wrong phone; who is this; who are you; who this; do not know any clinic; do
        not know you; not a patient; never been to any; never booked; never made; have not booked; not my number;
        mistaken me; somebody else's number; someone else's number; not me; this is not; i think you have the
        wrong; is this dominos; is that + carpets/pizza/plumbing; new phone who; not your patient; no one here by
        that name; nobody by that name; no such person; you have the wrong; numero equivocado; does not live here;
        belong to; this number belong""",
    AUTOMATIC: """
        auto reply; autoreply; automatic reply; automated response; automated message; automatic response; out of
        office; out of the office; i am driving; am driving right now; driving right now; driving with focus; will
        respond when; will reply when; get back to you; i will get back; currently unavailable; not available
        right now; away from my phone; away from my desk; do not disturb; on vacation until; will see your message
        when; message not delivered; this mailbox; notifications silenced; focus turned on; this number is not
        monitored; thank you for contacting; thank you for your message; thanks for reaching out; our office is
        closed; auto response""",
    THANKS: """
        thanks; thank you; thank; appreciate; much obliged; ty; cheers; bless you; you are the best; you guys are
        the best; you are awesome; you rock; awesome; great; perfect; wonderful; lovely; got it; will do; sounds
        good; noted; understood; makes sense; good to know; ok; cool; sweet; nice; gracias; merci; danke;
        obrigada; obrigado; ta; lol; haha; can not wait; so excited; excited; see you soon; good morning; good
        night; have a good; have a great; happy; love you guys; five stars; 5 stars; recommend you; righto; roger;
        copy; yay; woohoo; congrats; merry christmas; happy holidays; happy new year; my compliments; grateful;
        shukran; arigato; kind of you; take care; you too; no problem; no worries; welcome; all good; all clear""",
}
_FILLERS = frozenset(
    """
        a an the i you we it this that so very much really just all for of to and your my me us again now then at
        on in is are was be am will have had do did as everyone everything guys girls team girl doctor nurse dear
        hi hello hey morning afternoon evening night day today tonight tomorrow yes yeah ok sure good fine well
        too u ur been kind help helping info information reply answer quick prompt response message text texts
        reminder reminding checking in again lots million ton monday tuesday wednesday thursday friday saturday
        sunday soon later bye goodbye oh wow aw aww hmm ah omg lol haha hahaha lmao yay xo xx xxx lady ladies sir
        maam ma'am madam were great awesome amazing lovely sweet wonderful best staff clinic place""".split()
)


@lru_cache(maxsize=1)
def _everyday() -> PhraseIndex:
    index = PhraseIndex()
    for name, phrases in _PHRASES.items():
        for written in phrases.split(";"):
            index.add(compile_phrase(written.strip(), name))
    return index


def everyday(scene: Scene) -> dict[str, list[Found]]:
    """Return the phrases of each everyday kind that stand in the text."""
    found: dict[str, list[Found]] = {}
    for hit in _everyday().find(scene.keys):
        found.setdefault(hit.means, []).append(hit)
    return found


def is_only_thanks(scene: Scene) -> bool:
    """Whether nothing but thanks, greetings and small words is said (or only emoji)."""
    words = scene.plain.words
    if not words:
        return True
    thanks = everyday(scene).get(THANKS, ())
    covered = {i for hit in thanks for i in range(hit.start, hit.end)}
    return bool(thanks) and all(i in covered or word in _FILLERS for i, word in enumerate(words))
