"""Times as people type them on the command line. Reads no clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.errors import BadRequest

EXAMPLE = "Write it like 2026-03-10T14:00, or with an offset like 2026-03-10T14:00:00-04:00."
YEARS = range(2000, 2101)


def read_time(field: str, value: object, zone: ZoneInfo) -> datetime:
    """An instant from ISO 8601; without an offset it is a local time of `zone`. BadRequest names the field."""
    if not isinstance(value, str) or len(value.strip()) < len("2026-03-10T14"):
        raise BadRequest(field, value, EXAMPLE)
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise BadRequest(field, value, EXAMPLE) from None
    if moment.year not in YEARS:
        raise BadRequest(field, value, f"Its year must lie between {YEARS[0]} and {YEARS[-1]}.")
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def read_zone(field: str, value: object) -> ZoneInfo:
    """A time zone by its IANA name."""
    try:
        return ZoneInfo(str(value))
    except (KeyError, ValueError, OSError):
        raise BadRequest(field, value, "Write an IANA name like America/New_York.") from None
