"""What `serve` and `work` do before they begin: settings, logs, schema, and a look at the disk. It runs nothing."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import structlog

from bot.errors import DatabaseAway, DatabaseUnready
from bot.logs import set_up_logs
from bot.records.database import Database, open_database
from bot.records.migrations import migrate, migrations_pending
from bot.settings import Settings, read_settings
from bot.wiring import Parts, wire

log = structlog.get_logger(__name__)

TRIES_AT_THE_START, ASKED_AGAIN_AFTER = 20, 3.0  # seconds

NOT_MIGRATED = "The database lacks a migration of this version. Run `python -m bot migrate` first."

# Set by hosts whose disk is emptied at every deploy or restart.
HOSTS = {
    "DYNO": "Heroku",
    "RENDER": "Render",
    "FLY_APP_NAME": "Fly",
    "RAILWAY_ENVIRONMENT": "Railway",
    "K_SERVICE": "Cloud Run",
    "WEBSITE_INSTANCE_ID": "Azure App Service",
}


def start(**overrides: object) -> Parts:
    """Read the settings, look at the schema and put the parts together; raises what a person must mend."""
    settings = read_settings(**overrides)
    set_up_logs(settings.log_level)
    warn_of_a_passing_disk(settings, os.environ)
    parts = wire(settings)
    bring_schema_up(settings)
    return parts


def bring_schema_up(settings: Settings) -> None:
    """On SQLite migrate; on PostgreSQL refuse, for there other processes may still run the version before.

    A PostgreSQL that is away is waited for, at most a minute. Raises DatabaseAway after that, and DatabaseUnready.
    """
    if settings.is_sqlite:
        migrate(settings.database_url)
    elif _once_it_answers(lambda: migrations_pending(settings.database_url)):
        raise DatabaseUnready(NOT_MIGRATED)


@contextmanager
def opened(database_url: str) -> Iterator[Database]:
    """The database for a command that looks at what is there already; DatabaseUnready where its schema is another."""
    if migrations_pending(database_url):
        raise DatabaseUnready(NOT_MIGRATED)
    database = open_database(database_url)
    try:
        yield database
    finally:
        database.close()


def _once_it_answers(ask: Callable[[], bool]) -> bool:
    """Hosts restart the database and us together; whoever comes up first waits for the other."""
    for tries_left in range(TRIES_AT_THE_START, 0, -1):
        try:
            return ask()
        except DatabaseAway:
            if tries_left == 1:
                raise
            log.error("the database does not answer yet; asking again", tries_left=tries_left - 1)
            time.sleep(ASKED_AGAIN_AFTER)
    raise AssertionError("unreachable")


def warn_of_a_passing_disk(settings: Settings, environment: Mapping[str, str]) -> bool:
    """Whether SQLite would stand on a disk that a host empties; says so loudly in the log."""
    host = next((name for key, name in HOSTS.items() if environment.get(key)), None)
    if host is None or not settings.is_sqlite:
        return False
    log.critical(
        "SQLite on a disk that does not last: appointments, texts and opt-outs are lost at the next restart",
        host=host,
        remedy="Set DATABASE_URL to a PostgreSQL of your host (postgres:// works), or mount a lasting disk.",
    )
    return True
