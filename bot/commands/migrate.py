"""`bot migrate`: the database at this version's schema. It changes no data beyond that."""

from bot.records import migrations
from bot.settings import read_settings


def migrate() -> None:
    """Upgrade the database of DATABASE_URL; to do so twice, or from two places at once, does no harm."""
    settings = read_settings(complete=False)
    migrations.migrate(settings.database_url)
    print("The database is at this version's schema.")
