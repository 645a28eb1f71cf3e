"""`/api/appointments`: appointments in, their texts out. Checks values; what they come to is the use cases' matter."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import UnionType
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from bot.errors import BadRequest, NotFound
from bot.usecases.appointment import book, change, show
from bot.usecases.bookings import Booking, Changes, ConsentGiven
from bot.usecases.views import AppointmentView, MessageView
from bot.web.auth import check_key
from bot.web.schemas import AppointmentOut, BookingIn, ChangesIn, ErrorsOut, MessageOut, shown, told
from bot.wiring import Parts

FARTHEST = timedelta(days=731)
CLOCKS_DIFFER_BY = timedelta(minutes=5)
NO_CONSENT = "No consent was given with this appointment. Keep a record that the patient agreed to be texted."
WRONG = {
    401: {"model": ErrorsOut, "description": "The API key is missing or wrong."},
    503: {"model": ErrorsOut, "description": "The database does not answer; nothing was written."},
}
UNKNOWN = {404: {"model": ErrorsOut, "description": "No appointment has this external_id."}}

router = APIRouter(
    prefix="/api/appointments", tags=["appointments"], dependencies=[Depends(check_key)], responses={**WRONG}
)


def parts_of(request: Request) -> Parts:
    """The parts this application was made of."""
    return request.app.state.parts


WithParts = Annotated[Parts, Depends(parts_of)]


@router.post("", status_code=201, responses={200: {"model": AppointmentOut, "description": "It was known already."}})
def book_appointment(body: BookingIn, parts: WithParts, response: Response) -> AppointmentOut:
    """Book an appointment and plan its texts. The same external_id again brings it up to date."""
    now = parts.now()
    view, created = book(parts.clinic, parts.database, booking_of(body, now), now=now)
    response.status_code = 201 if created else 200
    return out(view, notes=[*([] if body.consent else [NO_CONSENT]), *view.notes])


@router.get("/{external_id}", responses=UNKNOWN)
def show_appointment(external_id: str, parts: WithParts) -> AppointmentOut:
    """Show an appointment with every text ever planned for it, and why some did not go."""
    return out(show(parts.clinic, parts.database, storable(external_id), now=parts.now()))


@router.patch("/{external_id}", responses=UNKNOWN)
def change_appointment(external_id: str, body: ChangesIn, parts: WithParts) -> AppointmentOut:
    """Move or cancel an appointment, report when the treatment ended, or set flags; the texts follow."""
    now = parts.now()
    _refuse_far("starts_at", body.starts_at, now)
    changes = Changes(
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        status=body.status,
        procedure_ended_at=body.procedure_ended_at,
        flags=body.flags,
        takes_back_end="procedure_ended_at" in body.model_fields_set and body.procedure_ended_at is None,
    )
    return out(change(parts.clinic, parts.database, storable(external_id), changes, now=now))


def booking_of(body: BookingIn, now: datetime) -> Booking:
    """What the use case books. BadRequest where a time is out of reach; whether flags are known is said later."""
    _refuse_far("starts_at", body.starts_at, now)
    if body.consent and body.consent.at > now + CLOCKS_DIFFER_BY:
        raise BadRequest("consent.at", body.consent.at.isoformat(), "It is still to come; give when consent was given.")
    return Booking(
        external_id=body.external_id,
        name=body.patient.name,
        phone=body.patient.phone,
        timezone=body.patient.timezone,
        treatment=body.treatment,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        flags=tuple(dict.fromkeys(body.flags)) if "flags" in body.model_fields_set else None,
        consent=ConsentGiven(body.consent.method, body.consent.at) if body.consent else None,
    )


def out(view: AppointmentView, notes: Sequence[str] = ()) -> AppointmentOut:
    """The appointment as the API shows it."""
    return AppointmentOut(
        id=view.id,
        external_id=view.external_id,
        revision=view.revision,
        status=view.status,
        treatment=view.treatment,
        starts_at=view.starts_at,
        ends_at=view.ends_at,
        procedure_ended_at=view.ended_at,
        flags=view.flags,
        messages=[_message(each) for each in view.messages],
        notes=list(notes),
    )


def _message(view: MessageView) -> MessageOut:
    return MessageOut(
        id=view.id,
        step=view.step,
        due_at=view.due_at,
        state=view.state,
        text=view.text,
        reason=view.reason,
        rule=view.rule,
        became_at=view.became_at,
    )


def storable(external_id: str) -> str:
    """An id that a database can be asked for. NotFound where there is a NUL in it, for such an id is known nowhere."""
    if "\x00" in external_id:
        raise NotFound("appointment", external_id)
    return external_id[:65]


def explained(request: Request, errors: Sequence[Any]) -> list[dict[str, str]]:
    """Pydantic's findings as field, value and remedy."""
    model = ChangesIn if request.method == "PATCH" else BookingIn
    return [explain(error, model) for error in errors]


def explain(error: Any, model: type[BaseModel]) -> dict[str, str]:
    """One finding as field, value and remedy; the remedy names what would do."""
    path = [str(part) for part in error["loc"] if part != "body"]
    what = str(error["msg"])
    if error["type"] == "value_error" and not path:
        return told("ends_at", shown(error["input"].get("ends_at")), what.removeprefix("Value error, "))
    if error["type"] == "json_invalid" or not path:
        return no_object()
    field, value = ".".join(path), shown(error.get("input"))
    match error["type"]:
        case "missing":
            return told(field, "", f"Give it: {_described(path, model)}.")
        case "extra_forbidden":
            return told(field, value, f"Leave it out, or check its spelling: known here are {_known(path, model)}.")
        case "value_error":
            return told(field, value, what.removeprefix("Value error, "))
    described = _described(path, model)
    return told(field, value, f"{what}. It is {described}." if described else f"{what}.")


def no_object() -> dict[str, str]:
    """A body that is no JSON object, or is not said to be JSON. It is not repeated: it may name a patient."""
    return told("body", "", "Send one JSON object in UTF-8, with the header Content-Type: application/json.")


def _described(path: Sequence[str], model: type[BaseModel]) -> str:
    inner = _model_at(path[:-1], model)
    field = inner.model_fields.get(path[-1]) if inner and path else None
    if field is None:
        return ""
    return field.description or f"an object with {_known([*path, ''], model)}"


def _known(path: Sequence[str], model: type[BaseModel]) -> str:
    inner = _model_at(path[:-1], model)
    return ", ".join(inner.model_fields) if inner else ""


def _model_at(path: Sequence[str], model: type[BaseModel]) -> type[BaseModel] | None:
    found: type[BaseModel] | None = model
    for part in path:
        field = found.model_fields.get(part) if found else None
        kinds = get_args(field.annotation) if field and isinstance(field.annotation, UnionType) else ()
        candidates = [field.annotation, *kinds] if field else []
        found = next((k for k in candidates if isinstance(k, type) and issubclass(k, BaseModel)), None)
    return found


def _refuse_far(field: str, moment: datetime | None, now: datetime) -> None:
    if moment is not None and moment > now + FARTHEST:
        raise BadRequest(field, moment.isoformat(), "It is more than two years ahead; check the year.")
