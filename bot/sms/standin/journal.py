"""A line of JSON for everything that happened, for a checker to read after the run. The stand-in must not read it.

It holds numbers and words in full: it is for made-up patients only.
"""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO


class Journal:
    """Appends to a file, each line complete as soon as it is written; without a path it keeps nothing."""

    def __init__(self, path: Path | str | None, now: Callable[[], datetime]) -> None:
        self._now = now
        # line-buffered: a reader beside us, or after a kill, sees whole lines
        self._file: TextIO | None = open(path, "a", encoding="utf-8", buffering=1) if path else None

    def note(self, event: str, **fields: Any) -> None:
        """One event with its time (ISO, UTC) and whatever belongs to it."""
        if self._file is not None:
            self._file.write(json.dumps({"at": self._now().isoformat(), "event": event, **fields}) + "\n")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
