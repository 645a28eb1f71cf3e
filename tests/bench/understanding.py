"""Measures how well patients' texts are understood, writer by writer, and how fast. The floors are in the tests.

    python -m tests.bench.understanding [--show FIGURE] [--texts FILE.jsonl]

The strangers' figures count: neither the words nor the weights were made from their texts. `--show` prints the failing
texts of a figure.
"""

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.conversation.model import Command, Reading, Urgency
from bot.conversation.understand import understand
from tests.texts.labelled import STRANGERS, WRITERS, clinic_vocabulary, context_in, texts_of

# Where the care sheet has no answer, by when the text is sent: an answerless topic goes to staff.
NO_ANSWER_BEFORE = frozenset({"pain_relief", "ice", "arnica_bromelain", "picking"})
NO_ANSWER_AFTER = frozenset(
    "topical_antibiotics blood_thinners accutane laser hair_removal shaving cold_sores medical_changes".split()
)
BAD_FIGURES = ("silent misses", "false alarms", "wrong topic only", "off-sheet answered", "wrongly taken as opt-out")

Case = Mapping[str, Any]


def report() -> None:
    """Print the figures of the strangers, of the writers everything was made from, and the speed."""
    print_figures(STRANGERS, "strangers")
    print_figures(WRITERS, "writers it was made from")
    print_speed()


def print_figures(writers: Sequence[str], called: str, *, show: str | None = None) -> None:
    """Print one line a figure for every writer and for all of them."""
    total: Counter[tuple[str, bool]] = Counter()
    for writer in writers:
        tally, failed = figures(texts_of(writer))
        total += tally
        print(f"\n{writer}")
        _print_tally(tally)
        if show:
            _print_failed(failed, show)
    print(f"\nall {called}")
    _print_tally(total)


def print_speed() -> None:
    """Print the median and the slowest time of one text, in milliseconds."""
    cases = [case for writer in WRITERS for case in texts_of(writer)]
    taken = sorted(_milliseconds(case) for case in cases)
    print(f"\none text: median {statistics.median(taken):.2f} ms, 99 % under {taken[len(taken) * 99 // 100]:.1f} ms")


def figures(cases: Sequence[Case]) -> tuple[Counter[tuple[str, bool]], list[tuple[str, Case, Reading]]]:
    """Count every figure over labelled texts; return the counts of (figure, held) and the failing texts."""
    tally: Counter[tuple[str, bool]] = Counter()
    failed: list[tuple[str, Case, Reading]] = []
    for case in cases:
        reading = read(case)
        for figure, held in verdicts(case, reading):
            tally[figure, held] += 1
            if held == (figure in BAD_FIGURES):
                failed.append((figure, case, reading))
    return tally, failed


def read(case: Case) -> Reading:
    """Understand one labelled text."""
    return understand(case["text"], context=context_in(case["phase"]), vocabulary=clinic_vocabulary())


def verdicts(case: Case, reading: Reading) -> Iterator[tuple[str, bool]]:
    """Yield (figure, held) for every figure a text counts in."""
    answered = answered_topics(reading, case["phase"])
    to_staff = reading.urgency is not None or len(answered) < len(reading.topics)
    right = set(case["topics"])
    if case["kind"] in ("warning", "mixed"):
        yield "warnings at once", reading.is_warning
        yield "silent misses", not to_staff
        if "emergency" in case["signs"]:
            yield "emergencies", reading.urgency is Urgency.EMERGENCY
    else:
        yield "false alarms", reading.is_warning
    if case["kind"] == "question":
        yield "right topic", bool(answered & right) and not reading.is_warning
        yield "wrong topic only", bool(answered) and not answered & right
        yield "answered without staff", not to_staff
    if case["kind"] == "off_sheet":
        yield "off-sheet answered", bool(answered)
    if case["kind"] == "opt_out":
        yield "opt-outs honoured", reading.command is Command.STOP
    elif case["kind"] != "wrong_number":
        yield "wrongly taken as opt-out", reading.command is Command.STOP


def answered_topics(reading: Reading, phase: str) -> set[str]:
    """Return the topics the care sheet has an answer for in a phase."""
    silent = set(NO_ANSWER_BEFORE if phase in ("before", "morning") else NO_ANSWER_AFTER)
    if phase in ("days2_7", "after7"):
        silent.add("redness")
    if phase == "after7":
        silent |= {"flaking", "eye_bruising"}
    return set(reading.topics) - silent


def _print_tally(tally: Counter[tuple[str, bool]]) -> None:
    for figure in dict.fromkeys(name for name, _ in tally):
        held, n = tally[figure, True], tally[figure, True] + tally[figure, False]
        print(f"  {figure:26} {held:5}/{n:<5} {100 * held / n:6.1f} %")


def _print_failed(failed: Sequence[tuple[str, Case, Reading]], show: str) -> None:
    for figure, case, reading in failed:
        if show in figure:
            print(f"    [{figure}] {case['phase']} {case['kind']} {[*case['topics'], *case['signs']]}: {case['text']}")
            print(f"        {reading.urgency} {reading.kind} {list(reading.topics)}", *reading.why, sep="\n          ")


def _milliseconds(case: Case) -> float:
    began = time.perf_counter()
    read(case)
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Print what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--show", help="print the failing texts of the figures whose name contains this")
    parser.add_argument("--texts", type=Path, help="measure another file of labelled texts with the shipped weights")
    args = parser.parse_args()
    if args.texts:
        tally, failed = figures(
            [json.loads(line) for line in args.texts.read_text(encoding="utf-8").splitlines() if line.strip()]
        )
        _print_tally(tally)
        _print_failed(failed, args.show or "nothing")
        return
    print_figures(STRANGERS, "strangers", show=args.show)
    print_figures(WRITERS, "writers it was made from", show=args.show)
    print_speed()


if __name__ == "__main__":
    main()
