"""Changes that cannot be are refused with field and remedy, and change nothing."""

import pytest

from bot.errors import BadRequest
from bot.records.database import Database
from tests.usecases.front_desk import FrontDesk, local

NEW_START = local("2026-03-19 10:00")

REFUSED = {
    "moved into the past": ({"starts_at": local("2026-03-02 10:00")}, "starts_at", "past"),
    "an end before the start": ({"ends_at": local("2026-03-17 13:00")}, "ends_at", "after starts_at"),
    "an end before the new start": (
        {"starts_at": NEW_START, "ends_at": local("2026-03-17 15:00")}, "ends_at", "after starts_at",
    ),
    "a status nobody knows": ({"status": "late"}, "status", "no_show"),
    "a flag nobody knows": ({"flags": {"freckles": True}}, "flags", "cold_sores"),
    "an end to come": ({"procedure_ended_at": local("2026-03-17 14:30")}, "procedure_ended_at", "still to come"),
    "an end before it began": (
        {"procedure_ended_at": local("2026-03-03 11:00")}, "procedure_ended_at", "must be later",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("given", "field", "remedy"), REFUSED.values(), ids=REFUSED)
def test_a_change_that_cannot_be_changes_nothing(database: Database, given, field, remedy):
    desk = FrontDesk(database)
    before = desk.book()
    with pytest.raises(BadRequest) as refused:
        desk.change(**({"status": "cancelled"} | given))
    assert refused.value.field == field
    assert remedy in refused.value.remedy
    assert desk.show() == before


def test_an_end_half_a_day_after_the_start_is_refused(database: Database):
    desk = FrontDesk(database)
    desk.book()
    desk.now = local("2026-03-18 09:00")
    with pytest.raises(BadRequest, match="12 hours"):
        desk.change(procedure_ended_at=local("2026-03-18 08:00"))
