"""One patient, one treatment, and what the bot replies to a reading of her text."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.care.model import Appointment
from bot.conversation.model import Command, Kind, Reading, Urgency
from bot.conversation.respond import respond
from bot.conversation.response import Response, Situation
from tests.conversation.messages import VALUES, the_content

NEW_YORK = ZoneInfo("America/New_York")
START = datetime(2026, 6, 11, 14, 0, tzinfo=NEW_YORK).astimezone(UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BOOKED = Appointment(START - 30 * DAY, START, START + HOUR, NEW_YORK)
EVENING = START + 4 * HOUR
LONG_BEFORE = START - 20 * DAY


def reading(
    *topics: str,
    kind: Kind = Kind.QUESTION,
    urgency: Urgency | None = None,
    signs: tuple[str, ...] = (),
    command: Command | None = None,
    answer: bool | None = None,
    about_after: bool = False,
) -> Reading:
    """What the understanding would hand over."""
    return Reading(urgency, signs, topics, command, kind, answer, about_after=about_after)


def reply(
    read: Reading,
    *,
    now: datetime = EVENING,
    asked: str | None = None,
    flag: str | None = None,
    said_before: Sequence[str] = (),
    appointments: Sequence[Appointment] = (BOOKED,),
) -> Response:
    """What is said and done about it."""
    return respond(read, the_content(), Situation(now, appointments, VALUES, asked, flag, said_before))
