"""The desk: opens an escalation, hands it to a person, closes it, and finds those that nobody has taken.

It writes rows and nothing else; what patient and staff hear of it is the use cases' to say.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from bot.conversation.model import Urgency
from bot.escalation.policy import climbs_at, louder
from bot.records.tables import EscalationRow

OPEN, ACKNOWLEDGED, RESOLVED = "open", "acknowledged", "resolved"


def open_escalation(
    session: Session,
    *,
    urgency: Urgency,
    reason: str,
    phone: str | None,
    patient_id: str | None,
    wait: timedelta,
    now: datetime,
    signs: Sequence[str] = (),
    inbound_id: str | None = None,
    alerted_at: datetime | None = None,
) -> EscalationRow:
    """A new request for a human; its id is the code staff text back. The wait runs from `alerted_at`, else from now."""
    row = EscalationRow(
        urgency=urgency,
        reason=reason,
        phone=phone,
        patient_id=patient_id,
        inbound_id=inbound_id,
        signs=list(signs),
        opened_at=now,
        climb_at=climbs_at(alerted_at or now, urgency, 0, wait=wait),
    )
    session.add(row)
    session.flush()
    return row


def raise_urgency(
    session: Session,
    row: EscalationRow,
    urgency: Urgency,
    signs: Sequence[str],
    *,
    reason: str,
    wait: timedelta,
    now: datetime,
) -> bool:
    """Add signs to an open escalation; True where it became louder, and then it is as if opened anew.

    Whoever had taken it took something less urgent, so it waits for somebody again. So it does after a further warning
    that would be told once and never again: whoever took it days ago may be off duty, and it may have stopped climbing.
    What is alerted about is then its `reason`, unless the case is of something worse.
    """
    row.signs = list(dict.fromkeys([*row.signs, *signs]))
    was = Urgency(row.urgency)
    row.urgency = louder(was, urgency)
    session.add(row)
    told_once = urgency is not Urgency.ROUTINE and (row.state == ACKNOWLEDGED or row.climb_at is None)
    if row.urgency != was or told_once:
        row.climbs, row.climb_at = 0, climbs_at(now, Urgency(row.urgency), 0, wait=wait)
        row.state, row.acknowledged_by, row.acknowledged_at = OPEN, None, None
        row.reason = reason if row.urgency == urgency else row.reason
    return row.urgency != was


def note_whom(session: Session, row: EscalationRow, phone: str, patient_ids: Sequence[str]) -> None:
    """A text from this number joins it, which one of these patients sent: it stays hers only where she alone is meant.

    Else it is anybody's on the number, and staff read all their names. A case of her former number keeps her name.
    """
    if row.phone == phone and patient_ids and list(patient_ids) != [row.patient_id]:
        row.patient_id = None
        session.add(row)


def unresolved_of(
    session: Session, phone: str, patient_ids: Sequence[str] = (), *, about: str = ""
) -> EscalationRow | None:
    """The loudest escalation of this number that is not closed, locked; among equals a taken one, then the newest.

    What she says next is for whoever is in touch with her, not for a newer task that nobody has looked at.
    `about` asks only for those whose reason begins so.
    """
    of_them = or_(col(EscalationRow.phone) == phone, col(EscalationRow.patient_id).in_(list(patient_ids)))
    begins = col(EscalationRow.reason).startswith(about)
    wanted = select(EscalationRow).where(of_them, EscalationRow.state != RESOLVED, begins).with_for_update()
    rows = session.exec(wanted.execution_options(populate_existing=True)).all()
    return max(rows, key=_weight, default=None)


def unresolved(session: Session) -> list[EscalationRow]:
    """Every escalation that is not closed, oldest first."""
    wanted = select(EscalationRow).where(EscalationRow.state != RESOLVED).order_by(col(EscalationRow.id))
    return list(session.exec(wanted).all())


def find(session: Session, code: int) -> EscalationRow | None:
    """The escalation of this code, locked and read afresh: somebody may have taken it while we waited for the lock."""
    wanted = select(EscalationRow).where(EscalationRow.id == code).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).first()


def acknowledge(session: Session, row: EscalationRow, staff_name: str, *, now: datetime) -> bool:
    """A named member of staff takes it; False where somebody has already."""
    if row.state != OPEN:
        return False
    row.state, row.acknowledged_by, row.acknowledged_at, row.climb_at = ACKNOWLEDGED, staff_name, now, None
    session.add(row)
    session.flush()
    return True


def resolve(session: Session, row: EscalationRow, staff_name: str, note: str | None, *, now: datetime) -> bool:
    """Close it, with what was done; False where it was closed already."""
    if row.state == RESOLVED:
        return False
    row.state, row.resolved_by, row.resolved_at, row.note, row.climb_at = RESOLVED, staff_name, now, note, None
    session.add(row)
    session.flush()
    return True


def waiting_too_long(session: Session, *, now: datetime) -> list[EscalationRow]:
    """Those that nobody has taken in time, locked."""
    late = select(EscalationRow).where(EscalationRow.state == OPEN, col(EscalationRow.climb_at) <= now)
    return list(session.exec(late.order_by(col(EscalationRow.id)).with_for_update(skip_locked=True)).all())


def _weight(row: EscalationRow) -> tuple[bool, bool, int]:
    return Urgency(row.urgency) is not Urgency.ROUTINE, row.state == ACKNOWLEDGED, row.id or 0
