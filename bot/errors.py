"""The errors people can act on; each one says what is wrong, where, and what to do next.

    NeedlingError
    ├── ContentError        messages/ is broken: carries every problem at once
    ├── SettingsError       the environment is incomplete: names every variable
    ├── BadRequest          a caller's value cannot be used: field, value, remedy
    ├── NotFound            nothing has this id
    ├── Conflict            the change contradicts what is already true
    ├── DatabaseUnready     the database is not what this version needs: says what to run or to mend
    └── DatabaseAway        the database does not answer; try again

Nothing here may import another part of the project.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class NeedlingError(Exception):
    """Root of everything this project raises on purpose."""


@dataclass(frozen=True)
class Problem:
    """One thing an author must mend in messages/: where, what, and the next move. Line 0 means all of the file."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.what}. {self.remedy}"


class ContentError(NeedlingError):
    """messages/ cannot be used as it is; `folder` is where it was looked for."""

    def __init__(self, problems: Sequence[Problem], folder: str = "messages/"):
        self.problems, self.folder = tuple(problems), folder
        super().__init__("\n".join(str(p) for p in self.problems))


class SettingsError(NeedlingError):
    """The environment is missing or contradicts something; one line a variable."""

    def __init__(self, lines: Sequence[str]):
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


class BadRequest(NeedlingError):
    """A value that cannot be used; says which field, what it was and what would do."""

    def __init__(self, field: str, value: object, remedy: str):
        self.field, self.value, self.remedy = field, value, remedy
        super().__init__(f"{field}: {value!r} cannot be used. {remedy}")


class NotFound(NeedlingError):
    """Nothing is known under this id."""

    def __init__(self, what: str, key: str):
        self.what, self.key = what, key
        super().__init__(f"No {what} is known as {key!r}. Check the spelling, or create it first.")


class Conflict(NeedlingError):
    """The change contradicts what already happened."""


class DatabaseUnready(NeedlingError):
    """The database lacks this version's schema, or is none; trying again does not help."""


class DatabaseAway(NeedlingError):
    """The database does not answer; nothing was written, and the same call may succeed later."""
