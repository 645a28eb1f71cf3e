"""Booking, changing and showing an appointment: each one transaction, the plan's rows written in it.

It knows nothing of HTTP; what cannot be used is said by BadRequest, with the field, the value and the next step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bot.care.model import Status
from bot.errors import BadRequest, NotFound
from bot.records.database import Database
from bot.records.numbers import ensure_numbers, lock_numbers
from bot.records.patients import find_or_add_patient
from bot.records.tables import AppointmentRow, Consent, Patient
from bot.usecases.another_patient import hand_over, reads_alike, rename
from bot.usecases.bookings import Booking, Changes
from bot.usecases.clinic import Clinic
from bot.usecases.known_flags import after_posting
from bot.usecases.planning import replan, replan_all
from bot.usecases.refusals import refuse_order, refuse_our_own_number, refuse_times, refuse_unknown
from bot.usecases.views import AppointmentView, view_of

ALSO_STAFF = "The number is in STAFF_NUMBERS too: what is no staff command is read as this patient's text."


def book(clinic: Clinic, database: Database, booking: Booking, *, now: datetime) -> tuple[AppointmentView, bool]:
    """Create the appointment, or bring the one of the same external_id up to date; True where it is new."""
    refuse_unknown(clinic, booking.treatment, booking.flags or ())
    refuse_our_own_number(clinic, booking.phone)
    try:
        view, created = database.write(lambda session: _book(session, clinic, booking, now), safe_to_repeat=True)
    except IntegrityError:
        # The same call came twice at once and the other one created it: now it is there to be brought up to date.
        view, created = database.write(lambda session: _book(session, clinic, booking, now), safe_to_repeat=True)
    if clinic.staff_member(booking.phone) is not None:
        view = replace(view, notes=(*view.notes, ALSO_STAFF))
    return view, created


def change(clinic: Clinic, database: Database, external_id: str, changes: Changes, *, now: datetime) -> AppointmentView:
    """Move, cancel or complete an appointment, or set its flags."""

    def write(session: Session) -> AppointmentView:
        row, patient = lock_appointment(session, external_id)
        refuse_unknown(clinic, row.treatment, list(changes.flags or ()))
        refuse_times(row, changes, now)
        apply_changes(session, clinic, row, patient, changes, now=now)
        return view_of(session, clinic, row, now=now)

    return database.write(write, safe_to_repeat=True)


def show(clinic: Clinic, database: Database, external_id: str, *, now: datetime) -> AppointmentView:
    """The appointment with every text ever planned for it."""
    with database.session() as session:
        row = _find(session, external_id)
        if row is None:
            raise NotFound("appointment", external_id)
        return view_of(session, clinic, row, now=now)


def lock_appointment(session: Session, external_id: str) -> tuple[AppointmentRow, Patient]:
    """The appointment and its patient, locked in the order every writer keeps: the number first."""
    row = _find(session, external_id)
    if row is None:
        raise NotFound("appointment", external_id)
    return row, lock_patient_of(session, row)


def lock_patient_of(session: Session, row: AppointmentRow, *, also: Sequence[str] = ()) -> Patient:
    """Lock the patient's number (and `also` these), then the appointment; both are read afresh.

    While we wait for the lock the appointment may get another number. Then the wrong number is locked: everything is
    given back and asked for again, for to lock a second number while holding the appointment would be out of order.
    """
    while True:
        locks = session.begin_nested()
        phone = _phone_of(session, row.id)
        ensure_numbers(session, {phone, *also})
        lock_numbers(session, {phone, *also})
        fresh = select(AppointmentRow).where(AppointmentRow.id == row.id).with_for_update()
        session.exec(fresh.execution_options(populate_existing=True)).one()
        patient = session.get_one(Patient, row.patient_id)
        if patient.phone == phone:
            locks.commit()
            return patient
        locks.rollback()


def apply_changes(
    session: Session, clinic: Clinic, row: AppointmentRow, patient: Patient, changes: Changes, *, now: datetime
) -> bool:
    """Write the changes to a locked appointment and plan it again; False where nothing changes."""
    wanted = _wanted(row, changes)
    if all(getattr(row, name) == value for name, value in wanted.items()):
        return False
    why = _why({name for name, value in wanted.items() if getattr(row, name) != value}, wanted)
    for name, value in wanted.items():
        setattr(row, name, value)
    row.revision, row.updated_at = row.revision + 1, now
    session.add(row)
    session.flush()
    replan(session, clinic, row, patient, now=now, why=why)
    return True


def _book(session: Session, clinic: Clinic, booking: Booking, now: datetime) -> tuple[AppointmentView, bool]:
    row = _find(session, booking.external_id)
    if row is None:
        return view_of(session, clinic, _create(session, clinic, booking, now), now=now), True
    old_patient = lock_patient_of(session, row, also=[booking.phone])
    changes = Changes(starts_at=booking.starts_at, ends_at=_ends_at(clinic, booking))
    refuse_times(row, changes, now)
    rename(session, old_patient, name=booking.name, phone=booking.phone)
    # Her number was put right: where she lives is still known.
    zone = old_patient.timezone if reads_alike(old_patient.name, booking.name) else None
    patient = _patient(session, clinic, booking, now, zone=zone)
    _note_consent(session, booking, patient, now)
    if patient.id != old_patient.id:
        posted = dict.fromkeys(booking.flags or (), True)
        hand_over(session, clinic, row, old_patient, patient, flags=posted, now=now)
    flags, notes = after_posting(session, clinic, row, booking.flags)
    status, note = _stands_again(row, booking, now)
    apply_changes(session, clinic, row, patient, replace(changes, all_flags=flags, status=status), now=now)
    return replace(view_of(session, clinic, row, now=now), notes=(*note, *notes)), False


def _stands_again(row: AppointmentRow, booking: Booking, now: datetime) -> tuple[str | None, tuple[str, ...]]:
    """Whoever posts an appointment says that it is to take place, whatever was said of it before; the past stays."""
    if row.status == Status.BOOKED:
        return None, ()
    if booking.starts_at <= now:
        return None, (f"It stays {row.status}, for its time is past.",)
    return Status.BOOKED, (f"It was {row.status} and stands again.",)


def _create(session: Session, clinic: Clinic, booking: Booking, now: datetime) -> AppointmentRow:
    ends_at = _ends_at(clinic, booking)
    refuse_order(booking.starts_at, ends_at)
    if booking.starts_at <= now:
        raise BadRequest(
            "starts_at", booking.starts_at.isoformat(), "It is past; give the start of a coming treatment."
        )
    patient = _patient(session, clinic, booking, now)
    row = AppointmentRow(
        external_id=booking.external_id,
        patient_id=patient.id,
        treatment=booking.treatment,
        booked_at=now,
        starts_at=booking.starts_at,
        ends_at=ends_at,
        flags=dict.fromkeys(booking.flags or (), True),
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    _note_consent(session, booking, patient, now)
    replan(session, clinic, row, patient, now=now, why="booked")
    return row


def _patient(session: Session, clinic: Clinic, booking: Booking, now: datetime, *, zone: str | None = None) -> Patient:
    """The patient meant, her number locked; another time zone moves the texts of all her appointments.

    `zone` is hers where she is new on this number and the booking gives none.
    """
    ensure_numbers(session, [booking.phone])
    lock_numbers(session, [booking.phone])
    lives_in = booking.timezone or zone
    patient = find_or_add_patient(session, name=booking.name, phone=booking.phone, timezone=lives_in, now=now)
    if booking.timezone not in (None, patient.timezone):
        patient.timezone = booking.timezone
        session.flush()
        replan_all(session, clinic, patient, now=now, why="the patient is in another time zone")
    return patient


def _note_consent(session: Session, booking: Booking, patient: Patient, now: datetime) -> None:
    consent = booking.consent
    if consent is None:
        return
    known = select(Consent.id).where(Consent.patient_id == patient.id, col(Consent.given_at) == consent.given_at)
    if session.exec(known).first() is None:
        session.add(Consent(patient_id=patient.id, method=consent.method, given_at=consent.given_at, recorded_at=now))


def _phone_of(session: Session, appointment_id: str) -> str:
    hers = select(Patient.phone).join(AppointmentRow, col(AppointmentRow.patient_id) == col(Patient.id))
    return session.exec(hers.where(AppointmentRow.id == appointment_id)).one()


def _find(session: Session, external_id: str) -> AppointmentRow | None:
    return session.exec(select(AppointmentRow).where(AppointmentRow.external_id == external_id)).first()


def _ends_at(clinic: Clinic, booking: Booking) -> datetime:
    return booking.ends_at or booking.starts_at + clinic.contents[booking.treatment].timeline.usual_length


def _wanted(row: AppointmentRow, changes: Changes) -> dict[str, object]:
    """The columns as they should be. A moved start takes the end along where no end is given.

    An end that was reported before the new start cannot be that treatment's: it is still to come.
    """
    wanted: dict[str, object] = {}
    if changes.starts_at is not None:
        wanted["starts_at"] = changes.starts_at
        wanted["ends_at"] = changes.ends_at or changes.starts_at + (row.ends_at - row.starts_at)
        if row.ended_at is not None and row.ended_at <= changes.starts_at:
            wanted["ended_at"] = None
    elif changes.ends_at is not None:
        wanted["ends_at"] = changes.ends_at
    if changes.status is not None:
        wanted["status"] = changes.status
    if changes.procedure_ended_at is not None or changes.takes_back_end:
        wanted["ended_at"] = changes.procedure_ended_at
    if changes.all_flags is not None:
        wanted["flags"] = dict(changes.all_flags)
    elif changes.flags:
        given = changes.flags if isinstance(changes.flags, Mapping) else {flag: True for flag in changes.flags}
        wanted["flags"] = {**row.flags, **given}
    return wanted


def _why(names: set[str], wanted: Mapping[str, object]) -> str:
    match wanted.get("status") if "status" in names else None:
        case Status.CANCELLED:
            return "the appointment was cancelled"
        case Status.NO_SHOW:
            return "the patient did not come"
        case Status.BOOKED:
            return "the appointment stands again"
    if names & {"starts_at", "ends_at"}:
        return "the appointment was moved"
    if "ended_at" in names:
        taken_back = wanted["ended_at"] is None
        return "the reported end was taken back" if taken_back else "staff reported when the treatment ended"
    return "what we know of the patient changed"
