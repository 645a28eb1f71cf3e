"""The demo's clinic: settings made up afresh for every run. It must not read the environment or a .env file."""

from datetime import datetime
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import Any
from zoneinfo import ZoneInfo

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.settings import Settings

ZONE = ZoneInfo("America/New_York")
OPENS_AT = datetime(2026, 2, 17, 10, 0, tzinfo=ZONE)  # a Tuesday; Maria's treatment is three weeks later
CLINIC_NUMBER = "+12125550100"
STAFF = ("Kim:+12125550121", "Dr. Lee:+12125550122")
ON_CALL = ("on call", "asked second")


class DemoSettings(Settings):
    """Settings of which only what is passed counts: a real installation's variables must not leak into the demo."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def demo_settings(*, folder: Path, base_url: str, carrier: str) -> DemoSettings:
    """A clinic in New York with two people on call; `carrier` is where the stand-in will listen."""
    made_up: dict[str, Any] = {
        "environment": "development",
        "database_url": f"sqlite:///{folder / 'demo.db'}",
        "public_base_url": base_url,
        "twilio_account_sid": f"AC{token_hex(16)}",
        "twilio_auth_token": token_urlsafe(24),
        "twilio_from": CLINIC_NUMBER,
        "twilio_api_base": carrier,
        "clinic_name": "Lumen Skin",
        "clinic_phone": CLINIC_NUMBER,
        "clinic_timezone": ZONE.key,
        "staff_numbers": ",".join(STAFF),
        "api_key": token_urlsafe(24),
        "secret_key": token_urlsafe(24),
        "messages_per_second": 1000,
        "alert_words": True,
        "log_level": "ERROR",
    }
    return DemoSettings(**made_up)
