"""`bot review`: the commonest themes that the bot could not answer, with examples and the file to add words to."""

from bot import clock
from bot.settings import read_settings


def review() -> int:
    """Print the themes; returns the exit status."""
    from bot.commands.starting import opened
    from bot.usecases.review import themes

    settings = read_settings(complete=False)
    with opened(settings.database_url) as database:
        found = themes(database, now=clock.now())
    for theme in found:
        print(f"{theme.count:4}  {theme.name}  (words could be added in messages/*/{theme.file})")
        for example in theme.examples:
            print(f"        {example}")
    if not found:
        print("Nothing went to staff unread in the last 90 days.")
    return 0
