"""`bot prune`: forget the words of old texts now; a worker does it daily by itself. The ledger stays."""

from bot import clock
from bot.settings import read_settings


def prune() -> int:
    """Forget, and say how many texts lost their words; returns the exit status."""
    from bot.commands.starting import opened
    from bot.usecases.retention import prune as forget

    settings = read_settings(complete=False)
    if not settings.words_kept_for:
        print("WORDS_KEPT_FOR is 0: words are kept for ever, so nothing was forgotten.")
        return 0
    with opened(settings.database_url) as database:
        forgotten = forget(database, kept_for=settings.words_kept_for, now=clock.now())
    print(f"{forgotten} texts older than {settings.words_kept_for} days lost their words; the ledger is kept.")
    return 0
