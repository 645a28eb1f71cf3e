"""Claims: the urgent first, each message for one worker, and back when its worker dies."""

from concurrent.futures import ThreadPoolExecutor

from bot.outbox.claims import LEASE, claim, give_back, release_expired
from bot.outbox.model import Priority
from bot.records.database import Database
from tests.outbox.world import World


def test_only_what_is_due_is_claimed_the_oldest_first(world: World):
    world.text("tomorrow", due_in=86_400)
    newer, older = world.text("newer", due_in=-10), world.text("older", due_in=-20)
    assert world.claim() == [older, newer]
    assert world.claim("w2") == []


def test_the_time_critical_go_ahead_of_the_mornings_bulk(world: World):
    bulk = [world.text(f"bulk-{n}", due_in=n - 100) for n in range(5)]
    after_care = world.text("after-care", priority=Priority.TIME_CRITICAL)
    alert = world.text("alert", priority=Priority.NOW)
    assert world.claim(limit=3) == [alert, after_care, bulk[0]]


def test_claims_of_a_dead_worker_come_back_when_the_lease_is_over(world: World):
    message = world.text()
    assert world.claim("dead") == [message]
    world.clock.move(seconds=LEASE.total_seconds())
    assert _release(world) == 0
    world.clock.move(seconds=1)
    assert _release(world) == 1
    assert world.claim("alive") == [message]


def test_a_worker_that_stops_gives_back_its_own_claims_alone(world: World):
    world.text(to="+14155550102")
    mine, theirs = world.claim("w1", limit=1), []
    world.text(to="+14155550103")
    theirs = world.claim("w2")
    with world.database.transaction() as session:
        assert give_back(session, "w1", now=world.clock()) == 1
    assert world.claim("w3") == mine
    assert theirs


def test_many_workers_claim_each_message_once(world: World):
    ids = {world.text(f"step-{n}") for n in range(60)}
    with ThreadPoolExecutor(6) as pool:
        claims = list(pool.map(lambda n: world.claim(f"w{n}", limit=7), range(12)))
    claimed = [message for batch in claims for message in batch]
    assert len(claimed) == len(set(claimed))
    assert set(claimed) <= ids
    assert set(claimed) | set(world.claim("rest", limit=60)) == ids


def test_a_worker_passes_over_what_another_is_claiming_at_this_moment(postgres_database: Database):
    world = World(postgres_database)
    first, second = world.text("a", due_in=-2), world.text("b", due_in=-1)
    with world.database.transaction() as theirs:
        assert claim(theirs, "w1", now=world.clock(), limit=1) == [first]
        assert world.claim("w2", limit=1) == [second]


def _release(world: World) -> int:
    with world.database.transaction() as session:
        return release_expired(session, now=world.clock())
