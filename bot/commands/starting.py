"""What `serve` and `work` do before they begin: settings, logs, schema, and a look at the disk. It runs nothing."""

import os
from collections.abc import Mapping

import structlog

from bot.errors import SettingsError
from bot.logs import set_up_logs
from bot.records.migrations import migrate, migrations_pending
from bot.settings import Settings, read_settings
from bot.wiring import Parts, wire

log = structlog.get_logger(__name__)

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
    """On SQLite migrate; on PostgreSQL refuse, for there other processes may still run the version before."""
    if settings.is_sqlite:
        migrate(settings.database_url)
    elif migrations_pending(settings.database_url):
        raise SettingsError(["The database lacks a migration of this version: run `python -m bot migrate` first."])


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
