"""`make chaos`: the proof of delivery, with a report of figures; the last line is one JSON object of them.

Exit status 1 where a bar is missed. `--short` is what continuous integration runs, in small numbers: its bars are
counts, and a slow machine makes it last longer, up to its limits.
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from tests.chaos.run import EXAMPLES, Form, Verdict, run
from tests.chaos.storm import Limits

FORMS = {
    "postgres": Form("postgres", 20_000, lasts_for=240.0, kill_every=2.0, workers=4, webs=2),
    "sqlite": Form("sqlite", 2_000, lasts_for=60.0, kill_every=5.0, workers=0, webs=1),
}

PATIENT = "--drained-within 240 --calm-for 300"
SMALL = "--form postgres --scale 0.01 --lasts-for 20 --workers 2 --webs 1 --drained-within 120"
SHORT = {
    "postgres": f"--form postgres --scale 0.02 --lasts-for 40 {PATIENT}",
    "sqlite": f"--form sqlite --scale 0.1 --lasts-for 40 {PATIENT}",
    "look-up switched off": f"{SMALL} --sabotage no-look-up --calm-for 45",
    "lease release switched off": f"{SMALL} --sabotage no-lease --kill-every 0.7 --per-second 20 --calm-for 15",
}
MUST_REPORT = {"look-up switched off": "accepted_twice", "lease release switched off": "accepted_never"}


def main(arguments: list[str]) -> int:
    """Run the forms asked for, one after the other; returns the exit status."""
    options = _parser().parse_args(arguments)
    if options.short:
        return asyncio.run(short())
    verdicts = {}
    for name in options.form or list(FORMS):
        verdicts[name] = asyncio.run(run(_form(name, options), options.keep / name if options.keep else None))
        _report(name, verdicts[name])
    passed = all(verdict.passed for verdict in verdicts.values())
    print(json.dumps({"passed": passed, **{name: verdict.figures for name, verdict in verdicts.items()}}))
    return 0 if passed else 1


async def short() -> int:
    """Both forms and both sabotages side by side, each in a process of its own; returns the exit status."""
    reports = dict(zip(SHORT, await asyncio.gather(*(_apart(arguments) for arguments in SHORT.values())), strict=True))
    figures = {name: json.loads(text.splitlines()[-1]) for name, text in reports.items()}
    passed = True
    for name, text in reports.items():
        must_report = MUST_REPORT.get(name)
        form = figures[name].get("sqlite" if name == "sqlite" else "postgres", {})
        right = form.get(must_report, 0) > 0 if must_report else figures[name]["passed"]
        passed &= right
        print(f"{name}: {'as it must be' if right else 'NOT as it must be'}", *text.splitlines()[:-1], sep="\n")
    print(json.dumps({"passed": passed, **figures}))
    return 0 if passed else 1


async def _apart(arguments: str) -> str:
    command = [sys.executable, "-m", "tests.chaos", *arguments.split()]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    return output.decode() or f'it ended with {process.returncode}\n{{"passed": false}}'


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="The proof of delivery, under faults.")
    parser.add_argument("--short", action="store_true", help="small numbers, under 3 minutes; also tries the checker")
    parser.add_argument("--form", action="append", choices=list(FORMS), help="only this one; both without it")
    parser.add_argument("--scale", type=float, default=1.0, help="a share of the full numbers, for example 0.05")
    parser.add_argument("--lasts-for", type=float, help="seconds over which texts and moves are spread")
    parser.add_argument("--kill-every", type=float, help="seconds between two kill -9")
    parser.add_argument("--drained-within", type=float, default=900.0, help="seconds for the bulk to leave in")
    parser.add_argument("--calm-for", type=float, default=120.0, help="seconds to settle in after the last fault")
    parser.add_argument("--workers", type=int, help="how many worker processes")
    parser.add_argument("--webs", type=int, help="how many web processes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-second", type=float, default=100.0, help="MESSAGES_PER_SECOND")
    parser.add_argument("--sabotage", default="", choices=["", "no-look-up", "no-lease"], help="try the checker")
    parser.add_argument("--keep", type=Path, help="a folder for journal and logs")
    return parser


def _form(name: str, options: argparse.Namespace) -> Form:
    usual = FORMS[name]
    return Form(
        kind=usual.kind,
        messages=round(usual.messages * options.scale),
        lasts_for=options.lasts_for or max(usual.lasts_for * options.scale, 40.0),
        kill_every=options.kill_every or usual.kill_every,
        workers=usual.workers if options.workers is None else options.workers,
        webs=usual.webs if options.webs is None else options.webs,
        seed=options.seed,
        per_second=options.per_second,
        sabotage=options.sabotage,
        limits=Limits(options.drained_within, options.calm_for),
    )


def _report(name: str, verdict: Verdict) -> None:
    print(f"{name}:")
    for figure, value in verdict.figures.items():
        bar = "  (bar 0)" if figure in verdict.found else ""
        print(f"  {figure.replace('_', ' '):38} {value}{bar}")
    for figure, lines in verdict.found.items():
        for line in lines[:EXAMPLES]:
            print(f"    {figure.replace('_', ' ')}: {line}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
