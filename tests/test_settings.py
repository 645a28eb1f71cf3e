"""Settings: each wrong one is named with what would do, and nothing secret is shown."""

from datetime import time
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, read_settings

GOOD = {
    "DATABASE_URL": "postgres://bot:secret@db.host/needling",
    "PUBLIC_BASE_URL": "https://bot.brightskin.test/",
    "TWILIO_ACCOUNT_SID": "AC" + "0123456789abcdef" * 2,
    "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
    "TWILIO_FROM": "+1 (500) 555-0006",
    "CLINIC_NAME": "Bright Skin",
    "CLINIC_PHONE": "212 555 0123",
    "STAFF_NUMBERS": "Alice:+12125550140, +12125550141",
    "API_KEY": "k" * 32,
    "SECRET_KEY": "s" * 32,
}


@pytest.fixture(autouse=True)
def good_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A complete environment, in a folder without .env."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)


def test_a_complete_environment_is_read_and_put_into_one_form() -> None:
    settings = read_settings()
    assert settings.database_url == "postgresql+psycopg://bot:secret@db.host/needling"
    assert settings.public_base_url == "https://bot.brightskin.test"
    assert (settings.twilio_from, settings.clinic_phone) == ("+15005550006", "+12125550123")
    assert settings.staff() == [("Alice", "+12125550140"), ("Staff 2", "+12125550141")]
    assert settings.quiet() == (time(20), time(8))
    assert settings.auth_tokens() == (GOOD["TWILIO_AUTH_TOKEN"],)


def test_a_dotenv_file_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("CLINIC_NAME=From file\nQUIET_HOURS=21:00-7:30\nUNKNOWN=1\n", encoding="utf-8")
    assert (read_settings().clinic_name, read_settings().quiet_hours) == ("Bright Skin", "21:00-7:30")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "mysql://x", "sqlite:/// or postgres://"),
        ("DATABASE_URL", "sqlite:///:memory:", "sqlite:///needling.db"),
        ("PUBLIC_BASE_URL", "bot.brightskin.test", "must start with https://"),
        ("PUBLIC_BASE_URL", "http://bot.brightskin.test", "Use https://"),
        ("PUBLIC_BASE_URL", "", "PUBLIC_BASE_URL is not set: the https address"),
        ("PORT", "eighty", "'eighty'"),
        ("TWILIO_ACCOUNT_SID", "AC123", "32 hexadecimal digits"),
        ("TWILIO_AUTH_TOKEN", "changeme", "still holds a placeholder"),
        ("TWILIO_FROM", "", "or set TWILIO_MESSAGING_SERVICE_SID"),
        ("TWILIO_FROM", "12", "write it like +12125550123"),
        ("CLINIC_NAME", "The Bright Skin Clinic of New York", "keep it to 24"),
        ("CLINIC_PHONE", "call us", "write it like +12125550123"),
        ("CLINIC_TIMEZONE", "New York", "America/New_York"),
        ("STAFF_NUMBERS", "Alice:12", "write it like +12125550123"),
        ("STAFF_NUMBERS", "", "name:number pairs"),
        ("QUIET_HOURS", "late", "20:00-8:00"),
        ("API_KEY", "short", "only 5 characters"),
        ("MESSAGES_PER_SECOND", "0", "greater than 0"),
        ("ESCALATION_WAIT", "5", "'5'"),
        ("ALERT_WORDS", "perhaps", "'perhaps'"),
        ("LOG_LEVEL", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_do(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert [line for line in raised.value.lines if line.startswith(name)] and said in str(raised.value)


def test_everything_missing_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        monkeypatch.delenv(name)
    with pytest.raises(SettingsError) as raised:
        read_settings()
    named = {line.split()[0] for line in raised.value.lines}
    assert named == set(GOOD) - {"DATABASE_URL"}


def test_what_only_reads_words_needs_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        monkeypatch.delenv(name)
    assert read_settings(complete=False).is_sqlite


def test_a_messaging_service_stands_in_for_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TWILIO_FROM")
    monkeypatch.setenv("TWILIO_MESSAGING_SERVICE_SID", "MG" + "a" * 32)
    assert read_settings().twilio_messaging_service_sid


def test_on_your_own_machine_short_secrets_and_http_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "development")
    monkeypatch.setenv("API_KEY", "short")
    monkeypatch.setenv("PUBLIC_BASE_URL", "http://localhost:8000")
    assert read_settings().api_key == "short"


def test_no_error_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://bot:hunter2@host/db")
    monkeypatch.setenv("API_KEY", "changeme-hunter2")
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert "hunter2" not in str(raised.value)
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert "API_KEY" in str(raised.value) and "hunter2" not in str(raised.value)
