"""`bot review`: the commonest themes that the bot could not answer, with examples and the file to add words to."""

from bot import clock
from bot.settings import read_settings


def review() -> int:
    """Print the themes; returns the exit status."""
    from bot.records.database import open_database
    from bot.usecases.review import themes

    settings = read_settings(complete=False)
    database = open_database(settings.database_url)
    try:
        found = themes(database, now=clock.now())
    finally:
        database.close()
    for theme in found:
        print(f"{theme.count:4}  {theme.name}  (words could be added in messages/*/{theme.file})")
        for example in theme.examples:
            print(f"        {example}")
    if not found:
        print("Nothing went to staff unread in the last 90 days.")
    return 0
