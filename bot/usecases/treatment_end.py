"""`DONE Maria 2:40`: finds today's treatment, reports its end and says what follows from it.

A wrong name or time changes nothing and gets an answer that shows the right way to write it.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlmodel import Session, col, select

from bot.care.timing import resolve
from bot.content.moments import parse_moment
from bot.content.render import clock_time, fill, spoken
from bot.content.segments import thrifty
from bot.errors import BadRequest
from bot.escalation.commands import ended_at, is_a_clock, is_before
from bot.outbox.model import LEFT_US, PENDING
from bot.records.patients import name_key
from bot.records.plans import as_planned
from bot.records.tables import AppointmentRow, Message, Patient
from bot.usecases.appointment import apply_changes, lock_patient_of
from bot.usecases.bookings import Changes
from bot.usecases.clinic import Clinic, as_staff_know, first_name
from bot.usecases.refusals import refuse_end

WASH, EXERCISE = parse_moment("4 hours after end"), parse_moment("24 hours after end")
Treatment = tuple[AppointmentRow, Patient]


def report_end(session: Session, clinic: Clinic, name: str, clock: str, *, sent_at: datetime, now: datetime) -> str:
    """Report the end of the treatment of the one meant; returns what the staff member is told.

    "Just now", "today" and "still to come" are those of when it was sent: the text may have been taken in hours later.
    """
    sent_at = min(sent_at, now)
    today = _of_today(session, clinic, sent_at)
    meant = [t for t in today if _fits(t[1], name)] if name else _under_way(today, sent_at)
    if not meant:
        return _nobody(clinic, today, name)
    if len(meant) > 1:
        return _which(clinic, name, meant, clock)
    row, _ = meant[0]
    at = _instant(clinic, row, clock, sent_at)
    if isinstance(at, str):
        return at
    return _report(session, clinic, row, at, now)


def _under_way(today: Sequence[Treatment], now: datetime) -> list[Treatment]:
    """Those that have begun and are not reported as over; a DONE without a name is about one of them."""
    begun = [t for t in today if t[0].starts_at < now]
    return [t for t in begun if t[0].ended_at is None] or begun


def _nobody(clinic: Clinic, today: Sequence[Treatment], name: str) -> str:
    """Nobody is meant: what stands behind a known name is no time, or there is nobody of this name."""
    words = name.split()
    for count in range(len(words) - 1, 0, -1):
        if any(_fits(patient, " ".join(words[:count])) for _, patient in today):
            return _say(clinic, "not a time", time=" ".join(words[count:]))
    names = f"Today: {', '.join(as_staff_know(patient) for _, patient in today) or 'nobody'}."
    if not name:
        return _say(clinic, "none begun", names=names)
    return _say(clinic, "nobody of that name", name=name, names=names)


def is_of_today(session: Session, clinic: Clinic, name: str, *, sent_at: datetime) -> bool:
    """Whether somebody of this name is treated on the day this was sent."""
    return any(_fits(patient, name) for _, patient in _of_today(session, clinic, sent_at))


def _report(session: Session, clinic: Clinic, row: AppointmentRow, at: datetime, now: datetime) -> str:
    patient = lock_patient_of(session, row)
    again = row.ended_at is not None and row.ended_at != at
    apply_changes(session, clinic, row, patient, Changes(procedure_ended_at=at), now=now)
    zone = clinic.zone_of(patient)
    seen = as_planned(row, zone)
    told = _say(
        clinic,
        "ended again" if again else "ended",
        patient=as_staff_know(patient),
        time=clock_time(at.astimezone(zone)),
        wash=spoken(resolve(WASH, seen), now, zone),
        exercise=spoken(resolve(EXERCISE, seen), now, zone),
    )
    return told if _will_be_told(session, row) else f"{told} {_say(clinic, 'too late to text')}"


def _will_be_told(session: Session, row: AppointmentRow) -> bool:
    """Whether the text with the two clock times went, or is to go."""
    care = select(Message.id).where(
        Message.appointment_id == row.id,
        col(Message.step).in_(("after-care", "new-times")),
        col(Message.state).in_(LEFT_US | PENDING),
    )
    return session.exec(care.limit(1)).first() is not None


def _of_today(session: Session, clinic: Clinic, now: datetime) -> list[Treatment]:
    local = now.astimezone(clinic.zone)
    midnight = datetime.combine(local.date(), time(), clinic.zone)
    # A late treatment may be reported after midnight: until 4:00 the day before still counts as today.
    since = midnight - timedelta(days=1) if local.hour < 4 else midnight
    wanted = (
        select(AppointmentRow, Patient)
        .join(Patient, col(Patient.id) == col(AppointmentRow.patient_id))
        .where(AppointmentRow.status == "booked", col(AppointmentRow.starts_at) >= since)
        .where(col(AppointmentRow.starts_at) < midnight + timedelta(days=1))
        .order_by(col(AppointmentRow.starts_at), col(Patient.name_key), col(AppointmentRow.id))
    )
    return [(row, patient) for row, patient in session.exec(wanted)]


def _fits(patient: Patient, name: str) -> bool:
    # Compared in plain letters: that is how alerts write the name, and how a name with a mark is often typed.
    key = name_key(thrifty(name))
    known = [name_key(thrifty(each)) for each in (patient.name, first_name(patient), as_staff_know(patient))]
    return bool(key) and key.rstrip(".") in known


def _instant(clinic: Clinic, row: AppointmentRow, clock: str, now: datetime) -> datetime | str:
    """The moment meant, or what to say about it."""
    if not clock:
        at: datetime | None = now.replace(second=0, microsecond=0)
    elif is_a_clock(clock):
        at = ended_at(clock, starts_at=row.starts_at, now=now, zone=clinic.zone)
    else:
        return _say(clinic, "not a time", time=clock)
    if at is None and is_before(clock, starts_at=row.starts_at, now=now, zone=clinic.zone):
        start = clock_time(row.starts_at.astimezone(clinic.zone))
        return _say(clinic, "before the start", time=clock, start=start)
    if at is None:
        return _say(clinic, "not yet over", time=clock)
    try:
        refuse_end(row.starts_at, at, now)
    except BadRequest:
        return _say(clinic, "not yet over", time=clock or clock_time(at.astimezone(clinic.zone)))
    return at


def _which(clinic: Clinic, name: str, meant: Sequence[Treatment], clock: str) -> str:
    choices = ", ".join(
        f"{patient.name} ({clock_time(row.starts_at.astimezone(clinic.zone))})" for row, patient in meant
    )
    values = {"choices": choices, "example": meant[0][1].name, "time": clock or "2:40"}
    if not name:
        return _say(clinic, "which is over", **values)
    return _say(clinic, "which of that name", **values, count=str(len(meant)), name=name)


def _say(clinic: Clinic, key: str, **values: str) -> str:
    return " ".join(fill(clinic.any_content.staff[key], {**clinic.values(), **values}).text.split())
