"""What the patient of a case wrote, for staff who ask for it: the text that opened the case, and what followed.

Nothing is sent by itself: alerts may be read on a locked screen, and this only by whoever asks from a staff number.
"""

from sqlmodel import Session, col, select

from bot.records.tables import EscalationRow, Inbound

# Twilio takes 1,600 characters; the rest is for the words around.
MOST_CHARACTERS = 1400
A_PICTURE = "(a picture)"


def words_of_case(session: Session, case: EscalationRow) -> str:
    """The texts of a case, each in quotes, the newest last and whole; "" where there are none, or none any more."""
    said = [f'"{words}"' for row in _texts(session, case) if (words := _words(row))]
    shown: list[str] = []
    left = MOST_CHARACTERS
    for words in reversed(said):
        if shown and len(words) > left:
            break
        shown.insert(0, words[:MOST_CHARACTERS])
        left -= len(words) + 1
    return " ".join(shown)


def _texts(session: Session, case: EscalationRow) -> list[Inbound]:
    if case.phone is None:
        return []
    opened_by = session.get(Inbound, case.inbound_id) if case.inbound_id else None
    since = opened_by.received_at if opened_by else case.opened_at
    wanted = select(Inbound).where(Inbound.from_phone == case.phone, col(Inbound.received_at) >= since)
    if case.resolved_at is not None:
        wanted = wanted.where(col(Inbound.received_at) <= case.resolved_at)
    # What a member of staff who is a patient too texted as an order has no reading, and is none of the case.
    rows = session.exec(wanted.order_by(col(Inbound.received_at), col(Inbound.sent_at)))
    return [row for row in rows if row.reading is not None or row.outcome == "fault"]


def _words(row: Inbound) -> str:
    words = " ".join((row.body or "").split())
    return f"{words} {A_PICTURE}".strip() if row.media_count else words
