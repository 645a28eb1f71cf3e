"""Every setting once: type, default and one line of help; read from the environment or .env.

It refuses to start on missing or placeholder values, naming each; it knows nothing of what the settings are used for.
"""

import re
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import setting_values as values
from bot.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
NEEDED = (
    "public_base_url", "twilio_account_sid", "twilio_auth_token", "clinic_name", "clinic_phone", "staff_numbers",
    "api_key", "secret_key",
)  # fmt: skip
SECRETS_OF_TEXT = ("twilio_auth_token", "twilio_auth_token_secondary", "api_key", "secret_key")
SECRETS = (*SECRETS_OF_TEXT, "database_url")
PLACEHOLDERS = ("changeme", "change-me", "your-", "your_", "xxxx", "example", "placeholder", "todo", "<")
TWILIO_IDS = {
    "twilio_account_sid": "AC", "twilio_messaging_service_sid": "MG", "twilio_auth_token": "",
    "twilio_auth_token_secondary": "",
}  # fmt: skip


class Settings(BaseSettings):
    """What an installation can choose. Names are those of the environment variables in lower case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True, str_strip_whitespace=True)

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
        (),
        description="who gets alerts, as name:number pairs separated by commas or semicolons; the first is asked first",
    )
    quiet_hours: str = Field("20:00-8:00", description="local hours without unprompted texts; empty span means none")
    api_key: str = Field("", description="bearer key for /api; at least 16 characters")
    secret_key: str = Field("", description="signs pages and links; at least 16 characters")
    messages_dir: Path = Field(ROOT / "messages", description="where the clinic's words live")
    messages_per_second: float = Field(1.0, gt=0, le=1000, description="pace towards Twilio; a US long code carries 1")
    alert_words: bool = Field(
        False, description="true lets alerts to staff carry the patient's own words; ask your privacy officer"
    )
    escalation_wait: int = Field(
        300, ge=30, le=86_400, description="seconds until an alert nobody took is sent to everyone"
    )
    words_kept_for: int = Field(
        400,
        ge=0,
        le=36_500,
        description="days until the words of texts are forgotten, the ledger stays; 0 keeps them for ever",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="how much is logged")

    @field_validator("database_url")
    @classmethod
    def _as_sqlalchemy_spells_it(cls, value: str) -> str:
        return values.database_address(value)

    @field_validator("public_base_url")
    @classmethod
    def _base(cls, value: str) -> str:
        return values.base_address(value) if value else value

    @field_validator("twilio_api_base")
    @classmethod
    def _address(cls, value: str) -> str:
        return values.web_address(value) if value else value

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
        return values.e164(value) if value else value

    @field_validator("staff_numbers", mode="before")
    @classmethod
    def _parts(cls, value: object) -> object:
        return tuple(values.people(value)) if isinstance(value, str) else value

    @field_validator("staff_numbers")
    @classmethod
    def _reachable(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        values.staff(value)
        return value

    @field_validator("quiet_hours")
    @classmethod
    def _span(cls, value: str) -> str:
        values.quiet_hours(value)
        return value

    @field_validator("clinic_name")
    @classmethod
    def _name(cls, value: str) -> str:
        return values.clinic_name(value)

    def staff(self) -> list[tuple[str, str]]:
        """(name, E.164 number) of everyone who gets alerts, in the order they are asked."""
        return values.staff(self.staff_numbers)

    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return ZoneInfo(self.clinic_timezone)

    def quiet(self) -> tuple[time, time]:
        """When quiet hours begin and end, local time."""
        return values.quiet_hours(self.quiet_hours)

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
        wrong = {str(each["loc"][0]): _line(each) for each in error.errors() if each["loc"]}
        # A value that cannot be read must not hide that others are missing.
        readable = {name: Settings.model_fields[name].get_default() for name in wrong}
        others = _unfit(Settings(**(overrides | readable))) if complete else {}  # type: ignore[arg-type]
        raise SettingsError([*wrong.values(), *(others[name] for name in others if name not in wrong)]) from None
    except UnicodeDecodeError:
        raise SettingsError([".env is not saved as UTF-8. Save it again with that encoding."]) from None
    unfit = _unfit(settings) if complete else {}
    if unfit:
        raise SettingsError(list(unfit.values()))
    return settings


def _unfit(settings: Settings) -> dict[str, str]:
    """What keeps the bot from running, a line for each setting by its name; the first reason found is told."""
    lines: dict[str, str] = {}
    for name, what in (*_missing(settings), *_at_odds(settings)):
        lines.setdefault(name, f"{name.upper()} {what}")
    if settings.environment == "production":
        for name, what in (*_placeholders(settings), *_malformed(settings)):
            lines.setdefault(name, f"{name.upper()} {what}")
    return lines


def _missing(settings: Settings) -> Iterator[tuple[str, str]]:
    needed = [*NEEDED] if settings.twilio_messaging_service_sid else [*NEEDED, "twilio_from"]
    for name in needed:
        if not getattr(settings, name):
            yield name, f"is not set: {_help(name)}"


def _at_odds(settings: Settings) -> Iterator[tuple[str, str]]:
    for name, number in settings.staff():
        if number == settings.twilio_from:
            yield "staff_numbers", f"gives {name} the number {number}, which is TWILIO_FROM. Give a telephone of theirs"


def _placeholders(settings: Settings) -> Iterator[tuple[str, str]]:
    for name in ("twilio_account_sid", *SECRETS_OF_TEXT):
        value = getattr(settings, name)
        if value and any(p in value.lower() for p in PLACEHOLDERS):
            yield name, f"still holds a placeholder: {_help(name)}"
        elif value and name in ("api_key", "secret_key") and len(value) < 16:
            yield name, f"has only {len(value)} characters: {_help(name)}"


def _malformed(settings: Settings) -> Iterator[tuple[str, str]]:
    """What Twilio would never have given out, or could never reach; secrets are not repeated."""
    for name, begins in TWILIO_IDS.items():
        value = getattr(settings, name)
        if value and not re.fullmatch(f"{begins}[0-9a-fA-F]{{32}}", value):
            shown = "" if name in SECRETS_OF_TEXT else f" ({value[:60]!r})"
            form = f"{begins} and 32" if begins else "32"
            yield name, f"must be {form} hexadecimal digits, as the Twilio console shows it{shown}"
    problem = values.unreachable(settings.public_base_url) if settings.public_base_url else None
    if problem:
        yield "public_base_url", problem


def _help(name: str) -> str:
    return Settings.model_fields[name].description or ""


def _line(error: Any) -> str:
    name = str(error["loc"][0])
    what = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "value_error":
        return f"{name.upper()}: {what}"
    shown = "" if name in SECRETS else f"{str(error['input'])[:60]!r}: "
    return f"{name.upper()}: {shown}{what}. It is {_help(name)}"
