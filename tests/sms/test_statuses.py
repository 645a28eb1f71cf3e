import pytest

from bot.sms.statuses import is_terminal, later, rank

TERMINAL = ["delivered", "undelivered", "failed", "canceled", "received", "partially_delivered"]


@pytest.mark.parametrize(
    ("old", "new", "news"),
    [
        (None, "queued", True),  # the first we hear
        ("accepted", "queued", True),  # behind a Messaging Service
        ("scheduled", "queued", True),
        ("queued", "sent", True),  # `sending` may be skipped
        ("sent", "delivered", True),
        ("sent", "undelivered", True),
        ("delivered", "read", True),
        ("sent", "queued", False),  # late
        ("sent", "sent", False),  # repeated
        ("delivered", "sent", False),  # overtaken
        ("delivered", "failed", False),  # a terminal status is never left
        ("failed", "delivered", False),
        ("read", "delivered", False),
        ("queued", "teleported", False),  # unknown to us
        (None, "teleported", False),
        ("SENT", "Delivered", True),  # in any case
    ],
)
def test_only_news_moves_a_message(old: str | None, new: str, news: bool) -> None:
    assert later(old, new) is news


@pytest.mark.parametrize("status", TERMINAL)
def test_after_a_terminal_status_only_read_can_follow(status: str) -> None:
    assert is_terminal(status)
    assert not any(later(status, other) for other in [*TERMINAL, "queued", "sending", "sent", "accepted"])
    assert later(status, "read")


def test_any_order_of_the_same_callbacks_ends_at_the_same_status() -> None:
    from itertools import permutations

    for order in permutations(["queued", "sending", "sent", "delivered"]):
        stands: str | None = None
        for status in order:
            stands = status if later(stands, status) else stands
        assert stands == "delivered"


def test_a_message_under_way_is_not_terminal() -> None:
    assert not any(
        is_terminal(status) for status in ("accepted", "scheduled", "queued", "sending", "sent", "receiving")
    )
    assert rank("nonsense") == 0
