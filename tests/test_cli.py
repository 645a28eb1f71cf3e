"""The commands as people type them: quick, plain about what is wrong, and exact in what they print."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.clock import now
from bot.commands.staff import staff
from bot.outbox.alarms import stop_sending
from bot.records.database import open_database
from bot.records.numbers import record_opt_out
from bot.records.tables import AppointmentRow
from bot.settings import Settings
from bot.sms.twilio_codes import classify

ROOT = Path(__file__).resolve().parent.parent
END = {"procedure_start": "2026-03-10T14:00:00-04:00", "procedure_end": "2026-03-10T15:00:00-04:00"}
Bot = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def bot_apart(tmp_path: Path) -> Bot:
    """Runs a command in a process of its own and an empty folder, with nothing set but what the test sets."""

    def run(*arguments: str, given: str | bytes = "", **settings: str) -> subprocess.CompletedProcess[str]:
        # The code beside this test, wherever another copy of it is installed.
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "COLUMNS": "160"} | settings
        given = given if isinstance(given, str) else given.decode("utf-8", "surrogateescape")
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "bot", *arguments],
            input=given, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60,
            errors="surrogateescape",
        )  # fmt: skip

    return run


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bot:
    """The same in this process, which is quicker."""

    def run(*arguments: str, given: str | bytes = "", **settings: str) -> subprocess.CompletedProcess[str]:
        given = given.encode() if isinstance(given, str) else given
        out, err = io.StringIO(), io.StringIO()
        with monkeypatch.context() as alone, redirect_stdout(out), redirect_stderr(err):
            alone.chdir(tmp_path)
            for name in Settings.model_fields:
                alone.delenv(name.upper(), raising=False)
            for name, value in ({"COLUMNS": "160"} | settings).items():
                alone.setenv(name, value)
            alone.setattr(sys, "argv", ["bot", *arguments])
            alone.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8"))
            with pytest.raises(SystemExit) as ended:
                main()
        return subprocess.CompletedProcess(arguments, int(ended.value.code or 0), out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def said(bot: Bot) -> Callable[..., str]:
    """Runs a command that must fail; gives what it printed as its error."""

    def run(*arguments: str, **settings: str) -> str:
        done = bot(*arguments, **settings)
        assert done.returncode == 1
        return done.stderr

    return run


def plan_of(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# --- plan --------------------------------------------------------------------------------------------------------


def test_plan_prints_json_with_utc_and_local_times(bot_apart: Bot) -> None:
    texts = plan_of(bot_apart("plan", "--start", "2026-03-10T14:00:00-04:00", "--flag", "cold_sores", "--json"))
    steps = {text["step"]: text for text in texts}
    first = steps["antiviral-start"]
    assert first["due_at"] == "2026-03-07T14:00:00+00:00" and first["local"] == "Sat 2026-03-07 09:00"
    assert set(first) == {"step", "due_at", "local", "text", "segments", "encoding"}
    assert first["encoding"] == "GSM-7" and first["segments"] in (1, 2)
    assert texts == sorted(texts, key=lambda text: text["due_at"])  # type: ignore[arg-type, return-value]
    assert all(datetime.fromisoformat(str(text["due_at"])).tzinfo for text in texts)


def test_plan_takes_times_without_offset_as_local_ones(bot: Bot) -> None:
    local = bot("plan", "--start", "2026-03-10T14:00", "--json").stdout
    assert local == bot("plan", "--start", "2026-03-10T18:00:00Z", "--json").stdout
    west = bot("plan", "--start", "2026-03-10T14:00", "--timezone", "America/Los_Angeles", "--json").stdout
    assert (
        west == bot("plan", "--start", "2026-03-10T21:00:00Z", "--json", CLINIC_TIMEZONE="America/Los_Angeles").stdout
    )


def test_plan_counts_from_the_actual_end(bot: Bot) -> None:
    texts = plan_of(bot("plan", "--start", "2026-03-10T14:00", "--end", "2026-03-10T15:20", "--json"))
    times = {text["step"]: text["local"] for text in texts}
    assert times["after-care"] == "Tue 2026-03-10 15:20" and times["wash-window"] == "Tue 2026-03-10 19:20"


def test_plan_merges_what_is_late_and_says_what_it_carries(bot: Bot) -> None:
    texts = plan_of(bot("plan", "--start", "2026-03-10T14:00", "--booked", "2026-03-08T10:00", "--json"))
    [merged] = [text for text in texts if "carries" in text]
    assert merged["step"] == "catch-up" and "blood-thinners" in merged["carries"]  # type: ignore[operator]


@pytest.mark.parametrize("flags", ["--flag prp --flag eyes", "--flag prp eyes", "--flag=prp --flag=eyes"])
def test_plan_takes_several_flags_however_they_are_given(bot: Bot, flags: str) -> None:
    steps = {text["step"] for text in plan_of(bot("plan", "--start", "2026-03-10T14:00", "--json", *flags.split()))}
    assert "eyes" in steps


def test_plan_asks_nothing_that_is_known(bot: Bot) -> None:
    steps = {
        t["step"] for t in plan_of(bot("plan", "--start", "2026-03-10T14:00", "--flag", "cold_sores=no", "--json"))
    }
    assert "ask-cold-sores" not in steps and "antiviral-start" not in steps


def test_plan_shows_a_table_and_names_the_clinic(bot: Bot) -> None:
    done = bot("plan", "--start", "2026-03-10T14:00", CLINIC_NAME="Bright Skin", CLINIC_PHONE="+12125550123")
    assert done.returncode == 0
    assert "Bright Skin: hi there" in done.stdout and "(212) 555-0123" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--start", "soon"], "--start: 'soon' cannot be used. Write it like 2026-03-10T14:00"),
        (["--start", "2026-03-10"], "--start"),
        (["--start", "0001-01-01T00:00"], "Its year"),
        (["--start", "2026-03-10T14:00", "--end", "2026-03-10T13:00"], "--end"),
        (["--start", "2026-03-10T14:00", "--end", "2027-03-10T15:00"], "at most 12 hours"),
        (["--start", "2026-03-10T14:00", "--booked", "2026-03-11T13:00"], "--booked"),
        (["--start", "2026-03-10T14:00", "--timezone", "Mars"], "--timezone"),
        (["--start", "2026-03-10T14:00", "--flag", "cold_soars"], "Known flags: cold_sores"),
        (["--start", "2026-03-10T14:00", "--flag", "prp=maybe"], "prp=yes or prp=no"),
        (["--start", "2026-03-10T14:00", "--treatment", "botox"], "Known treatments: micro-needling"),
    ],
)
def test_plan_names_the_option_that_cannot_be_used(said: Callable[..., str], arguments: list[str], why: str) -> None:
    assert why in said("plan", *arguments)


# --- check -------------------------------------------------------------------------------------------------------


def test_check_counts_what_it_found_in_order(bot: Bot) -> None:
    done = bot("check")
    assert done.returncode == 0, done.stdout
    last = done.stdout.splitlines()[-1]
    assert last.endswith("signs: all statements are used.") and last.startswith("44 statements, ")


def test_check_prints_every_problem_and_how_many(bot: Bot, tmp_path: Path) -> None:
    folder = tmp_path / "messages"
    shutil.copytree(ROOT / "messages", folder)
    timeline = folder / "micro-needling" / "timeline.yaml"
    broken = timeline.read_text("utf-8").replace("{start_time}", "{star_time}", 1) + "\n  - idd: x\n"
    timeline.write_text(broken, encoding="utf-8")
    for done in (bot("check", str(folder)), bot("check", MESSAGES_DIR=str(folder))):
        lines = done.stdout.splitlines()
        assert done.returncode == 1 and len(lines) > 1
        assert lines[-1] == f"{len(lines) - 1} problem{'s' if len(lines) > 2 else ''} in {folder}."
        assert all(line.startswith("micro-needling/timeline.yaml:") for line in lines[:-1])


def test_check_of_a_folder_that_is_not_there_names_the_folder(bot: Bot) -> None:
    done = bot("check", "nowhere")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "1 problem in nowhere.")
    assert done.stdout.startswith("nowhere: there is no such folder.")


def test_a_wrong_folder_of_messages_is_named_by_every_command(said: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    words = said("plan", "--start", "2026-03-10T14:00", MESSAGES_DIR="empty")
    assert "clinic.yaml:1: the file is missing" in words and "6 in empty; `bot check`" in words
    assert "nowhere: there is no such folder" in said("plan", "--start", "2026-03-10T14:00", MESSAGES_DIR="nowhere")


def test_check_refuses_a_clinic_name_that_makes_every_text_cost_more(said: Callable[..., str]) -> None:
    for arguments in (["check"], ["check", str(ROOT / "messages")]):
        assert "'\u0141' (U+0141)" in said(*arguments, CLINIC_NAME="Klinik \u0141\u00f3d\u017a")


# --- understand --------------------------------------------------------------------------------------------------


def test_understand_answers_line_by_line_in_order(bot: Bot) -> None:
    texts = ["can I exercise", "yellow pus is coming out", "STOP", "C"]
    lines = "\n".join(json.dumps({"text": t, "now": "2026-03-10T18:00:00-04:00"} | END) for t in texts)
    done = bot("understand", given=lines)
    assert done.returncode == 0, done.stderr
    exercise, pus, stop, confirm = (json.loads(line) for line in done.stdout.splitlines())
    assert exercise["topics"] == ["exercise"] and exercise["escalation"] is None
    assert exercise["answers"] == [{"topic": "exercise", "verdict": "wait", "until": "2026-03-11T15:00:00-04:00"}]
    assert "Wed 3:00 PM" in exercise["reply"]
    assert pus["escalation"] == "urgent" and pus["signs"] == ["discharge"] and pus["topics"] == []
    assert (stop["command"], confirm["command"]) == ("stop", "confirm")
    assert set(exercise) == {"escalation", "command", "topics", "signs", "answers", "reply"}


def test_understand_can_say_which_words_decided(bot: Bot) -> None:
    line = json.dumps({"text": "yellow pus", "now": "2026-03-11T18:00:00-04:00"} | END)
    assert any("pus" in why for why in json.loads(bot("understand", "--explain", given=line).stdout)["why"])


BAD_LINES: list[tuple[str | bytes, str]] = [
    ("nonsense", "one JSON object a line"),
    ("[]", "one JSON object a line"),
    (b"\xff\xfe", "one JSON object a line"),
    ("{}", "Give each of now, procedure_end, procedure_start, text"),
    (json.dumps({"text": 1, "now": "2026-03-10T18:00"} | END), "Write a string"),
    (json.dumps({"text": "x", "now": "later"} | END), "now: 'later'"),
    (json.dumps({"text": "x", "now": "2026-03-10T18:00", "flag": []} | END), "Known besides are"),
    (json.dumps({"text": "x", "now": "2026-03-10T18:00", "flags": ["x"]} | END), "known flags"),
    (json.dumps({"text": "x", "now": "2026-03-10T18:00", "timezone": "Mars"} | END), "IANA"),
    (json.dumps({"text": "x", "now": "2026-03-10T18:00", "media": "1"} | END), "pictures"),
    (json.dumps({"text": "x", "now": "2026-03-10T18:00"} | END | {"procedure_end": "2026-03-09T18:00"}), "after"),
]


def test_understand_answers_each_bad_line_with_its_error_and_goes_on(bot: Bot) -> None:
    good = json.dumps({"text": "can I exercise", "now": "2026-03-10T18:00"} | END).encode()
    lines = [line.encode() if isinstance(line, str) else line for line, _ in BAD_LINES]
    done = bot("understand", given=b"\n".join([*lines, b"", good, b""]))
    answers = [json.loads(answer) for answer in done.stdout.splitlines()]
    assert done.returncode == 1 and "Traceback" not in done.stderr
    for number, (answer, (_, said)) in enumerate(zip(answers, BAD_LINES, strict=False), 1):
        assert answer["error"].startswith(f"line {number}: ") and said in answer["error"]
    assert len(answers) == len(BAD_LINES) + 1 and answers[-1]["topics"] == ["exercise"]


def test_half_a_character_is_read_as_well_as_it_can_be(bot: Bot) -> None:
    line = '{"text": "can I exercise \\ud83d", "now": "2026-03-10T18:00", ' + json.dumps(END)[1:]
    assert json.loads(bot("understand", given=line).stdout)["topics"] == ["exercise"]


@pytest.mark.parametrize("command", ["plan", "check", "understand"])
def test_commands_that_only_read_words_load_no_database_no_web_and_no_twilio(command: str, tmp_path: Path) -> None:
    arguments = {"plan": ["plan", "--start", "2026-03-10T14:00", "--json"]}.get(command, [command])
    script = (
        "import sys; from bot.cli import main\n"
        f"sys.argv = ['bot', *{arguments!r}]\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([m for m in ('sqlalchemy', 'fastapi', 'twilio', 'uvicorn') if m in sys.modules], file=sys.stderr)"
    )
    whole = [sys.executable, "-c", script]
    done = subprocess.run(whole, input="", capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.stderr.splitlines()[-1] == "[]"


# --- import ------------------------------------------------------------------------------------------------------

SETTINGS = {
    "ENVIRONMENT": "development",
    "PUBLIC_BASE_URL": "http://127.0.0.1:1",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "t",
    "TWILIO_FROM": "+15005550006",
    "CLINIC_NAME": "Bright Skin",
    "CLINIC_PHONE": "+12125550123",
    "STAFF_NUMBERS": "Alice:+12125550140",
    "API_KEY": "k",
    "SECRET_KEY": "s",
}
SOON = (now() + timedelta(days=20)).replace(microsecond=0).isoformat()
COLUMNS = ["external_id", "name", "phone", "starts_at", "flags", "consent_method", "consent_at"]
GOOD = ["A-1", "Maria Gomez", "(415) 555-0101", SOON, "cold_sores; eyes", "paper form", "2026-01-01T10:00:00Z"]


def csv_file(folder: Path, *rows: list[str], columns: list[str] = COLUMNS) -> str:
    with (folder / "appointments.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return str(folder / "appointments.csv")


def booked(database_url: str) -> list[str]:
    database = open_database(database_url)
    with database.session() as session:
        found = sorted(session.exec(AppointmentRow.__table__.select()).scalars(), key=str)  # type: ignore[attr-defined, call-overload]
    database.close()
    return found


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_file_is_imported_and_imported_again_without_doubles(
    bot_apart: Bot, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    settings = SETTINGS | {"DATABASE_URL": request.getfixturevalue(f"{kind}_url")}
    file = csv_file(tmp_path, GOOD, ["A-2", "Dana Li", "+14155550102", SOON, "", "", ""])
    first, second = bot_apart("import", file, **settings), bot_apart("import", file, **settings)
    assert (first.returncode, first.stdout) == (0, "2 created, 0 brought up to date, 0 left out.\n"), first.stderr
    assert second.stdout == "0 created, 2 brought up to date, 0 left out.\n"
    assert len(booked(settings["DATABASE_URL"])) == 2


def test_every_bad_row_is_named_by_line_and_field_and_nothing_is_imported(
    bot: Bot, tmp_path: Path, sqlite_url: str
) -> None:
    file = csv_file(
        tmp_path,
        GOOD,
        ["A-2", "", "12", "tomorrow", "", "", ""],
        ["A-3", "Sam", "+14155550103", SOON, "cold_soars", "", ""],
        ["A-1", "Sam", "+14155550103", SOON, "", "", ""],
        ["A-4", "Sam", "+14155550103", "2020-01-01T10:00:00Z", "", "form", ""],
        ["A-5", "Gomez", "Maria", "+14155550103", SOON, "", "", ""],
        ["A-6", "Sam", "1", SOON, "", "", ""],
    )
    done = bot("import", file, **SETTINGS, DATABASE_URL=sqlite_url)
    starts = [" ".join(line.split()[:3]) for line in done.stdout.splitlines()[:-1]]
    assert starts == ["line 3: name:", "line 3: phone:", "line 3: starts_at:", "line 4: flags:", "line 5: external_id:",
                      "line 6: consent_at:", "line 7: it", "line 8: phone:"]  # fmt: skip
    assert "line 7: it has more fields than there are columns. Put quotes" in done.stdout
    assert done.returncode == 1 and "Nothing was imported" in done.stdout and booked(sqlite_url) == []
    skipped = bot("import", file, "--skip-bad", **SETTINGS, DATABASE_URL=sqlite_url)
    assert skipped.stdout.splitlines()[-1] == "1 created, 0 brought up to date, 6 left out."
    assert skipped.returncode == 1 and len(booked(sqlite_url)) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "no such file"),
        (b"\xff\xfe\x00", "no CSV in UTF-8"),
        (b"external_id,name,phone\n", "starts_at"),
        (b"external_id,name,phone,starts_at,colour\n", "colour"),
        (b"external_id,name,phone,starts_at,name\n", "'name' cannot be used. It stands there twice"),
    ],
)
def test_a_file_that_is_no_table_of_appointments_is_refused(
    said: Callable[..., str], tmp_path: Path, sqlite_url: str, content: bytes | None, why: str
) -> None:
    if content is not None:
        (tmp_path / "x.csv").write_bytes(content)
    assert why in said("import", "x.csv", **SETTINGS, DATABASE_URL=sqlite_url)


# --- staff, migrate ----------------------------------------------------------------------------------------------


def test_staff_are_listed_in_the_order_they_are_asked(bot: Bot) -> None:
    done = bot("staff", STAFF_NUMBERS="Alice:+1 212 555 0140, Bob:+12125550141")
    assert (done.returncode, done.stdout) == (0, "1. Alice +12125550140\n2. Bob +12125550141\n")
    nobody = bot("staff")
    assert nobody.returncode == 1 and "STAFF_NUMBERS" in nobody.stdout


def test_staff_who_have_texted_stop_are_marked(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_database(sqlite_url).transaction() as session:
        record_opt_out(session, "+12125550140", at=datetime.now(UTC), words="STOP", via="text")
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("STAFF_NUMBERS", "Alice:+12125550140, Bob:+12125550141")
    assert staff() == 0
    alice, bob = capsys.readouterr().out.splitlines()
    assert "has texted STOP" in alice and bob == "2. Bob +12125550141"


def test_a_test_alert_that_cannot_leave_is_said(bot: Bot) -> None:
    done = bot("staff", "--test", **SETTINGS, TWILIO_API_BASE="http://127.0.0.1:1")
    assert done.returncode == 1 and "Alice: not known to have arrived (unreachable)" in done.stdout


def test_a_wrong_setting_is_said_in_a_line_by_every_command(said: Callable[..., str]) -> None:
    for command in (["check"], ["migrate"], ["staff"], ["understand"], ["plan", "--start", "2026-03-10T14:00"]):
        assert said(*command, QUIET_HOURS="late").startswith("QUIET_HOURS: 'late' must look like 20:00-8:00")


def test_commands_that_look_at_a_database_without_its_tables_say_what_to_run(
    said: Callable[..., str], tmp_path: Path, empty_postgres_url: str
) -> None:
    for url in (f"sqlite:///{tmp_path / 'new.db'}", empty_postgres_url):
        for command in (["why", "A-1"], ["review"], ["prune"]):
            words = said(*command, DATABASE_URL=url)
            assert words == "The database lacks a migration of this version. Run `python -m bot migrate` first.\n"
    words = said("serve", **SETTINGS, DATABASE_URL=empty_postgres_url)
    assert words.splitlines()[-1].endswith("Run `python -m bot migrate` first.")


@pytest.mark.parametrize("command", ["serve", "migrate", "why A-1", "review", "prune"])
def test_a_file_that_is_no_database_is_said(said: Callable[..., str], tmp_path: Path, command: str) -> None:
    (tmp_path / "notes.txt").write_text("These are notes, long enough to be taken for a header. " * 20)
    words = said(*command.split(), **SETTINGS, DATABASE_URL=f"sqlite:///{tmp_path / 'notes.txt'}")
    assert words.splitlines()[-1] == "DATABASE_URL names a file that is no SQLite database. Name another."


def test_help_names_every_command(bot: Bot) -> None:
    done = bot("--help")
    assert done.returncode == 0
    for command in ("demo", "serve", "work", "migrate", "check", "plan", "understand", "import", "staff"):
        assert command in done.stdout


# --- alarms ------------------------------------------------------------------------------------------------------


def test_alarms_lists_what_has_to_be_mended_in_words(bot: Bot, sqlite_url: str) -> None:
    assert bot("alarms", DATABASE_URL=sqlite_url).stdout == "No alarm is open.\n"
    database = open_database(sqlite_url)
    with database.transaction() as session:
        stop_sending(session, "configuration", classify(20003), now=now(), probed=False)
    database.close()
    done = bot("alarms", DATABASE_URL=sqlite_url)
    assert done.returncode == 1
    assert "configuration: Twilio refuses our account or password. Check TWILIO_ACCOUNT_SID" in done.stdout
    assert "All sending rests; it is tried again" in done.stdout
