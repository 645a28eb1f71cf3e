"""`make bench`: every benchmark, one after the other."""

import sys
import warnings

from tests.bench import outbox, planning, start, understanding, wake, webhook

BENCHES = {
    "start": start,
    "planning": planning,
    "webhook": webhook,
    "outbox": outbox,
    "wake": wake,
    "understanding": understanding,
}


def main() -> None:
    """Run the benchmarks named on the command line, or all."""
    warnings.simplefilter("ignore")
    for name in [n for n in sys.argv[1:] if n in BENCHES] or BENCHES:
        print(f"== {name}")
        BENCHES[name].report()
        print()


main()
