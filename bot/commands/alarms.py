"""`bot alarms`: what whoever runs the bot has to mend. It changes nothing."""

from bot.settings import read_settings


def alarms() -> int:
    """Print what is open, the oldest first; returns the exit status, 1 where anything is."""
    from bot.records.database import open_database
    from bot.usecases.alarms import list_alarms

    settings = read_settings(complete=False)
    database = open_database(settings.database_url)
    try:
        found = list_alarms(database, settings.zone())
    finally:
        database.close()
    for alarm in found:
        rests = f" All sending rests; it is tried again {alarm.rests_until}." if alarm.rests_until else ""
        print(f"{alarm.since}  {alarm.kind}: {alarm.words}{rests}")
    if not found:
        print("No alarm is open.")
    return 1 if found else 0
