"""The pace is held in every second, and over all workers together."""

import time
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from bot.outbox.pace import OwnPace, SharedPace, grant
from bot.records.database import Database


@given(
    st.sampled_from([1.0, 3.0, 20.0, 100.0]),
    st.lists(st.tuples(st.floats(0, 0.5), st.integers(0, 50)), min_size=1, max_size=60),
)
def test_no_stretch_of_time_lets_more_leave_than_the_pace_and_one_burst(per_second, asks):
    now, free_at, leaving = 0.0, 0.0, []
    for after, wanted in asks:
        now += after
        granted, free_in = grant(free_at - now, wanted, per_second=per_second)
        assert granted <= wanted
        free_at = now + free_in
        leaving += [now] * granted
    burst = max(1.0, per_second * 0.1)
    for start in set(leaving):
        for end in {at for at in leaving if at >= start}:
            within = sum(start <= at <= end for at in leaving)
            assert within <= (end - start) * per_second + burst + 1e-3


def test_at_one_a_second_one_leaves_at_once_and_the_next_a_second_later():
    seconds = [100.0]
    pace = OwnPace(1.0, lambda: seconds[0])
    granted = []
    for moment in (101.0, 101.5, 101.99, 102.0, 102.5, 103.0):
        seconds[0] = moment
        granted.append(pace.take(10))
    assert granted == [1, 0, 0, 1, 0, 1]


def test_what_did_not_leave_may_leave_later():
    seconds = [100.0]
    pace = OwnPace(10.0, lambda: seconds[0])
    seconds[0] += 1
    assert pace.take(5) == 1
    pace.give_back(1)
    assert pace.take(5) == 1


def test_several_workers_keep_one_pace_together(postgres_database: Database):
    paces = [SharedPace(postgres_database, 40.0) for _ in range(4)]
    began = time.monotonic()

    def work(pace: SharedPace) -> int:
        taken = 0
        while time.monotonic() - began < 1.5:
            taken += pace.take(3)
        return taken

    with ThreadPoolExecutor(4) as pool:
        total = sum(pool.map(work, paces))
    lasted = time.monotonic() - began
    assert total <= 40 * lasted + 4 + 1
    assert total >= 20  # a machine that is held up loses turns, and no worker makes up for them beyond a burst
