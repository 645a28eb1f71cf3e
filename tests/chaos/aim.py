"""Whom the next kill -9 hits: one that has been up, and half of the time one that holds claims. It kills nobody."""

import random

from sqlmodel import col, select

from bot.errors import DatabaseAway
from bot.outbox.model import State
from bot.records.database import Database
from bot.records.tables import Message
from tests.chaos.scene import Crew

HALF = 0.5


class Aim:
    """Chooses victims. `at_holders` is the share of kills that are aimed at a process with claims in its hands.

    There is the most to lose. One that is never up before it is killed would make a slow machine's storm endless.
    """

    def __init__(self, database: Database, *, seed: int, at_holders: float = HALF):
        self._database, self._at_holders = database, at_holders
        self._chance = random.Random(seed)

    def at_one(self, crew: Crew, *, up_after: float) -> int | None:
        """Which of the crew, or None for none this time; `up_after` is how many seconds coming up takes."""
        if self._chance.random() < self._at_holders:
            return self._holder_of_claims(crew, up_after)
        return self.at_any(crew, up_after=up_after)

    def at_any(self, crew: Crew, *, up_after: float) -> int | None:
        """Which of those that have been up for a while: as long again as they took to come up."""
        up = crew.older_than(2 * up_after)
        return self._chance.choice(up) if up else None

    def _holder_of_claims(self, crew: Crew, up_after: float) -> int | None:
        held = select(Message.claimed_by).where(Message.state == State.CLAIMED, col(Message.claimed_by).is_not(None))
        try:
            with self._database.session() as session:
                holders = session.exec(held.distinct().limit(20)).all()
        except DatabaseAway:
            return None
        # A worker's name is host, process id and chance.
        pids = sorted(int(str(holder).rsplit("-", 2)[1]) for holder in holders)
        mature = crew.older_than(2 * up_after)
        return next((n for pid in pids if (n := crew.with_pid(pid)) in mature), None)
