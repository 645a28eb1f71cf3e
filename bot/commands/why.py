"""`bot why A-1001` or `bot why "Maria Gomez"`: every text planned for her and what became of it, one a line."""

from bot.settings import read_settings
from bot.usecases.ledger import Entry


def why(who: str) -> int:
    """Print the ledger; returns the exit status."""
    from bot.clinic_words import contents
    from bot.commands.starting import opened
    from bot.usecases.ledger import why as entries_of
    from bot.wiring import clinic_of

    settings = read_settings(complete=False)
    clinic = clinic_of(settings, contents(settings))
    with opened(settings.database_url) as database:
        entries = entries_of(clinic, database, who)
    appointment = None
    for entry in entries:
        if entry.appointment != appointment:
            appointment = entry.appointment
            print(f"{entry.patient}, appointment {appointment}")
        print(_line(entry))
    return 0


def _line(entry: Entry) -> str:
    end = " ".join(filter(None, [f"[{entry.rule}]" if entry.rule else "", f"({entry.at})" if entry.at else ""]))
    return f"  {entry.planned_for:22} {entry.step:20} {entry.became}{' ' + end if end else ''}"
