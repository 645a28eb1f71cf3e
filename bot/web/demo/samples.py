"""The patients to pick on the demo page, and how one is put to the appointments API. Knows no database and no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import BadRequest

TREATMENT = "micro-needling"
LASTS = timedelta(hours=1)
# Numbers that North America keeps for fiction; nobody can be texted by them.
FICTITIOUS = "+12125550{:03}"
FIRST_OWN_NUMBER = 150
# Offered where the visitor books a patient of her own: far enough ahead for the whole timeline.
OWN_DAYS_AHEAD = 21
OWN_AT = time(10)


@dataclass(frozen=True)
class Sample:
    """A made-up patient; `days_ahead` and `at` (local) say when the treatment is, seen from the day of booking."""

    key: str
    name: str
    about: str
    number: int
    days_ahead: int
    at: time
    flags: tuple[str, ...] = ()

    @property
    def external_id(self) -> str:
        """What the appointment is called in the API."""
        return f"demo-{self.key}"


SAMPLES = (
    Sample("maria", "Maria Gomez", "prone to cold sores, 3 weeks ahead", 141, 21, time(14), ("cold_sores",)),
    Sample("dana", "Dana Whitfield", "PRP and around the eyes", 142, 16, time(11), ("prp", "eyes")),
    Sample("sam", "Sam Okafor", "booked two days ahead", 143, 2, time(15, 30)),
)


def sample(key: str) -> Sample:
    """The sample of this key; BadRequest names those there are."""
    for each in SAMPLES:
        if each.key == key:
            return each
    raise BadRequest("sample", key, f"Known here: {', '.join(each.key for each in SAMPLES)}.")


def sample_booking(chosen: Sample, *, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The body of POST /api/appointments that books a sample patient as from `now`."""
    on = now.astimezone(zone).date() + timedelta(days=chosen.days_ahead)
    starts_at = datetime.combine(on, chosen.at, zone)
    phone = FICTITIOUS.format(chosen.number)
    return _booking(chosen.external_id, chosen.name, phone, starts_at, chosen.flags, now=now)


def own_booking(form: Mapping[str, Any], taken: int, *, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The body that books a patient of the visitor's own; `taken` is how many were booked before."""
    starts_at = local_moment("start", form.get("start"), zone)
    phone = FICTITIOUS.format(FIRST_OWN_NUMBER + taken % 800)
    flags = form.get("flags") or ()
    return _booking(f"demo-own-{taken + 1}", form.get("name"), phone, starts_at, flags, now=now)


def local_moment(field: str, value: object, zone: ZoneInfo) -> datetime:
    """A browser's local date and time ("2026-03-10T14:00") as an instant of this zone."""
    remedy = "Choose a day and a time, for example 2026-03-10T14:00."
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise BadRequest(field, value, remedy) from None
    if moment.tzinfo is not None:
        raise BadRequest(field, value, remedy)
    return moment.replace(tzinfo=zone)


def _booking(
    external_id: str, name: object, phone: str, starts_at: datetime, flags: Sequence[str], *, now: datetime
) -> dict[str, Any]:
    return {
        "external_id": external_id,
        "patient": {"name": name, "phone": phone},
        "treatment": TREATMENT,
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + LASTS).isoformat(),
        "flags": list(flags),
        "consent": {"method": "paper form", "at": now.isoformat()},
    }
