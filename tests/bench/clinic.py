"""A clinic for benchmarks: settings of its own, a fresh database, a hundred patients under care."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.records.migrations import migrate
from bot.settings import Settings
from bot.usecases.appointment import book
from bot.usecases.bookings import Booking
from bot.wiring import Parts, wire

ACCOUNT, TOKEN = "AC" + "0" * 32, "a token of the benchmarks"
CLINIC = "+15005550006"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def parts_on(url: str, *, base_url: str = "http://127.0.0.1:1", api_base: str = "", now: datetime = NOW) -> Parts:
    """The product wired on this database, its clock standing at `now`."""
    migrate(url)
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        environment="development",
        database_url=url,
        public_base_url=base_url,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_from=CLINIC,
        twilio_api_base=api_base,
        clinic_name="Bright Skin",
        clinic_phone="+12125550123",
        staff_numbers="Alice:+12125550140",
        api_key="a key of the benchmarks",
        secret_key="another key of the benchmarks",
        messages_per_second=1000,
    )
    parts = wire(settings)
    return Parts(**{**parts.__dict__, "now": lambda: now})


def with_patients(parts: Parts, count: int, *, now: datetime = NOW) -> list[str]:
    """Book that many patients; returns their numbers."""
    phones = [f"+1415555{n:04}" for n in range(count)]
    for n, phone in enumerate(phones):
        starts_at = now + timedelta(days=8, hours=n % 8)
        booking = Booking(f"B-{n}", f"Patient{n} Bench", phone, None, "micro-needling", starts_at)
        book(parts.clinic, parts.database, booking, now=now)
    return phones


def sqlite_in(folder: str) -> str:
    """The address of a SQLite file in this folder."""
    return f"sqlite:///{Path(folder) / 'bench.db'}"
