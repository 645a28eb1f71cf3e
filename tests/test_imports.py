"""The arrows: imports go one way, and the pure packages stay pure."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE = (
    "bot.care", "bot.content", "bot.conversation", "bot.escalation.policy", "bot.sms.gateway", "bot.sms.twilio_codes",
    "bot.outbox.model", "bot.outbox.backoff", "bot.outbox.decide",
)  # fmt: skip
NOT_PURE = ("bot.content.load",)  # the one reader of messages/
PURE_MAY_USE = {
    "pydantic", "rapidfuzz", "spellchecker", "numpy", "threadpoolctl", "yaml", "annotated_types", "typing_extensions",
}  # fmt: skip
# What each part may import besides itself, the pure packages and bot.errors; nothing here may be a circle.
ALLOWED = {
    "bot.records": (),
    "bot.sms": ("bot.clock",),
    "bot.outbox": ("bot.records", "bot.sms.gateway", "bot.sms.twilio_codes"),
    "bot.escalation": ("bot.records", "bot.outbox"),
    "bot.usecases": ("bot.records", "bot.outbox", "bot.escalation", "bot.sms.twiml", "bot.sms.webhooks"),
    "bot.housekeeping": ("bot.clock", "bot.records", "bot.outbox"),
    "bot.scheduler": ("bot.clock", "bot.housekeeping", "bot.records", "bot.outbox"),
    "bot.web": ("bot.wiring", "bot.usecases", "bot.records", "bot.outbox", "bot.sms"),
}
DEMO = "bot.web.demo"  # stands in for clock and carrier, and so may reach further than the web


def modules() -> Iterator[tuple[str, set[str]]]:
    """Every module of the bot with the modules it imports anywhere in it."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield name, {imported for node in ast.walk(tree) for imported in _imported(node)}


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0, names=names):
            return [f"{module}.{alias.name}" for alias in names]
        case ast.ImportFrom():
            return ["a relative import"]
    return []


def within(module: str, parts: tuple[str, ...] | set[str]) -> bool:
    return any(module == part or module.startswith(part + ".") for part in parts)


MODULES = dict(modules())


@pytest.mark.parametrize("name", [name for name in MODULES if within(name, PURE) and name not in NOT_PURE])
def test_pure_packages_import_only_the_standard_library_and_each_other(name: str) -> None:
    for imported in MODULES[name]:
        first = imported.split(".")[0]
        if first == "bot":
            assert within(imported, (*PURE, "bot.errors")) and imported not in NOT_PURE, f"{name} imports {imported}"
        else:
            assert first in sys.stdlib_module_names | PURE_MAY_USE, f"{name} imports {imported}"


@pytest.mark.parametrize("name", [name for name in MODULES if within(name, tuple(ALLOWED)) and not within(name, PURE)])
def test_imports_go_one_way(name: str) -> None:
    if within(name, (DEMO,)):
        return
    part = next(part for part in ALLOWED if within(name, (part,)))
    allowed = (part, *ALLOWED[part], *PURE, *NOT_PURE, "bot.errors")
    for imported in MODULES[name]:
        if imported.split(".")[0] == "bot":
            assert within(imported, allowed), f"{name} imports {imported}"


@pytest.mark.parametrize("name", [name for name in MODULES if within(name, PURE)])
def test_pure_packages_read_no_clock_and_no_environment(name: str) -> None:
    source = (ROOT / (name.replace(".", "/") + ".py")) if "." in name else ROOT
    path = source if source.exists() else ROOT / name.replace(".", "/") / "__init__.py"
    for word in ("datetime.now", "time.time(", "os.environ", "getenv", "random.random("):
        assert word not in path.read_text(encoding="utf-8"), f"{name} uses {word}"


def test_one_file_reads_the_wall_clock() -> None:
    words = ("datetime.now(", "datetime.utcnow(", "time.time()")
    files = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py")}
    assert [file for file, source in files.items() if any(word in source for word in words)] == ["bot/clock.py"]


def test_only_the_records_and_their_tests_know_how_the_database_is_opened() -> None:
    openers = [name for name, imports in MODULES.items() if "sqlalchemy.create_engine" in imports]
    assert openers == ["bot.records.database"]


def test_only_the_carrier_side_knows_twilios_client() -> None:
    users = [name for name, imports in MODULES.items() if any(i.split(".")[0] == "twilio" for i in imports)]
    assert all(within(name, ("bot.sms",)) for name in users)


def test_twilios_side_never_sees_the_records() -> None:
    for name, imports in MODULES.items():
        if within(name, ("bot.sms",)):
            assert not any(within(i, ("bot.records", "bot.usecases", "bot.outbox")) for i in imports), name


def test_no_file_is_long_and_every_file_says_what_it_is_for() -> None:
    for path in (ROOT / "bot").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert len(source.splitlines()) <= 300, f"{path} is too long"
        if source.strip():
            assert ast.get_docstring(ast.parse(source)), f"{path} has no docstring"
