"""What the care plan's table answers at each moment, written down a second time with plain date arithmetic.

It reads nothing of messages/ and uses nothing of the code under test.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

STAFF = "staff"


@dataclass(frozen=True)
class Treatment:
    """Start and end of one treatment, UTC, and the patient's zone."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    def midnight(self, days: int) -> datetime:
        """D+n: 0:00 local, n calendar days after the treatment's own day."""
        on = self.start.astimezone(self.zone).date() + timedelta(days=days)
        return datetime(on.year, on.month, on.day, tzinfo=self.zone).astimezone(UTC)

    def same_clock(self, anchor: datetime, days: int) -> datetime:
        """S-7d or E+7d: the same time on the wall, n calendar days off."""
        local = anchor.astimezone(self.zone)
        on = local.date() + timedelta(days=days)
        return datetime(on.year, on.month, on.day, local.hour, local.minute, tzinfo=self.zone).astimezone(UTC)


Point = Callable[[Treatment], datetime]
# What holds up to a moment (None is for ever); a verdict that waits names that very moment as its `until`.
Row = Sequence[tuple[Point | None, str]]


def _s(t: Treatment) -> datetime:
    return t.start


def _d(days: int) -> Point:
    return lambda t: t.midnight(days)


def _s_minus(days: int) -> Point:
    return lambda t: t.same_clock(t.start, -days)


def _e_plus(*, hours: int = 0, days: int = 0) -> Point:
    return lambda t: t.end + timedelta(hours=hours) if hours else t.same_clock(t.end, days)


ALWAYS_INFO: Row = [(None, "info")]
ONLY_AFTER_AVOID: Row = [(_s, STAFF), (None, "avoid")]
SWEAT: Row = [(_s, "info"), (_e_plus(hours=24), "wait"), (None, "ok")]

TABLE: Mapping[str, Row] = {
    "exercise": SWEAT,
    "heat": SWEAT,
    "wash": [(_s, "info"), (_e_plus(hours=4), "wait"), (_d(1), "ok"), (None, "ok")],
    "makeup": [(_d(0), "ok"), (_s, "avoid"), (_d(1), "wait"), (None, "ok")],
    "skincare": [(_d(0), "ok"), (_s, "avoid"), (_d(1), "wait"), (_d(2), "ok"), (None, "ok")],
    "retinoids": [(_s_minus(7), "ok"), (_s, "avoid"), (_d(7), "wait"), (None, "ok")],
    "exfoliants": [(_s_minus(7), "ok"), (_s, "avoid"), (_d(7), "avoid"), (None, "ok")],
    "topical_antibiotics": [(_s_minus(7), "ok"), (_s, "avoid"), (None, STAFF)],
    "sun": [(_s_minus(14), "ok"), (_s, "avoid"), (_d(2), "avoid"), (_d(14), "wait"), (None, "ok")],
    "sunscreen": [(_d(0), "ok"), (_s, "avoid"), (_d(1), "wait"), (None, "ok")],
    "nsaids": [(_s_minus(3), "ok"), (_s, "avoid"), (_e_plus(days=7), "wait"), (None, "ok")],
    "pain_relief": [(_s, STAFF), (None, "ok")],
    "ice": ONLY_AFTER_AVOID,
    "arnica_bromelain": ONLY_AFTER_AVOID,
    "blood_thinners": [(_s, "info"), (None, STAFF)],
    "accutane": [(_d(0), "info"), (None, STAFF)],
    "laser": [(_s_minus(14), "ok"), (_s, "avoid"), (None, STAFF)],
    "hair_removal": [(_s_minus(7), "ok"), (_s, "avoid"), (None, STAFF)],
    "shaving": [(_d(0), "ok"), (_s, "avoid"), (None, STAFF)],
    "cold_sores": [(_s, "info"), (None, STAFF)],
    "sleep": ALWAYS_INFO,
    "redness": [(_d(2), "info"), (None, STAFF)],
    "swelling": ALWAYS_INFO,
    "flaking": [(_d(7), "info"), (None, STAFF)],
    "picking": ONLY_AFTER_AVOID,
    "eye_bruising": [(_d(4), "info"), (None, STAFF)],
    "results": ALWAYS_INFO,
    "sessions": ALWAYS_INFO,
    "prp": ALWAYS_INFO,
    "numbing": ALWAYS_INFO,
    "what_is_it": ALWAYS_INFO,
    "medical_changes": [(_s, "info"), (None, STAFF)],
    "contact": ALWAYS_INFO,
}
# Topics whose answers always go to staff as well.
ALSO_STAFF = frozenset({"blood_thinners", "medical_changes"})


def expected(topic: str, treatment: Treatment, now: datetime) -> tuple[str, datetime | None]:
    """The verdict (or STAFF) and, for a wait, when it is over (UTC)."""
    for until, verdict in TABLE[topic]:
        if until is None or now < until(treatment):
            return verdict, until(treatment) if until and verdict == "wait" else None
    raise AssertionError(f"{topic} has no last row")


def boundaries(topic: str, treatment: Treatment) -> list[datetime]:
    """The moments at which this topic's answer changes."""
    return [until(treatment) for until, _ in TABLE[topic] if until]
