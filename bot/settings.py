"""Every setting once: type, default and one line of help; read from the environment or .env.

It refuses to start on missing or placeholder values, naming each; it knows nothing of what the settings are used for.
"""

import re
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ("localhost", "127.0.0.1", "::1")
SECRETS = ("twilio_auth_token", "twilio_auth_token_secondary", "api_key", "secret_key", "database_url")
PLACEHOLDERS = ("changeme", "change-me", "your-", "xxxx", "example", "placeholder", "todo")


class Settings(BaseSettings):
    """What an installation can choose. Names are those of the environment variables in lower case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    environment: Literal["production", "development"] = Field(
        "production", description="production refuses placeholder secrets; development is for your own machine"
    )
    database_url: str = Field(
        "sqlite:///needling.db", description="SQLite to start, PostgreSQL to grow; postgres:// as hosts give it works"
    )
    public_base_url: str = Field(
        "", description="the https address Twilio reaches us at, without a path unless a proxy adds one"
    )
    port: int = Field(8000, ge=0, le=65535, description="the port `bot serve` listens on")
    twilio_account_sid: str = Field("", description="AC..., from the Twilio console")
    twilio_auth_token: str = Field("", description="the account's primary auth token: it signs every webhook")
    twilio_auth_token_secondary: str = Field("", description="also accepted while a token is being replaced")
    twilio_from: str = Field("", description="the clinic's Twilio number in E.164; or set TWILIO_MESSAGING_SERVICE_SID")
    twilio_messaging_service_sid: str = Field("", description="MG..., instead of TWILIO_FROM")
    twilio_api_base: str = Field("", description="another base URL for Twilio's API; only for the stand-in")
    clinic_name: str = Field("", description="how every text names the clinic; short is cheap (at most 24 characters)")
    clinic_phone: str = Field("", description="the number patients can call, in E.164")
    clinic_timezone: str = Field("America/New_York", description="the clinic's zone; patients may have their own")
    staff_numbers: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="who gets alerts, as name:number pairs separated by commas; the first is asked first"
    )
    quiet_hours: str = Field("20:00-8:00", description="local hours without unprompted texts; empty span means none")
    api_key: str = Field("", description="bearer key for /api; at least 16 characters")
    secret_key: str = Field("", description="signs pages and links; at least 16 characters")
    messages_dir: Path = Field(ROOT / "messages", description="where the clinic's words live")
    messages_per_second: float = Field(1.0, gt=0, le=1000, description="pace towards Twilio; a US long code carries 1")
    alert_words: bool = Field(
        False, description="true lets alerts to staff carry the patient's own words; ask your privacy officer"
    )
    escalation_wait: int = Field(300, ge=30, description="seconds until an alert nobody took is sent to everyone")
    words_kept_for: int = Field(
        400, ge=0, description="days until the words of texts are forgotten, the ledger stays; 0 keeps them for ever"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="how much is logged")

    @field_validator("database_url")
    @classmethod
    def _as_sqlalchemy_spells_it(cls, value: str) -> str:
        for prefix in ("postgres://", "postgresql://"):
            if value.startswith(prefix):
                return "postgresql+psycopg://" + value.removeprefix(prefix)
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgres://")
        if value in ("sqlite:///", "sqlite:///:memory:"):
            raise ValueError("names no file; what is kept in memory is lost. Write sqlite:///needling.db")
        return value

    @field_validator("clinic_timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{value!r} is no time zone; write one like America/New_York") from None
        return value

    @field_validator("twilio_from", "clinic_phone")
    @classmethod
    def _number(cls, value: str) -> str:
        return _e164(value) if value else value

    @field_validator("staff_numbers", mode="before")
    @classmethod
    def _pairs(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("quiet_hours")
    @classmethod
    def _span(cls, value: str) -> str:
        parse_quiet_hours(value)
        return value

    @field_validator("clinic_name")
    @classmethod
    def _short(cls, value: str) -> str:
        if len(value) > 24:
            raise ValueError(f"{value!r} has {len(value)} characters; every text begins with it, so keep it to 24")
        return value

    @field_validator("public_base_url", "twilio_api_base")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError(f"{value!r} must start with https://")
        return value.rstrip("/")

    @field_validator("staff_numbers")
    @classmethod
    def _reachable(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _people(value)
        return value

    def staff(self) -> list[tuple[str, str]]:
        """(name, E.164 number) of everyone who gets alerts, in the order they are asked."""
        return _people(self.staff_numbers)

    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return ZoneInfo(self.clinic_timezone)

    def quiet(self) -> tuple[time, time]:
        """When quiet hours begin and end, local time."""
        return parse_quiet_hours(self.quiet_hours)

    def auth_tokens(self) -> tuple[str, ...]:
        """Every token a webhook may be signed with."""
        return tuple(t for t in (self.twilio_auth_token, self.twilio_auth_token_secondary) if t)

    @property
    def is_sqlite(self) -> bool:
        """One process does everything on SQLite; on PostgreSQL any number share the work."""
        return self.database_url.startswith("sqlite")


def read_settings(*, complete: bool = True, **overrides: object) -> Settings:
    """Settings from the environment and .env; SettingsError names every variable that is wrong.

    `complete` also demands what running against Twilio needs; commands that only read content pass False.
    """
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError([_line(e) for e in error.errors()]) from None
    missing = _unfit(settings) if complete else []
    if missing:
        raise SettingsError(missing)
    return settings


def parse_quiet_hours(value: str) -> tuple[time, time]:
    """("20:00-8:00") as two local times; ValueError says how to write it."""
    try:
        begins, ends = (time(*map(int, part.strip().split(":"))) for part in value.split("-"))
    except (ValueError, TypeError):
        raise ValueError(f"{value!r} must look like 20:00-8:00") from None
    return begins, ends


def _unfit(settings: Settings) -> list[str]:
    needed = ["public_base_url", "twilio_account_sid", "twilio_auth_token", "clinic_name", "clinic_phone"]
    lines = [
        f"{n.upper()} is not set: {_help(n)}" for n in [*needed, "api_key", "secret_key"] if not getattr(settings, n)
    ]
    if not settings.staff_numbers:
        lines.append(f"STAFF_NUMBERS is not set: {_help('staff_numbers')}")
    if not settings.twilio_from and not settings.twilio_messaging_service_sid:
        lines.append(f"TWILIO_FROM is not set: {_help('twilio_from')}")
    if settings.environment == "production":
        lines += [*_placeholders(settings), *_unsafe(settings)]
    return lines


def _placeholders(settings: Settings) -> list[str]:
    lines = []
    for name in ("twilio_auth_token", "twilio_account_sid", "api_key", "secret_key"):
        value = getattr(settings, name)
        if value and any(p in value.lower() for p in PLACEHOLDERS):
            lines.append(f"{name.upper()} still holds a placeholder: {_help(name)}")
        elif value and name in ("api_key", "secret_key") and len(value) < 16:
            lines.append(f"{name.upper()} has only {len(value)} characters: {_help(name)}")
    return lines


def _unsafe(settings: Settings) -> list[str]:
    lines = []
    address = urlsplit(settings.public_base_url)
    if address.scheme == "http" and address.hostname not in LOOPBACK:
        lines.append("PUBLIC_BASE_URL starts with http://: what patients write would travel in the open. Use https://")
    if settings.twilio_account_sid and not re.fullmatch("AC[0-9a-fA-F]{32}", settings.twilio_account_sid):
        lines.append("TWILIO_ACCOUNT_SID must be AC and 32 hexadecimal digits, as the Twilio console shows it")
    return lines


def _help(name: str) -> str:
    return Settings.model_fields[name].description or ""


def _line(error: object) -> str:
    name = ".".join(str(p) for p in error["loc"]) or "settings"  # type: ignore[index]
    what = str(error["msg"]).removeprefix("Value error, ")  # type: ignore[index]
    if error["type"] == "value_error":  # type: ignore[index]
        return f"{name.upper()}: {what}"
    shown = "" if name in SECRETS else f"{str(error['input'])[:60]!r}: "  # type: ignore[index]
    return f"{name.upper()}: {shown}{what}. It is {_help(name)}"


def _people(pairs: tuple[str, ...]) -> list[tuple[str, str]]:
    people = []
    for place, part in enumerate(pairs, 1):
        name, colon, number = part.rpartition(":")
        people.append((name.strip() if colon else f"Staff {place}", _e164(number.strip())))
    return people


def _e164(value: str) -> str:
    try:
        number = phonenumbers.parse(value, "US")
    except phonenumbers.NumberParseException:
        raise ValueError(f"{value!r} is no telephone number; write it like +12125550123") from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError(f"{value!r} is no telephone number; write it like +12125550123")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
