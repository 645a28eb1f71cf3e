"""`bot import`: appointments from a CSV file, checked as the API checks them. A bad file changes nothing."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.commands.starting import bring_schema_up
from bot.errors import BadRequest
from bot.settings import read_settings
from bot.usecases.appointment import book
from bot.usecases.bookings import Booking
from bot.usecases.refusals import refuse_our_own_number
from bot.web.api import booking_of, explain
from bot.web.schemas import BookingIn
from bot.wiring import Parts, wire

NEEDED = ("external_id", "name", "phone", "starts_at")
COLUMNS = (*NEEDED, "timezone", "treatment", "ends_at", "flags", "consent_method", "consent_at")
NAMES = {"patient.name": "name", "patient.phone": "phone", "patient.timezone": "timezone"} | {
    "consent.method": "consent_method",
    "consent.at": "consent_at",
}

TOO_MANY = "line {}: it has more fields than there are columns. Put quotes around what has a comma in it."


@dataclass(frozen=True)
class Row:
    """A line of the file: what it books, or what is wrong with it."""

    line: int
    booking: Booking | None
    wrong: tuple[str, ...] = ()


def import_csv(file: Path, *, skip_bad: bool = False) -> int:
    """Book every row, or none where one is bad (all but the bad ones with `skip_bad`). Returns the exit status."""
    parts = wire(read_settings())
    try:
        return _import(file, parts, skip_bad=skip_bad)
    finally:
        parts.database.close()


def _import(file: Path, parts: Parts, *, skip_bad: bool) -> int:
    rows = list(_rows(file, parts, parts.now()))
    wrong = [line for row in rows for line in row.wrong]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    if wrong and not skip_bad:
        print(f"Nothing was imported. Mend the file, or use --skip-bad to take the {_good(rows)} good rows.")
        return 1
    bring_schema_up(parts.settings)
    created, updated, refused = _book_all(parts, rows)
    print(*refused, sep="\n", end="\n" if refused else "")
    print(f"{created} created, {updated} brought up to date, {len(rows) - created - updated} left out.")
    return 1 if wrong or refused else 0


def _rows(file: Path, parts: Parts, now: datetime) -> Iterator[Row]:
    seen: dict[str, int] = {}
    for line, fields in _read(file):
        row = _checked(line, fields, parts, now) if fields is not None else Row(line, None, (TOO_MANY.format(line),))
        if row.booking and row.booking.external_id in seen:
            first = seen[row.booking.external_id]
            row = Row(line, None, (f"line {line}: external_id: it stands on line {first} already. Keep one.",))
        elif row.booking:
            seen[row.booking.external_id] = line
        yield row


def _read(file: Path) -> Iterator[tuple[int, dict[str, str] | None]]:
    """The lines with their fields; None where a line has more of them than there are columns."""
    try:
        # utf-8-sig: spreadsheets put a mark in front that would become part of the first column's name
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened, strict=True)
            _check_columns(reader.fieldnames or ())
            for fields in reader:
                yield reader.line_num, _plain(fields)
    except FileNotFoundError:
        raise BadRequest("FILE", str(file), "There is no such file.") from None
    except (UnicodeDecodeError, csv.Error, IsADirectoryError) as error:
        raise BadRequest("FILE", str(file), f"It is no CSV in UTF-8 ({error}).") from None


def _plain(fields: Mapping[str | None, Any]) -> dict[str, str] | None:
    """The fields of a line by column; a short line leaves the last ones empty."""
    if None in fields:
        return None
    return {str(name): value or "" for name, value in fields.items()}


def _check_columns(names: Sequence[str]) -> None:
    found = set(names)
    for name in sorted(name for name in found if names.count(name) > 1):
        raise BadRequest("column", name, "It stands there twice. Keep one of them.")
    for name in sorted(found - set(COLUMNS)):
        raise BadRequest("column", name, f"Known columns: {', '.join(COLUMNS)}.")
    for name in NEEDED:
        if name not in found:
            raise BadRequest("column", name, f"It is missing. Needed are {', '.join(NEEDED)}.")


def _checked(line: int, fields: Mapping[str, str], parts: Parts, now: datetime) -> Row:
    try:
        booking = booking_of(BookingIn.model_validate(_as_body(fields)), now)
        _refuse_what_the_clinic_does_not_know(booking, parts, now)
        return Row(line, booking)
    except ValidationError as error:
        found = [explain(each, BookingIn) for each in error.errors()]
        return Row(line, None, tuple(_said(line, f["field"], f["value"], f["remedy"]) for f in found))
    except BadRequest as error:
        return Row(line, None, (_said(line, error.field, error.value, error.remedy),))


def _as_body(fields: Mapping[str, str]) -> dict[str, object]:
    given = {name: value.strip() for name, value in fields.items() if value.strip()}
    patient = {name: given[name] for name in ("name", "phone", "timezone") if name in given}
    consent = {name.removeprefix("consent_"): given[name] for name in ("consent_method", "consent_at") if name in given}
    body: dict[str, object] = {
        name: given[name] for name in ("external_id", "treatment", "starts_at", "ends_at") if name in given
    }
    flags = given.get("flags", "").replace(";", " ").replace(",", " ").split()
    body |= {"flags": flags} if "flags" in fields else {}
    return body | {"patient": patient} | ({"consent": consent} if consent else {})


def _refuse_what_the_clinic_does_not_know(booking: Booking, parts: Parts, now: datetime) -> None:
    refuse_our_own_number(parts.clinic, booking.phone)
    contents = parts.clinic.contents
    if booking.treatment not in contents:
        raise BadRequest("treatment", booking.treatment, f"Known here: {', '.join(contents)}.")
    for flag in booking.flags or ():
        if flag not in contents[booking.treatment].timeline.flags:
            known = ", ".join(contents[booking.treatment].timeline.flags)
            raise BadRequest("flags", flag, f"Known for {booking.treatment}: {known}.")
    if booking.starts_at <= now:
        raise BadRequest("starts_at", booking.starts_at.isoformat(), "It is past; give a coming treatment.")


def _said(line: int, field: str, value: object, remedy: str) -> str:
    return f"line {line}: {NAMES.get(field, field)}: {value!r} cannot be used. {remedy}"


def _good(rows: list[Row]) -> int:
    return sum(row.booking is not None for row in rows)


def _book_all(parts: Parts, rows: list[Row]) -> tuple[int, int, list[str]]:
    created, updated, refused = 0, 0, []
    for row in rows:
        if row.booking is None:
            continue
        try:
            _, is_new = book(parts.clinic, parts.database, row.booking, now=parts.now())
        except BadRequest as error:
            refused.append(_said(row.line, error.field, error.value, error.remedy))
            continue
        created, updated = created + is_new, updated + (not is_new)
    return created, updated, refused
