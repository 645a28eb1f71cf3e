"""What the API takes and gives, checked as strictly as a value can be by itself. It asks no clock and no database."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import phonenumbers
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

NUMBER_REMEDY = "Write it in E.164, with + and the country code, like +12125550123."
TIME_REMEDY = "Write ISO 8601 with its offset, like 2026-12-01T15:00:00-05:00."
NAME_REMEDY = "Write 1 to 80 characters on one line."
ID_REMEDY = "Write 1 to 64 characters on one line, without a slash, and not . or .."
ZONE_REMEDY = "Write an IANA time zone like America/New_York, or null for the clinic's."
FLAGS_REMEDY = 'Write a list of names, ["eyes"], or an object of names with true or false, {"eyes": true}.'
YEARS = range(2000, 2101)
LONGEST = timedelta(hours=12)
SHOWN = 60  # characters of a wrong value that an answer repeats
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def e164(value: str) -> str:
    """A telephone number as E.164; one without a country code is taken for a US one."""
    try:
        number = phonenumbers.parse(value, "US")
    except phonenumbers.NumberParseException:
        raise ValueError(NUMBER_REMEDY) from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise ValueError(NUMBER_REMEDY)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def aware(value: object) -> datetime:
    """An instant from ISO 8601 with an offset."""
    try:
        moment = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(TIME_REMEDY)
    if moment.year not in YEARS:
        raise ValueError(f"Its year must lie between {YEARS[0]} and {YEARS[-1]}.")
    return moment


def known_zone(value: str) -> str:
    """The name of a time zone that exists."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(ZONE_REMEDY) from None
    return value


def one_line(remedy: str, longest: int) -> AfterValidator:
    """Trimmed text on one line, `longest` characters at most."""

    def checked(value: str) -> str:
        value = value.strip()
        if not value or len(value) > longest or _CONTROL.search(value):
            raise ValueError(remedy)
        return value

    return AfterValidator(checked)


def _no_path(value: str) -> str:
    # The id is part of an address, where a slash or two dots would lead elsewhere.
    if "/" in value or value in (".", ".."):
        raise ValueError(ID_REMEDY)
    return value


def flags(value: object) -> dict[str, bool]:
    """Flags by name, from a list of those that hold or from an object of yes and no."""
    found = dict.fromkeys(value, True) if isinstance(value, list) and all(isinstance(f, str) for f in value) else value
    if not isinstance(found, dict) or not all(isinstance(held, bool) for held in found.values()):
        raise ValueError(FLAGS_REMEDY)
    return found


