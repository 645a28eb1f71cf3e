"""What is logged and how: JSON lines, or plain lines on a terminal. No patient's number and no patient's words.

Everything logged by us and by the libraries goes through the same processors, so nothing can pass by the mask.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

MASKED = "[number]"
LEFT_OUT = "[left out]"
# Keys under which a patient's words or number would come; whoever logs them by mistake is not believed.
PRIVATE = frozenset({"body", "text", "words", "form", "phone", "to_phone", "from_phone", "patient", "patient_name"})
# Anything of nine to fifteen digits as people and machines write numbers; not inside a word, so ids stay readable.
_NUMBER = re.compile(r"(?:(?<![\w.])|(?<=%2B))[+(]?\d(?:[ ().\-]{0,2}\d){8,14}(?!\w)")
_DECIMAL = re.compile(r"\d+\.\d+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def set_up_logs(level: str, *, as_json: bool | None = None, stream: TextIO | None = None) -> None:
    """Send all logging to `stream`, else to standard error; `as_json` None means JSON unless that is a terminal."""
    stream = stream or sys.stderr
    as_json = not stream.isatty() if as_json is None else as_json
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        cache_logger_on_first_use=False,
    )
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    _quieten()


def mask(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave out private keys, and mask what looks like a telephone number wherever it stands."""
    entry.pop("color_message", None)  # uvicorn's second copy of its words, for terminals
    for key, value in entry.items():
        if key in PRIVATE:
            entry[key] = LEFT_OUT
        elif key != "timestamp":
            entry[key] = _masked(value)
    return entry


def _masked(value: object) -> object:
    match value:
        case str():
            return _NUMBER.sub(_unless_date, value)
        case dict():
            return {key: LEFT_OUT if key in PRIVATE else _masked(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_masked(inner) for inner in value]
    return value


def _unless_date(match: re.Match[str]) -> str:
    found = match.group()
    return found if _DATE.match(found) or _DECIMAL.fullmatch(found) else MASKED


def _quieten() -> None:
    # Twilio's client logs at INFO the whole address of every call, with the patient's number in its query.
    for name in ("twilio", "twilio.http_client", "apscheduler", "alembic", "aiohttp", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    access = logging.getLogger("uvicorn.access")
    access.filters[:] = [_without_query]


def _without_query(record: logging.LogRecord) -> bool:
    """Cut the query off an access line: callbacks carry ids there, and strangers whatever they like."""
    if isinstance(record.args, tuple) and len(record.args) == 5:
        client, method, path, version, status = record.args
        record.args = (client, method, str(path).partition("?")[0], version, status)
    return True
