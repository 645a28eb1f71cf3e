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
        ("DATABASE_URL", "postgres://u:p@h:notaport/x", "postgres://user:password@host:5432/name"),
        ("DATABASE_URL", "postgres://u:p@h:99999/x", "cannot be taken apart"),
        ("DATABASE_URL", "postgres://u:p@ss@h/x", "write @ as %40"),
        ("PUBLIC_BASE_URL", "https://YOUR-HOST", "names no host of yours"),
        ("PUBLIC_BASE_URL", "https://your-app.herokuapp.com", "names no host of yours"),
        ("PUBLIC_BASE_URL", "https://bot.example.com", "names no host of yours"),
        ("PUBLIC_BASE_URL", "https://bot", "names no host of yours"),
        ("PUBLIC_BASE_URL", "https://", "names no host"),
        ("PUBLIC_BASE_URL", "https://[bad", "is no address"),
        ("PUBLIC_BASE_URL", "https://bot.test:99999", "is no address"),
        ("PUBLIC_BASE_URL", "https://bot.test/a b", "names no host"),
        ("PUBLIC_BASE_URL", "https://bot.test/twilio/inbound#rc=3&rp=all", "Write only https://bot.test"),
        ("PUBLIC_BASE_URL", "https://bot.test/bot/twilio/inbound/", "Write only https://bot.test/bot"),
        ("PUBLIC_BASE_URL", "https://bot.test?x=1", "Write only https://bot.test"),
        ("PUBLIC_BASE_URL", "https://the_bot.test", "underscore in its host"),
        ("TWILIO_API_BASE", "https://[bad", "is no address"),
        ("TWILIO_AUTH_TOKEN", "x", "must be 32 hexadecimal digits"),
        ("TWILIO_AUTH_TOKEN", "<token>", "still holds a placeholder"),
        ("TWILIO_AUTH_TOKEN_SECONDARY", "x", "must be 32 hexadecimal digits"),
        ("TWILIO_MESSAGING_SERVICE_SID", "MGxxx", "must be MG and 32 hexadecimal digits"),
        ("API_KEY", " " * 20, "API_KEY is not set"),
        ("CLINIC_NAME", "   ", "CLINIC_NAME is not set"),
        ("CLINIC_NAME", "Bright\nSkin", "on one line"),
        ("CLINIC_NAME", "Klinik \u0141\u00f3d\u017a", "'\u0141' (U+0141)"),
        ("CLINIC_NAME", "Klinik \u0141\u00f3d\u017a", "Write 'Klinik Lodz'"),
        ("CLINIC_NAME", "Bright\u200bSkin", "cannot be seen"),
        ("CLINIC_NAME", "Skin \u2728", "(U+2728)"),
        ("CLINIC_PHONE", "212 555 0123 ext 5", "extension"),
        ("STAFF_NUMBERS", "Alice:+12125550140:+12125550141", "is not one person"),
        ("STAFF_NUMBERS", ":+12125550140", "no name before its colon"),
        ("STAFF_NUMBERS", "Alice:+12125550140, Bob:+12125550140", "stands there twice, for Alice and for Bob"),
        ("STAFF_NUMBERS", "Alice:+12125550140, alice:+12125550141", "two people are called alice"),
        ("STAFF_NUMBERS", "Alice:+12125550140, Clinic:+15005550006", "which is TWILIO_FROM"),
        ("STAFF_NUMBERS", "\u738b\u5c0f\u660e:+12125550140", "(U+738B)"),
        ("ESCALATION_WAIT", "99999999999999", "less than or equal to 86400"),
        ("WORDS_KEPT_FOR", "99999999999", "less than or equal to 36500"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_do(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert [line for line in raised.value.lines if line.startswith(name)] and said in str(raised.value)


def test_semicolons_part_people_too_and_names_are_kept_in_letters_any_text_can_carry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STAFF_NUMBERS", "Alice:+12125550140;Zo\u00eb:+12125550141; \u0141ukasz:+12125550142;")
    assert read_settings().staff() == [
        ("Alice", "+12125550140"), ("Zoe", "+12125550141"), ("Lukasz", "+12125550142")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["https://bot.test/needling", "https://bot.test:8443", "https://user:pw@bot.test", "https://[2001:db8::1]:8443"],
)
def test_an_address_may_have_a_port_a_password_and_the_prefix_of_a_proxy(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", f"{address}/")
    assert read_settings().public_base_url == address


@pytest.mark.parametrize(
    "rest",
    ["bot:p%40ss@db.host:5432/x?sslmode=require", "bot@/x?host=/run/pg", "bot:@/x?host=/run/pg", "[::1]:5432/x", "h/x"],
)
def test_addresses_of_postgresql_are_taken_as_hosts_give_them(monkeypatch: pytest.MonkeyPatch, rest: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgres://{rest}")
    assert read_settings().database_url == f"postgresql+psycopg://{rest}"


def test_blanks_around_a_value_are_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", f" {GOOD['API_KEY']}\n")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", f"{GOOD['TWILIO_AUTH_TOKEN']} ")
    assert (read_settings().api_key, read_settings().twilio_auth_token) == (GOOD["API_KEY"], GOOD["TWILIO_AUTH_TOKEN"])


def test_a_value_that_cannot_be_read_hides_none_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "abc")
    monkeypatch.setenv("CLINIC_PHONE", "call us")
    monkeypatch.delenv("API_KEY")
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert [line.split()[0].rstrip(":") for line in raised.value.lines] == ["PORT", "CLINIC_PHONE", "API_KEY"]
    with pytest.raises(SettingsError) as raised:
        read_settings(complete=False)
    assert [line.split()[0] for line in raised.value.lines] == ["PORT:", "CLINIC_PHONE:"]


def test_a_dotenv_file_in_another_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("CLINIC_NAME=Caf\u00e9\n".encode("latin-1"))
    with pytest.raises(SettingsError, match=r"\.env is not saved as UTF-8"):
        read_settings()


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
    for name, value in {
        "DATABASE_URL": "postgres://bot:hunter2@host:port/db",
        "PUBLIC_BASE_URL": "https://bot:hunter2@[bad",
        "TWILIO_AUTH_TOKEN": "hunter2",
        "TWILIO_AUTH_TOKEN_SECONDARY": "hunter2",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert len(raised.value.lines) == 5 and "hunter2" not in str(raised.value)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///x.db")
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://bot:hunter2@your-host")
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert "API_KEY" in str(raised.value) and "hunter2" not in str(raised.value)
