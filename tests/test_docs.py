"""What the documents say is true: every setting is in .env.example and README, every command runs as written."""

import re
from pathlib import Path

import typer

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
NAMES = {name.upper() for name in Settings.model_fields}


def written() -> dict[str, str]:
    """The variables of .env.example with their values."""
    return dict(line.split("=", 1) for line in EXAMPLE.splitlines() if line and line[0] != "#")


def test_every_setting_is_in_the_example_and_nothing_else_is() -> None:
    assert set(written()) == NAMES


def test_the_values_in_the_example_are_the_defaults() -> None:
    given = {name.lower(): value for name, value in written().items() if value}
    from_example = Settings(_env_file=None, **given)  # type: ignore[call-arg,arg-type]
    defaults = Settings.model_construct()
    assert {name: getattr(from_example, name) for name in given} == {name: getattr(defaults, name) for name in given}


def test_every_setting_is_explained_in_the_readme() -> None:
    assert NAMES <= set(re.findall(r"`([A-Z][A-Z_]+)`", README))


def test_every_command_is_in_the_readme_and_every_command_there_exists() -> None:
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    mentioned = set(re.findall(r"(?:python -m bot|`bot|^bot) ([a-z]+)", README, re.MULTILINE))
    assert mentioned == commands


def test_every_make_target_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", README)) <= targets


def test_links_and_anchors_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
    for target in re.findall(r"\]\(([^)]+)\)", README):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif not target.startswith("http"):
            assert (ROOT / target.split("#")[0]).exists(), target


def test_the_example_of_an_appointment_is_the_one_the_api_takes() -> None:
    from bot.web.schemas import BookingIn

    [body] = re.findall(r"-d '(\{.+?\})'", README, re.DOTALL)
    assert BookingIn.model_validate_json(body).external_id == "A-1001"


def test_the_webhook_addresses_are_those_that_are_served() -> None:
    from bot.web import twilio_hooks

    for route in twilio_hooks.router.routes:
        assert f"{route.path}" in README  # type: ignore[attr-defined]


def test_the_procfile_runs_commands_that_exist() -> None:
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    assert [line.split(":")[0] for line in lines] == ["release", "web", "worker"]
    assert {line.split()[-1] for line in lines} <= commands
