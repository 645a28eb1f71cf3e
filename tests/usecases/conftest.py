"""The outbox's world, for the use cases around it."""

import pytest

from bot.records.database import Database
from tests.outbox.world import World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)
