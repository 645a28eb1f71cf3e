"""The commands and their options: `bot plan`, `bot serve` and so on. What they do is in bot/commands, one file each.

Nothing heavy is imported before a command is chosen, for `bot understand` is to answer at once.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import ContentError, NeedlingError, SettingsError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)

Port = Annotated[int | None, typer.Option(help="Listen here instead of on PORT.", min=1, max=65535)]
Flags = Annotated[list[str] | None, typer.Option("--flag", help="A fact about the patient: cold_sores, or eyes=no.")]


def main() -> None:
    """Run the command; what a person can mend is said in a line each, and ends with status 1."""
    try:
        app(standalone_mode=True)
    except ContentError as error:
        _give_up([*map(str, error.problems), f"{len(error.problems)} in {error.folder}; `bot check` lists them too."])
    except SettingsError as error:
        _give_up([*error.lines, "Set them in the environment or in .env; .env.example explains each."])
    except NeedlingError as error:
        _give_up([str(error)])


@app.command()
def demo(port: Port = None) -> None:
    """Everything in one process, no account needed: a page with two phones and a clock to move."""
    from bot.commands.demo import show_demo

    show_demo(port)


@app.command()
def serve(
    port: Port = None,
    with_worker: Annotated[bool, typer.Option("--with-worker", help="Also send texts; on SQLite always so.")] = False,
) -> None:
    """Serve webhooks, the API and the pages."""
    from bot.commands.serve import serve

    serve(port, with_worker=with_worker)


@app.command()
def work() -> None:
    """Send the texts that are due. Run as many as you like, on PostgreSQL."""
    from bot.commands.work import work

    work()


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    from bot.commands.migrate import migrate

    migrate()


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Instead of MESSAGES_DIR.", show_default=False)] = None,
) -> None:
    """Look through messages/ and name everything that has to be mended."""
    from bot.commands.check import check

    raise typer.Exit(check(folder))


@app.command()
def plan(
    start: Annotated[str, typer.Option(help="When the appointment starts, ISO; local time without an offset.")],
    end: Annotated[str | None, typer.Option(help="When the procedure really ended.")] = None,
    booked: Annotated[str | None, typer.Option(help="When it was booked; else 30 days before, at 10:00.")] = None,
    timezone: Annotated[str | None, typer.Option(help="The patient's zone; else CLINIC_TIMEZONE.")] = None,
    flag: Flags = None,
    more_flags: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    treatment: Annotated[str | None, typer.Option(help="Where messages/ holds more than one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A list of objects instead of a table.")] = False,
) -> None:
    """Show the texts of one appointment as they would go out."""
    from bot.commands.plan import Asked, show_plan

    flags = (*(flag or ()), *(more_flags or ()))
    show_plan(Asked(start, end, booked, timezone, flags, treatment), as_json=as_json)


@app.command()
def understand(
    explain: Annotated[bool, typer.Option("--explain", help="Also say which words decided.")] = False,
) -> None:
    """Read texts as JSON lines from standard input, and write what they mean and what is answered."""
    from bot.commands.understand import understand_lines

    raise typer.Exit(understand_lines(sys.stdin.buffer, sys.stdout, explain=explain))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A CSV file; its columns are named as in the API.")],
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Take the good rows and leave the bad ones.")] = False,
) -> None:
    """Take in appointments from a CSV file."""
    from bot.commands.import_csv import import_csv

    raise typer.Exit(import_csv(file, skip_bad=skip_bad))


@app.command()
def staff(
    test: Annotated[bool, typer.Option("--test", help="Text each of them, to see that it arrives.")] = False,
) -> None:
    """List who is alerted, in which order."""
    from bot.commands.staff import staff

    raise typer.Exit(staff(test=test))


@app.command()
def why(
    who: Annotated[str, typer.Argument(help="The appointment's external_id, or the patient's name or number.")],
) -> None:
    """Say what became of every text of an appointment or a patient, and why."""
    from bot.commands.why import why

    raise typer.Exit(why(who))


@app.command()
def alarms() -> None:
    """List what whoever runs the bot has to mend."""
    from bot.commands.alarms import alarms

    raise typer.Exit(alarms())


@app.command()
def review() -> None:
    """List the commonest themes the bot could not answer, and where words could be added."""
    from bot.commands.review import review

    raise typer.Exit(review())


@app.command()
def prune() -> None:
    """Forget the words of old texts now (WORDS_KEPT_FOR); a worker does it daily."""
    from bot.commands.prune import prune

    raise typer.Exit(prune())


def _give_up(lines: list[str]) -> None:
    print(*lines, sep="\n", file=sys.stderr)
    sys.exit(1)