Text = Annotated[str, StringConstraints(strict=True)]
Instant = Annotated[datetime, BeforeValidator(aware)]
Phone = Annotated[Text, AfterValidator(e164)]
Zone = Annotated[Text, AfterValidator(known_zone)]
Name = Annotated[Text, one_line(NAME_REMEDY, 80)]
ExternalId = Annotated[Text, one_line(ID_REMEDY, 64), AfterValidator(_no_path)]
Flag = Annotated[Text, one_line("Write the name of a flag.", 40)]
UTCInstant = Annotated[datetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
Flags = Annotated[dict[str, bool], BeforeValidator(flags)]


class Strict(BaseModel):
    """Refuses what it does not know, so that a misspelt key is not silently left out."""

    model_config = ConfigDict(extra="forbid")


class PatientIn(Strict):
    """Who is treated."""

    name: Name = Field(description="first and last name, 1 to 80 characters")
    phone: Phone = Field(description="a mobile number in E.164")
    timezone: Zone | None = Field(None, description="IANA name; null means the clinic's")


class ConsentIn(Strict):
    """The prior agreement to be texted."""

    method: Annotated[Text, one_line("Say in 1 to 200 characters how consent was given.", 200)] = Field(
        description='how it was given, like "paper form"'
    )
    at: Instant = Field(description="when it was given, ISO 8601 with an offset")


class BookingIn(Strict):
    """An appointment as it is booked, or booked anew under the same external_id."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "external_id": "A-1001",
                    "patient": {"name": "Maria Gomez", "phone": "+12125550123", "timezone": None},
                    "treatment": "micro-needling",
                    "starts_at": "2026-12-01T15:00:00-05:00",
                    "ends_at": "2026-12-01T16:00:00-05:00",
                    "flags": ["cold_sores"],
                    "consent": {"method": "paper form", "at": "2026-11-20T10:00:00-05:00"},
                }
            ]
        },
    )

    external_id: ExternalId = Field(description="your own id of the appointment, 1 to 64 characters")
    patient: PatientIn
    treatment: Text = Field("micro-needling", description="a folder of messages/")
    starts_at: Instant = Field(description="ISO 8601 with an offset; to come, within two years")
    ends_at: Instant | None = Field(None, description="the scheduled end; else the usual length is taken")
    flags: list[Flag] = Field(
        default=[],
        max_length=20,
        description="what is known to hold, like cold_sores; leave it out when booking anew to change none",
    )
    consent: ConsentIn | None = Field(None, description="recommended: how and when the patient agreed to texts")

    @model_validator(mode="after")
    def _in_order(self) -> "BookingIn":
        _refuse_order(self.starts_at, self.ends_at)
        return self


class ChangesIn(Strict):
    """What is to change; what is not given stays."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"procedure_ended_at": "2026-12-01T16:20:00-05:00"}, {"status": "cancelled"}]},
    )

    starts_at: Instant | None = Field(None, description="the new start; the end moves along unless it is given")
    ends_at: Instant | None = Field(None, description="the new scheduled end")
    status: Literal["booked", "cancelled", "no_show"] | None = Field(None, description="booked, cancelled or no_show")
    procedure_ended_at: Instant | None = Field(
        None, description="when the treatment really ended; null takes back an end that was reported by mistake"
    )
    flags: Flags | None = Field(
        None, description='what is known to hold, ["eyes"], or to hold and not, {"eyes": true, "prp": false}'
    )

    @model_validator(mode="after")
    def _in_order(self) -> "ChangesIn":
        if self.starts_at:
            _refuse_order(self.starts_at, self.ends_at)
        return self


class MessageOut(BaseModel):
    """One text: as it was sent, or as it would read at its due time."""

    id: str
    step: str
    due_at: UTCInstant
    state: str
    text: str | None
    reason: str | None = Field(description="why it will not go, waits or did not arrive, in plain words")
    rule: str | None = Field(None, description="the rule that said so")
    became_at: UTCInstant | None = Field(None, description="when its state was settled, or it was handed over")


class AppointmentOut(BaseModel):
    """An appointment and every text ever planned for it."""

    id: str
    external_id: str
    revision: int
    status: str
    treatment: str
    starts_at: UTCInstant
    ends_at: UTCInstant
    procedure_ended_at: UTCInstant | None
    flags: Mapping[str, bool]
    messages: list[MessageOut]
    notes: list[str] = Field(default=[], description="what was accepted, and is worth a second look")


class ErrorOut(BaseModel):
    """One value that cannot be used, and what would do."""

    field: str
    value: str
    remedy: str


class ErrorsOut(BaseModel):
    """Everything that is wrong with a request, at once."""

    errors: list[ErrorOut]


def told(field: str, value: str, remedy: str) -> dict[str, str]:
    """One entry of an answer's errors."""
    return {"field": field, "value": value, "remedy": remedy}


def shown(value: Any) -> str:
    """A value short enough to repeat, and made of characters that can be written."""
    text = value if isinstance(value, str) else "" if value is None else repr(value)
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


def _refuse_order(starts_at: datetime, ends_at: datetime | None) -> None:
    if ends_at is not None and not starts_at < ends_at <= starts_at + LONGEST:
        raise ValueError("It must be after starts_at, by at most 12 hours.")
