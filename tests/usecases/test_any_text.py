"""Any text, from any number, at any moment: kept, never a fault, and answered, escalated or silent for a reason."""

import json
from datetime import timedelta
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from bot.conversation.model import Kind
from bot.escalation.desk import RESOLVED
from bot.records.database import Database
from bot.records.tables import EscalationRow, Inbound, new_id
from tests.usecases.front_desk import ANA, KIM, LEE, MARIA, STRANGER, FrontDesk, local

TEXTS = Path(__file__).parents[1] / "texts"
COMMANDS = [
    "STOP",
    "START",
    "HELP",
    "C",
    "MOVE",
    "Y",
    "N",
    "yes",
    "no",
    "Ana",
    "Bea",
    "A 1",
    "R 1 hi",
    "D 1",
    "DONE Ana 2",
]
# What is left unanswered and untold on purpose.
SILENT = {
    Kind.CHITCHAT,
    Kind.AUTO_REPLY,
    Kind.WRONG_NUMBER,
    "not for the clinic, it seems",
    "unknown number",
    "opted out",
}
# What the bot may not finish by itself: a case of this number must be open afterwards.
FOR_STAFF = {Kind.UNCLEAR, Kind.EMPTY, Kind.PICTURE, Kind.OFF_SHEET, Kind.WARNING, Kind.MIXED}


@cache
def written_by_people() -> list[str]:
    """The texts of the collection, all writers."""
    lines = [line for file in sorted(TEXTS.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    return [json.loads(line)["text"] for line in lines if line.strip()]


words = st.deferred(lambda: st.text(max_size=60) | st.sampled_from(COMMANDS) | st.sampled_from(written_by_people()))
senders = st.sampled_from([MARIA, ANA, STRANGER, KIM, LEE])
moments = st.timedeltas(-timedelta(days=20), timedelta(days=25)).map(lambda by: local("2026-03-17 14:00") + by)


def town(database: Database) -> FrontDesk:
    """Maria, and Ana and Bea on one phone; treated within the days that the moments are drawn from."""
    desk = FrontDesk(database, now=local("2026-02-20 12:00"))
    desk.book("A-1")
    desk.book("A-2", "Ana Silva", ANA)
    desk.book("A-3", "Bea Silva", ANA, starts_at=local("2026-03-24 10:00"))
    desk.send()
    return desk


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(words, senders, moments, st.sampled_from([0, 0, 0, 2])), min_size=1, max_size=4))
def test_any_text_is_kept_and_comes_to_something(database: Database, texts: list[tuple]):
    desk = town(database) if not FrontDesk(database).rows(Inbound) else FrontDesk(database)
    for body, sender, moment, media in texts:
        desk.now = moment
        sid = f"SM{new_id()}"
        answer = desk.text(body, sender, sid=sid, media=media)
        (row,) = desk.rows(Inbound, Inbound.sid == sid)
        event(row.outcome or "")
        assert (row.handled_at, bool(row.outcome), row.outcome != "fault") == (desk.now, True, True)
        assert answer or sender in (KIM, LEE) or _is_explained(desk, row)


def _is_explained(desk: FrontDesk, row: Inbound) -> bool:
    """Silence is right for whoever opted out, for a machine, where staff are in touch, and for what asks nothing."""
    kind = (row.reading or {}).get("kind")
    open_cases = desk.rows(EscalationRow, EscalationRow.phone == row.from_phone, EscalationRow.state != RESOLVED)
    if kind in FOR_STAFF and not open_cases and row.outcome not in SILENT:
        return False
    same = desk.rows(Inbound, Inbound.from_phone == row.from_phone, Inbound.body == row.body)
    if sum(abs(each.received_at - row.received_at) <= timedelta(minutes=10) for each in same) > 3:
        return True  # the same again and again: an auto-responder's loop is cut
    opted_out = desk.number(row.from_phone).opted_out_at is not None
    return opted_out or bool(open_cases) or kind in SILENT or row.outcome in SILENT
