"""How soon `bot understand` is ready, beside the start of a bare Python and of numpy in the same run."""

import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

TIMES = 7
STARTED: Mapping[str, Sequence[str]] = {
    "bare Python": ("-c", "pass"),
    "import numpy": ("-c", "import numpy"),
    "bot understand": ("-m", "bot", "understand"),
}


def report() -> None:
    """Print the median start in milliseconds, taken in turns, and how many times a bare Python's it is."""
    taken: dict[str, list[float]] = {name: [] for name in STARTED}
    for _ in range(TIMES):
        for name, arguments in STARTED.items():
            taken[name].append(_milliseconds(arguments))
    bare = statistics.median(taken["bare Python"])
    for name, times in taken.items():
        print(f"{name:16}  median {statistics.median(times):7.0f} ms   {statistics.median(times) / bare:6.1f} times")


def _milliseconds(arguments: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdin=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - began) * 1000
