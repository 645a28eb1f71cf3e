"""Long but real values that every text is tried with, so that a text which fits here fits in service. Pure data."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.care.model import Appointment

_START = datetime(2026, 9, 30, 16, 30, tzinfo=UTC)
APPOINTMENT = Appointment(
    booked_at=_START - timedelta(days=30),
    starts_at=_START,
    ends_at=_START + timedelta(hours=6, minutes=20),
    zone=ZoneInfo("America/New_York"),
)
EXAMPLES = {
    "clinic": "Bright Skin Aesthetics",
    "phone": "(212) 555-0123",
    "name": "Alexandra",
    "limits": "IPL/laser, unprotected sun, sunburn, blood thinners, retinoids, exfoliants, acids, topical antibiotics, "
    "waxing, depilatory cream, electrolysis on the area, anti-inflammatories",
    "since_day": "Wed Sep 30",
    "until": "Wed Sep 30 12:50 PM",
    "prescribed": "Prescribed? Ask your prescriber or us first.",
    "staff": "Alexandra",
    "topics": "waxing and hair removal",
    "question": "do you take blood thinners, or anti-inflammatories such as ibuprofen, Motrin or Advil? Reply Y or N.",
    "choices": "exercise or jacuzzi, sauna and steam",
    "names": "Alexandra or Bartholomew",
    "words": ' "theres yellow stuff coming out of my cheek since this morning"',
    "urgency": "EMERGENCY",
    "code": "1234",
    "codes": "1234 Alexandra G., 1235 Bartholomew H.",
    "patient": "Alexandra G.",
    "day": "day 12 after",
    "signs": "redness or pain increasing, discharge",
    "open": "Open: 1234 Alexandra G., 1235 Bartholomew H.",
    "example": "A 1234",
    "time": "12:40 PM",
    "wash": "10:50 PM",
    "exercise": "Thu 10:50 PM",
    "count": "2",
    "length": "1,650",
    "why": "Twilio refused the text for a reason we do not know (code 12345)",
}
STEP_NAMES = frozenset({"clinic", "phone", "name", "start_day", "start_time"})
# Known only where late steps are merged.
MERGED_NAMES = frozenset({"limits", "since_day"})
# These are said of some limits only: what begins a week before, and what nobody prescribes.
FEWER_LIMITS: dict[str, dict[str, str]] = {
    "text if nothing is in force": {
        "limits": "blood thinners, retinoids, exfoliants, acids, topical antibiotics, waxing, depilatory cream, "
        "electrolysis on the area"
    },
    "text if nothing is prescribed": {"limits": "IPL/laser, unprotected sun, sunburn"},
}
WINDOW_NAMES = frozenset({"phone", "prescribed", "start_day", "start_time"})
